"""Statements signed elsewhere: taken in, or refused by a code of their own."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.unit.record.conftest import START, statement

from truce.canonical import canonical_json
from truce.errors import InvalidStatement, RefusalCode, RefusedStatement
from truce.identifiers import ParticipantId, StatementIndex
from truce.record import (
    ENROLMENT,
    HandedIn,
    RecordWriter,
    Role,
    Unsealed,
    sign_statement,
    statement_file,
    statement_from_file,
    verify_record,
)
from truce.record import envelope as envelopes
from truce.record.envelope import Header, header_from_bytes
from truce.record.keys import PublicKey, SecretKey
from truce.record.sealing import handed_in as handing

PATROL = ParticipantId("patrol-7")
KEY = SecretKey(b"patrol 7".ljust(32, b"-"))
Surgery = Callable[[bytes], bytes]
FORM = RefusalCode.ENVELOPE_FORM
HEADER = RefusalCode.HEADER_FORM


@pytest.fixture
def makers(writer: RecordWriter) -> RecordWriter:
    """The writer of a record in which a patrol is enrolled that keeps its own key."""
    writer.enrol(PATROL, "Patrol 7", (Role.CONTRIBUTOR,), key=KEY.public)
    return writer


def signed(writer: RecordWriter, payload: bytes = b"seen", **changes: Any) -> HandedIn:
    """A statement of the patrol's, with some field as an attacker would have it."""
    fields = {"kind": "delivery", "by": PATROL, "stated_at": START, **changes}
    return sign_statement(
        fields.pop("record", writer.record.origin),
        Unsealed(payload=payload, **{k: v for k, v in fields.items() if k != "key"}),
        fields.get("key", KEY),
    )


def test_what_was_signed_elsewhere_is_sealed_as_it_was_signed(
    makers: RecordWriter,
) -> None:
    """A patrol's own key, its own envelope: the record adds when it took it."""
    handed = signed(makers)
    (index,) = makers.take([statement_from_file(statement_file(handed))])
    entry = makers.record.entry(index)
    assert entry.envelope.raw == handed.envelope.raw
    assert makers.record.payload(index) == b"seen"
    assert verify_record(makers.record.folder).faults == ()
    assert makers.refused == {}


def test_many_are_taken_together_or_not_at_all(makers: RecordWriter) -> None:
    """One of a batch is refused, and so is the batch: its order would have a hole."""
    good = [signed(makers, b"%d" % n) for n in range(20)]
    assert len(makers.take(good)) == 20
    others = [signed(makers, b"other %d" % n) for n in range(20)]
    before = makers.record.size
    with pytest.raises(RefusedStatement, match="replayed: delivery by patrol-7"):
        makers.take([*others, good[3]])
    assert makers.record.size == before


def doubled(raw: bytes) -> bytes:
    """The same key twice: two readers may keep different ones."""
    return raw.replace(b'{"envelope"', b'{"salt":"","envelope"', 1)


def with_header(change: Surgery) -> Surgery:
    """The surgery that does something to the header inside, signed again."""

    def cut(raw: bytes) -> bytes:
        line, _, payload = raw.partition(b"\n")
        whole = json.loads(line)
        inner = change(base64.b64decode(whole["envelope"]["payload"]))
        whole["envelope"]["payload"] = base64.b64encode(inner).decode()
        signature = KEY.sign(envelopes.pre_authentication(inner))
        encoded = base64.b64encode(signature).decode()
        whole["envelope"]["signatures"][0]["sig"] = encoded
        return canonical_json(whole) + b"\n" + payload

    return cut


def replaced(old: bytes, new: bytes) -> Surgery:
    """The surgery that puts other bytes in one place."""
    assert old != new

    def cut(raw: bytes) -> bytes:
        assert old in raw
        return raw.replace(old, new, 1)

    return cut


def turned_round(raw: bytes) -> bytes:
    """The same header with its fields in another order."""
    return json.dumps(dict(reversed(json.loads(raw).items()))).encode()


