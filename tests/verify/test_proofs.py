"""Proofs of one statement, published files, and proofs of two histories."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from tests.verify.making import (
    Maker,
    b64,
    canonical,
    consistency,
    cosignature,
    enrolment,
    key,
    put,
    raw_key,
    root_of,
    small,
    vkey,
)

from truce_verify import Report, Wrong
from truce_verify.__main__ import assess, main
from truce_verify.notes import Trust, policy_from_text
from truce_verify.proofs import verify_split_view


def verify(
    raw: bytes,
    file: bytes | None = None,
    trust: Trust | None = None,
    report: Report | None = None,
) -> Report:
    """Checks a proof; answers the report."""
    report = report or Report(target="t", expected="real")
    with TemporaryDirectory() as folder:
        proof = Path(folder, "x.html.tlog-proof")
        put(proof, raw)
        if file is not None:
            put(Path(folder, "x.html"), file)
        report.target = str(proof)
        assert assess(report, trust or Trust())
    return report


def late() -> Maker:
    """A record in which one maker is enrolled later, by an operator."""
    maker = small()
    payload = enrolment(maker.participant("late", "patrol-monitor"))
    return maker.state("chief", payload, kind="enrolment").state("late", b"{}\nbody")


@pytest.mark.parametrize("index", range(6))
def test_each_statement_is_proved(index: int) -> None:
    """With its file, in trees of every shape, the founding included."""
    maker = small()
    one = maker.payloads[index]
    assert one is not None
    assert verify(maker.proof(index), one[1]).origin == maker.origin


def test_a_maker_enrolled_later_is_proved_by_the_chain() -> None:
    """The founding does not know him; the enrolment is shown as well."""
    maker = late()
    proof = maker.proof(7, (0, 6), prefix=b"{}\n")
    assert verify(proof, b"body").origin == maker.origin
    with pytest.raises(Wrong, match="payload differs") as caught:
        verify(proof, b"another body")
    assert caught.value.code == "proof-payload"
    with pytest.raises(Wrong, match="was not enrolled before"):
        verify(maker.proof(7))


def test_what_a_chain_holds_beyond_need_is_ignored() -> None:
    """It is true, and proves nothing."""
    assert verify(late().proof(7, (0, 1, 6))).origin == late().origin
    assert verify(late().proof(5, (0, 1))).origin == late().origin


@pytest.mark.parametrize("chain", [(), (6,), (6, 0), (0, 0), (0, 7)])
def test_a_chain_of_other_entries_is_refused(chain: tuple[int, ...]) -> None:
    """It begins with entry 0, rises, and ends before the entry itself."""
    with pytest.raises(Wrong) as caught:  # by code, below
        verify(late().proof(7, chain))
    assert caught.value.code in {"proof-form", "unknown-maker", "kind-refused"}


def test_a_path_of_another_length_or_tree_is_refused() -> None:
    """Longer, shorter and foreign paths lead nowhere."""
    maker, other = small(), small(count=7)
    proof = maker.proof(2)
    lines = proof.split(b"\n")
    first = lines.index(b"index 2") + 1
    for false in (
        [*lines[:first], *lines[first + 1 :]],
        [*lines[:first], lines[first], *lines[first:]],
    ):
        with pytest.raises(Wrong, match="path of entry") as caught:
            verify(b"\n".join(false))
        assert caught.value.code == "proof-length"
    foreign = proof.replace(maker.note(), other.note())
    with pytest.raises(Wrong) as caught:  # by code
        verify(foreign)
    assert caught.value.code in {"proof-root", "proof-length"}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"c2sp.org/tlog-proof@v1", b"c2sp.org/tlog-proof@v2", "proof-form"),
        (b"\nindex 2\n", b"\nindex 02\n", "proof-form"),
        (b"\nindex 2\n", b"\nindex 3\n", "proof-root"),
        (b"\nindex 2\n", b"\nindex 6\n", "proof-length"),
        (b"\nextra ", b"\nextra A", "proof-form"),
        (b"\n6\n", b"\n5\n", "proof-signature"),
    ],
)
def test_a_changed_proof_is_refused(old: bytes, new: bytes, code: str) -> None:
    """Each part of a proof binds."""
    proof = small().proof(2)
    assert old in proof
    with pytest.raises(Wrong) as caught:  # by code
        verify(proof.replace(old, new, 1))
    assert caught.value.code == code


@pytest.mark.parametrize("index", [0, 1, 2])
def test_a_statement_that_its_maker_did_not_sign_is_not_proved(index: int) -> None:
    """Neither as founding, nor as enrolment in the chain, nor as what is proved."""
    honest, maker = small().payloads[0], Maker()
    assert honest is not None
    enrolled = enrolment(maker.participant("late", "patrol-monitor"))
    steps = ("chief", honest[1], "founding"), ("chief", enrolled, "enrolment")
    for at, (by, payload, kind) in enumerate((*steps, ("late", b"x", "report"))):
        changes = {"signature": b"\1" * 64} if at == index else {}
        maker.state(by, payload, kind=kind, **changes)
    with pytest.raises(Wrong, match="does not hold") as caught:
        verify(maker.proof(2, (0, 1)))
    assert caught.value.code == "bad-signature"


def test_a_proof_by_a_log_that_did_not_sign_is_refused() -> None:
    """Everything in it may be true but the log's word."""
    maker = small()
    bent = maker.proof(2)[:-8] + b"AAAAAA=\n"
    with pytest.raises(Wrong, match=r"does not hold|one form") as caught:
        verify(bent)
    assert caught.value.code in {"proof-signature", "proof-form"}


