"""Witness policies: what they say, what is wrong with them, who satisfies them."""

from itertools import combinations

import pytest
from tests.unit.record.invented_logs import NOW, InventedLog, key_of, words

from truce.errors import InvalidValue, ProofFails
from truce.record.cosignature import cosignature, witness_key
from truce.record.note import Note, SignatureLine
from truce.record.policy import (
    PolicyWitness,
    assess_witnesses,
    policy_from_bytes,
    policy_from_text,
    policy_text,
)
from truce_verify import notes as independent

LOG = InventedLog(words(5))
NAMES = ("X1", "X2", "X3", "Y1", "Y2", "Y3")
VKEYS = {n: witness_key(f"w.example/{n}", key_of(n).public).text() for n in NAMES}
# Source: C2SP tlog-policy, example policy.
EXAMPLE = f"""log {LOG.vkey.text()}

witness X1 {VKEYS["X1"]}
witness X2 {VKEYS["X2"]} https://x2.example
  witness\tX3 {VKEYS["X3"]}
# two operators
group X-witnesses 2 X1 X2 X3

witness Y1 {VKEYS["Y1"]}
witness Y2 {VKEYS["Y2"]}
witness Y3 {VKEYS["Y3"]}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""


def cosigned(*names: str) -> Note:
    """A checkpoint with the cosignatures of these."""
    note = LOG.note(5)
    return note.signed_also(
        cosignature(note, name=f"w.example/{n}", key=key_of(n), cosigned_at=NOW)
        for n in names
    )


def test_the_standards_example_is_satisfied_by_two_and_one() -> None:
    """Every set of witnesses, against the rule written out by hand."""
    policy = policy_from_text(EXAMPLE)
    for count in range(7):
        for names in combinations(NAMES, count):
            enough = (
                sum(n[0] == "X" for n in names) >= 2
                and sum(n[0] == "Y" for n in names) >= 1
            )
            found = assess_witnesses(policy, cosigned(*names), now=NOW)
            assert found.is_satisfied is enough, names
            assert set(found.cosigned_at) == set(names)


def test_a_rule_is_told_to_people() -> None:
    """As a person would say it."""
    assert policy_from_text(EXAMPLE).rule() == (
        "2 of {2 of {X1, X2, X3}, 1 of {Y1, Y2, Y3}}"
    )
    assert policy_from_text("quorum none\n").rule() == "no witness"
    assert policy_from_text(f"witness a {VKEYS['X1']}\nquorum a\n").rule() == "a"


def test_no_witness_is_asked_for_where_none_is_named() -> None:
    """A checkpoint without cosignatures satisfies `quorum none`."""
    found = assess_witnesses(policy_from_text("quorum none\n"), LOG.note(5), now=NOW)
    assert found.is_satisfied
    assert not found.cosigned_at


def test_one_witness_twice_is_one_witness() -> None:
    """Two lines by one key do not make two of three."""
    policy = policy_from_text(
        policy_text(2, [witness("X1"), witness("X2"), witness("X3")])
    )
    note = cosigned("X1")
    again = cosignature(
        note,
        name="w.example/X1",
        key=key_of("X1"),
        cosigned_at=NOW.replace(minute=1),
    )
    note = note.signed_also([again])
    assert len(note.signatures) == 3
    assert not assess_witnesses(policy, note, now=NOW).is_satisfied


def test_a_line_that_does_not_hold_makes_the_note_invalid() -> None:
    """Even where the others would be enough."""
    policy = policy_from_text(EXAMPLE)
    key = policy.witnesses[0].key
    bad = SignatureLine(name=key.name, key_hash=key.key_hash, signature=bytes(72))
    note = cosigned("X2", "X3", "Y1").signed_also([bad])
    with pytest.raises(ProofFails, match="X1 does not hold"):
        assess_witnesses(policy, note, now=NOW)


def test_a_policy_is_written_as_it_is_read() -> None:
    """K of N, with addresses and without, and nobody at all."""
    rows = (witness("X1", "http://127.0.0.1:1"), witness("X2"))
    policy = policy_from_text(policy_text(2, rows))
    assert policy.witnesses == rows
    assert policy.rule() == "2 of {X1, X2}"
    assert policy_text(0, ()) == "quorum none\n"
    with pytest.raises(InvalidValue, match="3 of 2 members"):
        policy_text(3, rows)
    with pytest.raises(InvalidValue, match="policy"):
        policy_text(1, [witness("X 1")])


def test_names_are_octets() -> None:
    """A Kelvin sign is no K, and what is not UTF-8 stands for itself."""
    raw = b"witness \xe2\x84\xaa " + VKEYS["X1"].encode() + b"\n"
    with pytest.raises(InvalidValue, match="'K' is not defined"):
        policy_from_bytes(raw + b"quorum K\n")
    raw = b"witness \xff\xfe " + VKEYS["X1"].encode() + b"\nquorum \xff\xfe\n"
    assert len(policy_from_bytes(raw).witnesses) == 1


X1, X2 = f"witness X1 {VKEYS['X1']}\n", f"witness X2 {VKEYS['X2']}\n"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no quorum line"),
        ("\n# nothing\n", "no quorum line"),
        ("quorum none", "not ended by a line feed"),
        ("quorum none\nquorum none\n", "line 2: a second quorum line"),
        ("quorum X1\n" + X1, "line 1: 'X1' is not defined"),
        ("quorum\n", "line 1: expected: quorum NAME"),
        ("quorum none none\n", "line 1: expected: quorum NAME"),
        (X1 + X1 + "quorum X1\n", "line 2: 'X1' is defined already, on line 1"),
        (X1 + X1.replace("X1 ", "Z ", 1) + "quorum X1\n", "two witness lines"),
        (f"witness none {VKEYS['X1']}\nquorum none\n", "means no witness"),
        (f"witness X1 {LOG.vkey.text()}\nquorum none\n", "a witness has type 4"),
        (f"log {VKEYS['X1']}\nquorum none\n", "a log has type 1"),
        (f"log {LOG.vkey.text()}\n" * 2 + "quorum none\n", "two log lines"),
        ("witness X1\nquorum none\n", "expected: witness NAME VKEY"),
        (X1[:-1] + " u v\nquorum none\n", "expected: witness NAME VKEY"),
        (X1 + "group g 1 X1 X1\nquorum g\n", "'X1' is a member twice"),
        (
            X1 + X2 + "group g 1 X1\ngroup h 1 X1 X2\nquorum h\n",
            "line 4: 'X1' is a member twice",
        ),
        (X1 + "group g 1 g\nquorum g\n", "'g' is not defined"),
        (X1 + "group g 1 none\nquorum g\n", "'none' is not defined"),
        (X1 + "group g 0 X1\nquorum g\n", "expected any, all or a number"),
        (X1 + "group g 01 X1\nquorum g\n", "expected any, all or a number"),
        (X1 + "group g 2 X1\nquorum g\n", "2 of 1 members"),
        (X1 + "group g any\nquorum X1\n", "expected: group NAME"),
        (X1 + "group X1 any X1\nquorum X1\n", "'X1' is defined already"),
        ("quorum none\r\n", "control character"),
        ("quorum\x0bnone\n", "control character"),
        ("quorum\u00a0none\n", "expected log, witness, group or quorum"),
        ("Quorum none\n", "expected log, witness, group or quorum"),
    ],
)
def test_what_is_no_policy_is_refused(text: str, reason: str) -> None:
    """Each rule of the format, broken once, with the line."""
    with pytest.raises(InvalidValue, match=reason):
        policy_from_text(text)


@pytest.mark.parametrize("count", range(7))
def test_the_independent_verifier_counts_the_same(count: int) -> None:
    """Every set of witnesses, under the standard's own example."""
    text = "".join(EXAMPLE.splitlines(keepends=True)[1:])
    policy, theirs = policy_from_text(text), independent.policy_from_text(text)
    for names in combinations(NAMES, count):
        found = assess_witnesses(policy, cosigned(*names), now=NOW)
        keys = {key_of(name).public.raw for name in names}
        assert independent._is_kept(theirs.rule, keys) is found.is_satisfied


def test_all_faults_are_told_together() -> None:
    """Whoever mends a policy mends it once."""
    with pytest.raises(InvalidValue) as caught:
        policy_from_text("nonsense\nwitness X1 key\ngroup g 1 Z\n")
    told = str(caught.value)
    for part in ("line 1", "line 2", "line 3", "no quorum"):
        assert part in told


def test_a_foundings_policy_names_no_log() -> None:
    """Its own log is the only one. Source: docs/spec/record.md, 5."""
    with pytest.raises(InvalidValue, match="line 1: 'log', expected witness, group"):
        policy_from_text(EXAMPLE, may_name_logs=False)


def test_the_number_of_witnesses_is_limited() -> None:
    """Thirty-two must be taken; a thousand only keep a reader busy."""
    rows = [witness(f"W{n}") for n in range(65)]
    assert len(policy_from_text(policy_text(32, rows[:64])).witnesses) == 64
    with pytest.raises(InvalidValue, match="65 witness lines"):
        policy_text(1, rows)


def witness(name: str, url: str = "") -> PolicyWitness:
    """A witness whose key is made of its name."""
    key = witness_key(f"w.example/{name.replace(' ', '')}", key_of(name).public)
    return PolicyWitness(name=name, key=key, url=url)