FILES: dict[str, tuple[Surgery, RefusalCode]] = {
    "nothing": (lambda raw: raw[:0], FORM),
    "no line feed": (lambda raw: raw.replace(b"\n", b" "), FORM),
    "no JSON": (lambda raw: b"{\n" + raw, FORM),
    "a list": (lambda raw: b"[]\n" + raw, FORM),
    "another field": (
        replaced(b'{"envelope"', b'{"a":1,"envelope"'),
        FORM,
    ),
    "spaces": (replaced(b'{"envelope":', b'{"envelope": '), FORM),
    "a short salt": (replaced(b'"salt":"', b'"salt":"AA'), FORM),
    "a salt given twice": (doubled, RefusalCode.JSON_DOUBLED_KEY),
    "NaN": (
        replaced(b'{"envelope"', b'{"a":NaN,"envelope"'),
        RefusalCode.JSON_NOT_FINITE,
    ),
    "a number beyond all numbers": (
        replaced(b'{"envelope"', b'{"a":1e999,"envelope"'),
        RefusalCode.JSON_NOT_FINITE,
    ),
    "another type": (
        replaced(b"truce.header.v1", b"truce.header.v2"),
        RefusalCode.ENVELOPE_TYPE,
    ),
    "another type of DSSE": (
        replaced(b"application/vnd.truce.header.v1+json", b"application/json"),
        RefusalCode.ENVELOPE_TYPE,
    ),
    "a key given twice in the header": (
        with_header(replaced(b'{"by"', b'{"by":"operator","by"')),
        RefusalCode.JSON_DOUBLED_KEY,
    ),
    "infinity in the header": (
        with_header(replaced(b'"schema":1', b'"schema":Infinity')),
        RefusalCode.JSON_NOT_FINITE,
    ),
    "a schema that is a text": (
        with_header(replaced(b'"schema":1', b'"schema":"1"')),
        HEADER,
    ),
    "a header in another order": (
        with_header(
            lambda raw: json.dumps(dict(reversed(json.loads(raw).items()))).encode()
        ),
        HEADER,
    ),
    "a day that never was": (
        with_header(replaced(b"2031-05-04", b"2031-02-30")),
        HEADER,
    ),
    "another version": (
        with_header(replaced(b'"v":1', b'"v":2')),
        HEADER,
    ),
}


@pytest.mark.parametrize(("surgery", "code"), FILES.values(), ids=FILES)
def test_a_file_in_another_form_is_refused_by_its_code(
    makers: RecordWriter, surgery: Surgery, code: RefusalCode
) -> None:
    """Nothing is looked up and nothing written before the form is the one form."""
    raw = surgery(statement_file(signed(makers)))
    with pytest.raises(RefusedStatement, match=f"^{code}: ") as refused:
        statement_from_file(raw)
    assert refused.value.code is code


def of_another_payload(writer: RecordWriter) -> HandedIn:
    """A good envelope beside a payload that it does not commit to."""
    handed = signed(writer)
    return handed._replace(salted=handed.salted._replace(payload=b"forged"))


def of_another_signature(writer: RecordWriter) -> HandedIn:
    """One header under the signature of another."""
    raw = statement_file(signed(writer))
    other = statement_file(signed(writer, b"other"))
    mine, theirs = (json.loads(one.partition(b"\n")[0]) for one in (raw, other))
    mine["envelope"]["signatures"] = theirs["envelope"]["signatures"]
    return statement_from_file(canonical_json(mine) + b"\nseen")


STATEMENTS: dict[str, tuple[Callable[[RecordWriter], HandedIn], RefusalCode]] = {
    "carried from another record": (
        lambda w: signed(w, record=w.record.origin.replace("kestrel", "osprey")),
        RefusalCode.WRONG_RECORD,
    ),
    "by a stranger": (
        lambda w: signed(w, by=ParticipantId("nobody")),
        RefusalCode.UNKNOWN_MAKER,
    ),
    "by another key": (
        lambda w: signed(w, key=SecretKey.made()),
        RefusalCode.UNKNOWN_KEY,
    ),
    "under another signature": (of_another_signature, RefusalCode.BAD_SIGNATURE),
    "with another payload": (of_another_payload, RefusalCode.BAD_COMMITMENT),
    "an enrolment by no operator": (
        lambda w: signed(w, kind=ENROLMENT),
        RefusalCode.KIND_REFUSED,
    ),
    "a second founding": (
        lambda w: signed(w, kind="founding"),
        RefusalCode.KIND_REFUSED,
    ),
}


@pytest.mark.parametrize("beside", [0, 12], ids=["alone", "among others"])
@pytest.mark.parametrize(("made", "code"), STATEMENTS.values(), ids=STATEMENTS)
def test_what_may_not_be_sealed_is_refused_counted_and_not_written(
    makers: RecordWriter,
    made: Callable[[RecordWriter], HandedIn],
    code: RefusalCode,
    beside: int,
) -> None:
    """The folder is the same before and after, and the count says what came."""
    others = [signed(makers, b"%d" % n) for n in range(beside)]
    folder = makers.record.folder
    before = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    with pytest.raises(RefusedStatement, match=f"^{code}: ") as refused:
        makers.take([*others, made(makers)])
    assert refused.value.code is code
    assert makers.refused == {code: 1}
    assert {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()} == before


def test_a_replay_is_refused_whenever_it_comes(
    makers: RecordWriter, clock: Callable[[], Any]
) -> None:
    """At once, twice in one call, after a restart, and long after."""
    handed = signed(makers)
    (index,) = makers.take([handed])
    with pytest.raises(RefusedStatement, match=f"^replayed: .*as statement {index}"):
        makers.take([handed])
    fresh = signed(makers, b"fresh")
    with pytest.raises(RefusedStatement, match="in this very commit"):
        makers.take([fresh, fresh])
    makers.close()
    again = RecordWriter.opened(makers.record.folder, clock=clock)
    with pytest.raises(RefusedStatement, match=f"^replayed: .*as statement {index}"):
        again.take([handed])
    again.close()