def test_proofs_of_two_records_are_no_package() -> None:
    """The kind that is said first must be that of everything checked."""
    report = Report(target="t", expected="real")
    verify(small().proof(1), report=report)
    with pytest.raises(Wrong, match="it is of truce/exercise/") as caught:
        verify(small("exercise").proof(1), report=report)
    assert caught.value.code == "wrong-record"


def test_a_statement_for_another_record_is_not_proved() -> None:
    """An envelope carried over from an exercise is signed by the same maker."""
    maker = small().state("patrol", b"x", record=small("exercise").origin)
    with pytest.raises(Wrong, match="it is of truce/exercise/") as caught:
        verify(maker.proof(6))
    assert caught.value.code == "wrong-record"


def test_entry_0_is_the_founding_and_no_other_is() -> None:
    """A second founding could enrol whom it likes; a log without one enrols nobody."""
    honest = small().payloads[0]
    assert honest is not None
    unfounded = Maker().state("chief", honest[1])
    second = small().state("chief", honest[1], kind="founding")
    for proof in (unfounded.proof(0), second.proof(6)):
        with pytest.raises(Wrong, match="only entry 0") as caught:
            verify(proof)
        assert caught.value.code == "kind-refused"


def test_extra_has_one_form() -> None:
    """Unknown, missing or non-canonical parts of `extra` are refused."""
    maker = small()
    changes: list[dict[str, object]] = [{"more": 1}, {"chain": ""}, {"chain": {}}]
    changes += [{"salt": 7}, {"prefix": "AB=="}]
    for change in changes:
        with pytest.raises(Wrong, match="proof cannot be read"):
            verify(maker.proof(2, extra=change))
    with pytest.raises(Wrong, match="payload differs"):
        verify(maker.proof(2, extra={"salt": b64(bytes(31))}), b"seen 2")


def test_the_readers_policy_decides_whether_witnesses_suffice() -> None:
    """Without one, an unwitnessed proof holds and says so."""
    maker = small()
    policy = policy_from_text(f"witness w {vkey('w', key('w'), 4)}\nquorum w\n")
    verify(maker.proof(1))
    with pytest.raises(Wrong, match="the policy you gave") as caught:
        verify(maker.proof(1), None, policy)
    assert caught.value.code == "proof-witnesses"
    verify(
        maker.proof(1) + cosignature(maker.text(), "w", key("w")),
        None,
        policy,
    )


def test_a_proof_without_salt_proves_the_entry_alone() -> None:
    """What is withheld has no salt, so that nobody can test a guess of it."""
    withheld = small().proof(2, extra={"salt": "", "prefix": ""})
    assert verify(withheld).origin == small().origin
    with pytest.raises(Wrong, match="payload differs") as caught:
        verify(withheld, b"seen 2")
    assert caught.value.code == "proof-payload"


def test_a_salt_is_no_longer_or_shorter_than_it_was() -> None:
    """Else a file that ends like the payload could pass for the statement."""
    maker = small()
    one = maker.payloads[2]
    assert one is not None
    salt, payload = one
    shorter = maker.proof(2, extra={"salt": b64(salt[:-1]), "prefix": b64(salt[-1:])})
    longer = maker.proof(2, extra={"salt": b64(salt + payload[:1])})
    for proof, file in ((shorter, payload), (longer, payload[1:])):
        with pytest.raises(Wrong, match=r"payload differs|prefix is no label"):
            verify(proof, file)


def test_a_chain_of_founders_is_followed() -> None:
    """A founder enrolled later enrols the maker: both enrolments are needed."""
    maker = small()
    deputy = enrolment(maker.participant("deputy", "founder"))
    clerk = enrolment(maker.participant("clerk", "contributor"))
    maker.state("chief", deputy, kind="enrolment")
    maker.state("deputy", clerk, kind="enrolment").state("clerk", b"x")
    assert verify(maker.proof(8, (0, 6, 7)), b"x").origin == maker.origin
    for chain in ((0, 7), (0, 6), (0,)):
        with pytest.raises(Wrong) as caught:  # by code
            verify(maker.proof(8, chain))
        assert caught.value.code == "unknown-maker"


def test_an_enrolment_is_proved_itself() -> None:
    """Its own payload may be shown as its file, and enrols nobody a second time."""
    maker = late()
    one = maker.payloads[6]
    assert one is not None
    assert verify(maker.proof(6), one[1]).origin == maker.origin


