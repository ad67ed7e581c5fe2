"""A small record that every test of the room may alter."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from truce.record import OPERATOR, RecordKind, RecordWriter, Unsealed, found_record
from truce.statements import rights_by_kind

START = datetime(2031, 5, 4, 6, 0, tzinfo=UTC)


class SteppingClock:
    """Moves on by a second each time that it is asked."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        """What it shows, a second later than before."""
        self.now += timedelta(seconds=1)
        return self.now


def statement(payload: bytes) -> Unsealed:
    """A delivery of the operator's."""
    return Unsealed(kind="delivery", by=OPERATOR, payload=payload, stated_at=START)


@pytest.fixture
def clock() -> SteppingClock:
    """A clock of the test's own."""
    return SteppingClock()


@pytest.fixture
def writer(tmp_path: Path, clock: Callable[[], datetime]) -> Iterator[RecordWriter]:
    """The writer of a new exercise record."""
    opened = found_record(
        tmp_path / "record",
        kind=RecordKind.EXERCISE,
        name="kestrel",
        clock=clock,
        rights=rights_by_kind(),
    )
    yield opened
    opened.close()