def test_replays_are_found_in_runs_on_the_disk(
    makers: RecordWriter,
    clock: Callable[[], Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A long log keeps what it has seen in files, merges them, and reads them again."""
    from truce.record.sealing import seen

    monkeypatch.setattr(seen, "SPAN", 16)
    monkeypatch.setattr(seen, "_RUN_MAX", 64)
    handed = [signed(makers, b"%d" % n) for n in range(150)]
    indexes = [makers.take([one])[0] for one in handed]
    assert_seen(makers, handed, indexes)
    makers.close()
    again = RecordWriter.opened(makers.record.folder, clock=clock)
    assert_seen(again, handed, indexes)
    again.close()
    runs = sorted((makers.record.folder / "index" / "seen").iterdir())
    assert [run.name for run in runs] == [
        "000000000000-000000000064.run",
        "000000000064-000000000128.run",
        "000000000128-000000000144.run",
    ]
    runs[1].write_bytes(runs[1].read_bytes()[:-1] + b"?")
    mended = RecordWriter.opened(makers.record.folder, clock=clock)
    assert_seen(mended, handed, indexes)
    mended.close()


def assert_seen(
    writer: RecordWriter, handed: list[HandedIn], indexes: list[StatementIndex]
) -> None:
    """Each is found where it is sealed, and what is not sealed is not found."""
    for one, index in zip(handed, indexes, strict=True):
        assert writer._seen.find([one.envelope.header.commitment]) == [index]
    assert writer._seen.find([b"x" * 32, b"y" * 32]) == [None, None]


def test_a_payload_over_the_limit_is_refused(
    makers: RecordWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before it is hashed, signed or written."""
    handed = signed(makers, b"x" * 100)
    raw = statement_file(handed)
    for room in (envelopes, handing):
        monkeypatch.setattr(room, "PAYLOAD_SIZE_MAX", 99)
    for attempt in (
        lambda: statement_from_file(raw),
        lambda: makers.seal([statement(b"x" * 100)]),
    ):
        with pytest.raises(RefusedStatement, match="payload has 100 bytes"):
            attempt()


def test_an_entry_that_fits_no_bundle_is_refused(
    makers: RecordWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its length has two bytes in a bundle."""
    from truce.record.sealing import admit

    monkeypatch.setattr(admit, "ENTRY_SIZE_MAX", 600)
    with pytest.raises(RefusedStatement, match="entry has"):
        makers.take([signed(makers)])
    assert makers.refused == {RefusalCode.ENTRY_TOO_LARGE: 1}


@pytest.mark.parametrize(
    ("kind", "marking"),
    [("Delivery", "PUBLIC"), ("", "PUBLIC"), ("delivery", "public"), ("a b", "CELL")],
)
def test_a_header_that_no_log_could_hold_is_never_signed(
    makers: RecordWriter, kind: str, marking: str
) -> None:
    """Signed, it would be refused by everybody who reads it."""
    with pytest.raises(InvalidStatement, match="expected small letters"):
        signed(makers, kind=kind, marking=marking)


@pytest.mark.parametrize("second", [0, 1, 59])
@pytest.mark.parametrize("micro", [0, 1, 120_000, 999_999])
def test_the_template_of_a_header_is_canonical_json(second: int, micro: int) -> None:
    """The quick way to write a header gives what the general encoder gives."""
    header = Header(
        record="truce/real/kestrel-strait/" + "0f" * 16,
        kind="issued-answer",
        schema=17,
        by=PATROL,
        stated_at=START.replace(second=second, microsecond=micro),
        marking="NATIONAL-XX",
        commitment=bytes(range(32)),
    )
    encoded = header.encoded()
    assert canonical_json(json.loads(encoded)) == encoded
    assert header_from_bytes(encoded) == header


def test_a_key_outside_the_group_is_never_enrolled(makers: RecordWriter) -> None:
    """Its owner could sign what one library accepts and another refuses."""
    identity = PublicKey(raw=b"\x01" + bytes(31))
    with pytest.raises(Exception, match="no point of prime order"):
        makers.enrol(
            ParticipantId("crafty"), "Crafty", (Role.CONTRIBUTOR,), key=identity
        )
    assert ParticipantId("crafty") not in makers.record.participants.by_id


def test_statements_stand_where_they_are_said_to(makers: RecordWriter) -> None:
    """A large delivery goes past the journal; small ones before and after it do not."""
    large = [signed(makers, b"%d" % n * 400_000) for n in range(4)]
    small = signed(makers, b"before")
    first = makers.take([small])[0]
    indexes = makers.take(large)
    assert indexes == tuple(StatementIndex(first + 1 + n) for n in range(4))
    (last,) = makers.take([signed(makers, b"after")])
    assert last == first + 5
    for number, index in enumerate(indexes):
        assert makers.record.payload(index) == b"%d" % number * 400_000
    assert verify_record(makers.record.folder).faults == ()