def test_a_published_file_and_its_proof(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A bulletin is checked by its own name, by its proof's, and fails when changed."""
    maker = small()
    put(tmp_path / "a.html.tlog-proof", maker.proof(2))
    put(tmp_path / "a.html", b"seen 2")
    assert main([str(tmp_path / "a.html")]) == 0
    assert main([str(tmp_path / "a.html.tlog-proof")]) == 0
    capsys.readouterr()
    put(tmp_path / "a.html", b"seen 3")
    assert main([str(tmp_path / "a.html")]) == 1
    told = capsys.readouterr().out
    assert told.startswith("REAL\n")
    assert "[proof-payload]" in told
    (tmp_path / "a.html").unlink()
    assert main([str(tmp_path / "a.html.tlog-proof")]) == 0


def two_histories(size: int, end: int) -> tuple[Maker, Maker]:
    """Two records of one key that differ in statement 1."""
    first, second = small(count=size), small(count=1).state("patrol", b"another")
    for at in range(2, end):
        second.state("patrol", b"seen %d" % at)
    return first, second


def split_view(first: Maker, second: Maker, /, **changes: object) -> bytes:
    """A proof that both were signed."""
    size = len(first.entries)
    path = consistency(size, second.entries)
    parts = {
        "first": first.note().decode(),
        "form": "truce/split-view/v1",
        "path": [b64(one) for one in path],
        "root": b64(root_of(second.entries[:size])),
        "second": second.note().decode(),
        "vkey": vkey(first.origin, first.log_key),
    }
    return canonical(parts | changes)


SIZES = [(2, 2), (2, 3), (3, 3), (3, 7), (4, 8), (4, 5), (5, 8), (6, 7), (8, 9), (7, 8)]


@pytest.mark.parametrize(("size", "end"), SIZES)
def test_two_histories_are_proved(tmp_path: Path, size: int, end: int) -> None:
    """At every relation of sizes, powers of two among them."""
    report = Report(target="t", expected="real")
    raw = split_view(*two_histories(size, end))
    verify_split_view(raw, Trust(), report)
    assert (report.origin, report.statements) == (small().origin, end)
    put(tmp_path / "x.split-view", raw)
    assert main([str(tmp_path / "x.split-view")]) == 0
    assert main([str(tmp_path / "x.split-view"), "--expect", "study"]) == 1


def refused(raw: bytes) -> str:
    """The code by which a split view is refused."""
    with pytest.raises(Wrong) as caught:  # by code
        verify_split_view(raw, Trust(), Report(target="t", expected="real"))
    return caught.value.code


@pytest.mark.parametrize(("size", "end"), SIZES)
def test_one_history_is_no_split_view(size: int, end: int) -> None:
    """An honest log's two checkpoints, whatever path is told, prove nothing."""
    first, second = small(count=size), small(count=end)
    assert refused(split_view(first, second)) == "proof-root"
    assert refused(split_view(first, second, root=b64(bytes(32)))) == "proof-root"


def test_a_split_view_bent_in_any_part_is_refused() -> None:
    """Nobody must be able to accuse an honest log."""
    first, second = two_histories(3, 7)
    path = [b64(one) for one in consistency(3, second.entries)]
    assert refused(split_view(first, second, path=path[:-1])) == "proof-length"
    assert refused(split_view(first, second, path=[*path, path[0]])) == "proof-length"
    assert refused(split_view(first, second, path=[])) == "proof-length"
    assert refused(split_view(first, second, path=path[::-1])) == "proof-root"
    assert refused(split_view(first, second, form="v2")) == "proof-form"
    assert refused(split_view(first, second) + b"\n") == "proof-form"
    texts = {"first": second.note().decode(), "second": first.note().decode()}
    assert refused(split_view(first, second, **texts)) == "proof-length"
    false = second.note().decode().replace("\n7\n", "\n8\n")
    assert refused(split_view(first, second, second=false)) == "proof-signature"
    unnamed = vkey("another-name", first.log_key)
    assert refused(split_view(first, second, vkey=unnamed)) == "proof-signature"
    other = vkey(first.origin, key("other"))
    assert refused(split_view(first, second, vkey=other)) == "unknown-key"
    empty = Maker().note().decode()
    assert refused(split_view(first, second, first=empty)) == "proof-length"
    study = small("study", count=7).note().decode()
    assert refused(split_view(first, second, second=study)) == "proof-signature"
    assert raw_key(first.log_key) == raw_key(second.log_key)


@pytest.mark.parametrize("cut", [b"label\n", b"{}", b"{}\nbo", b"{}\n\n", b"bo"])
def test_a_prefix_that_is_no_label_is_refused(cut: bytes) -> None:
    """Else a proof could hold the beginning of a file and prove its tail alone."""
    with pytest.raises(Wrong, match="its prefix is no label") as caught:
        verify(late().proof(7, (0, 6), prefix=cut), b"dy")
    assert caught.value.code == "proof-form"
