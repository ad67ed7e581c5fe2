"""An operator who seals what may not stand: no mirror takes it over.

The log's own key signs all of it, and the root is right. At the first taking-over
as at a later one each false statement is refused and named.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.integration.mirrors import look
from tests.verify.making import Maker, enrolment, key, raw_key, sha

from truce.errors import ProofFails
from truce.record import Record, verify_record
from truce.record.copying.copying import Copy
from truce.workflows.mirroring.shown import RecordInFolder

REPORT = ("patrol", b"x")


def honest() -> Maker:
    """A log of six statements; `chief` is its operator, `patrol` another maker."""
    maker = Maker()
    people = [
        maker.participant("chief", "founder", "operator"),
        maker.participant("patrol", "contributor"),
    ]
    maker.found({"participants": people})
    for at in range(1, 6):
        maker.state("patrol", b"seen %d" % at)
    return maker


FALSE: dict[str, tuple[Callable[[Maker], object], str]] = {
    "of another record": (
        lambda m: m.state(*REPORT, record=f"truce/real/s/{'0' * 32}"),
        "it is of the record",
    ),
    "sealed already": (
        lambda m: m.state("patrol", b"seen 1", salt=sha(b"salt1")),
        "sealed already, as statement 1",
    ),
    "sealed before the last one": (
        lambda m: m.state(*REPORT, sealed_at="2025-01-01T00:00:00Z"),
        "sealed before the statement that it follows",
    ),
    "in no form": (lambda m: m.state(*REPORT, schema=0), "one form"),
    "by nobody": (lambda m: m.state("nobody", b"x"), "nobody: not enrolled"),
    "with another's key": (
        lambda m: m.state(*REPORT, secret=key("chief")),
        "names key",
    ),
    "not signed": (
        lambda m: m.state(*REPORT, signature=b"\x02" * 64),
        "signature does not hold",
    ),
    "a second founding": (
        lambda m: m.state("chief", b"x", kind="founding"),
        "founded once",
    ),
    "an enrolment by a maker": (
        lambda m: m.state(
            "patrol", enrolment(m.participant("new", "intake")), kind="enrolment"
        ),
        "quorum-short",
    ),
    "an enrolment of nobody": (
        lambda m: m.state("chief", b"{}", kind="enrolment"),
        "payload is no enrolment",
    ),
    "somebody enrolled twice": (
        lambda m: m.state(
            "chief", enrolment(m.participant("patrol", "intake")), kind="enrolment"
        ),
        "already enrolled",
    ),
    "a stolen key enrolled": (
        lambda m: m.state(
            "chief",
            enrolment(m.participant("new", "intake", raw=raw_key(key("patrol")))),
            kind="enrolment",
        ),
        "already enrolled",
    ),
}


@pytest.mark.parametrize("is_following", [False, True], ids=["first", "following"])
@pytest.mark.parametrize("what", FALSE)
def test_a_false_statement_is_not_taken_over(
    tmp_path: Path, what: str, is_following: bool
) -> None:
    """What was honest before stays, and nothing of the rest is shown."""
    tamper, told = FALSE[what]
    copy, maker = tmp_path / "copy", honest()
    if is_following:
        look(maker.write(tmp_path / "before"), copy)
    tamper(maker)
    with pytest.raises(ProofFails, match=f"statement 6: .*{told}"):
        look(maker.write(tmp_path / "after"), copy)
    assert (copy / "log" / "checkpoint").exists() is is_following
    if is_following:
        assert (verify_record(copy).faults, Record.opened(copy).size) == ((), 6)


def test_a_maker_who_was_enrolled_may_state(tmp_path: Path) -> None:
    """The test's own test: the same log, grown honestly, is taken over."""
    copy, maker = tmp_path / "copy", honest()
    maker.state(
        "chief", enrolment(maker.participant("new", "intake")), kind="enrolment"
    )
    maker.state("new", b"said")
    assert look(maker.write(tmp_path / "record"), copy).size == 8
    assert verify_record(copy).faults == ()


def test_a_root_that_is_not_that_of_the_entries(tmp_path: Path) -> None:
    """Signed all the same: the log's key may err, or lie."""
    maker, other = honest(), honest()
    maker.state("patrol", b"one")
    other.state("patrol", b"another")
    folder = maker.write(tmp_path / "record", note=other.note())
    with pytest.raises(ProofFails, match="do not lead to the root"):
        look(folder, tmp_path / "copy")


def test_a_copy_that_was_damaged_says_so(tmp_path: Path) -> None:
    """Its own disk lost a bit of a tile: the source is not to blame."""
    copy, maker = tmp_path / "copy", honest()
    look(maker.write(tmp_path / "before"), copy)
    tile = copy / "log" / "tile" / "0" / "000.p" / "6"
    tile.write_bytes(tile.read_bytes()[:-1] + b"?")
    with pytest.raises(ProofFails, match="this copy's own files do not lead"):
        look(tmp_path / "before", copy)
    maker.state("patrol", b"more")
    with pytest.raises(ProofFails, match="this copy's own files do not lead"):
        look(maker.write(tmp_path / "after"), copy)


def test_a_copy_takes_no_smaller_tree(tmp_path: Path) -> None:
    """Whoever calls it must have compared the two before."""
    copy, maker = tmp_path / "copy", honest()
    folder = maker.write(tmp_path / "record")
    look(folder, copy)
    opened, record = Copy.opened(copy), Record.opened(folder)
    note = RecordInFolder(folder).file("log/checkpoint", size_max=9_999)
    assert isinstance(note, bytes)
    with (
        pytest.raises(ProofFails, match="adds nothing to the 6"),
        opened.taking(record.founding, note),
    ):
        pytest.fail("it must not begin")
    opened.close()
