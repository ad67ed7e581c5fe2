"""Which methods a record is read by, and what happens when truce has them no longer."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from truce.app import attached, shipped_land
from truce.errors import InvalidRecord, InvalidStatement
from truce.record import OPERATOR, RecordKind, Unsealed
from truce.statements import Method
from truce.workflows.founding.begin_record import begin_record
from truce.workflows.founding.methods import methods_in_force, verify_method
from truce.workflows.intake.seal import seal

NOW = datetime(2031, 5, 4, tzinfo=UTC)


def test_a_record_states_every_method_that_it_is_read_by(tmp_path: Path) -> None:
    """An auditor finds in the record itself by which numbers it was computed."""
    writer = begin_record(
        tmp_path / "r",
        kind=RecordKind.STUDY,
        name="methods",
        land=shipped_land(),
        clock=lambda: NOW,
    )
    with attached(writer) as opened:
        standing = opened.store.standing(opened.store.count())
        names = [one.name for one in standing if one.kind == "method"]
        assert names == ["observations", "incidents", "compliance"]
        payload = opened.record.payload(standing[0].statement)
        assert Method.from_payload(payload).parameters["grades"]
    writer.close()


@pytest.mark.parametrize("name", ["incidents", "divination"])
def test_another_version_is_refused_and_never_guessed(name: str) -> None:
    """A record made by a later truce must not be read by an earlier one's rules."""
    with pytest.raises(InvalidRecord, match=f"{name} from-the-future"):
        verify_method(Method(name=name, version="from-the-future", parameters={}))
    for method in methods_in_force():
        verify_method(method)


def test_the_method_of_incidents_is_stated_once(tmp_path: Path) -> None:
    """A change of method in mid-record would mix two pictures in one history."""
    writer = begin_record(
        tmp_path / "r",
        kind=RecordKind.STUDY,
        name="methods",
        land=shipped_land(),
        clock=lambda: NOW,
    )
    payload = methods_in_force()[1].payload()
    again = Unsealed(kind="method", by=OPERATOR, payload=payload, stated_at=NOW)
    size = writer.record.size
    with pytest.raises(InvalidStatement, match="method incidents is stated"):
        seal(writer, [again])
    assert writer.record.size == size
    # A log written by other hands is refused when it is read.
    writer.seal([again])
    with (
        pytest.raises(InvalidRecord, match="changes the method of incidents"),
        attached(writer),
    ):
        pass
    writer.close()
