"""Which notes say something of this record: those of its own history."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from truce.errors import ProofFails, UnavailableRecord
from truce.record import (
    OPERATOR,
    Record,
    RecordKind,
    RecordWriter,
    Unsealed,
    found_record,
)
from truce.record.keys import kept_key
from truce.record.note import Checkpoint, signed_checkpoint
from truce.record.timestamps import (
    FILE_SIZE_MAX,
    KeptTimestamp,
    keep_timestamp,
    kept_timestamp,
    verify_stamped_note,
)
from truce.statements import rights_by_kind

NOW = datetime(2031, 5, 4, 6, 0, tzinfo=UTC)


@pytest.fixture
def writer(tmp_path: Path) -> RecordWriter:
    """A record of one statement, open for more."""
    return found_record(
        tmp_path / "record",
        kind=RecordKind.STUDY,
        name="t",
        clock=lambda: NOW,
        rights=rights_by_kind(),
    )


def grown(writer: RecordWriter, count: int) -> Record:
    """The record with more statements, as a reader opens it."""
    one = Unsealed(kind="delivery", by=OPERATOR, payload=b"x", stated_at=NOW)
    writer.seal([one] * count)
    return Record.opened(writer.record.folder)


def kept(record: Record) -> KeptTimestamp:
    """The record's checkpoint, with a response that nobody looks at here."""
    return KeptTimestamp(size=record.size, note=record.checkpoint, response=b"r")


@pytest.mark.parametrize("count", [1, 4, 255, 300])
def test_a_note_stays_true_while_the_log_grows(
    writer: RecordWriter, count: int
) -> None:
    """Over the ends of tiles as well: partial ones are replaced by wider ones."""
    early = kept(grown(writer, count))
    for more in (0, 1, 260):
        verify_stamped_note(grown(writer, more) if more else writer.record, early)


def test_a_note_of_another_history_is_told(writer: RecordWriter) -> None:
    """Signed by the log's key, of a tree that this log never had."""
    record = grown(writer, 4)
    key = kept_key(record.folder, "log")
    for size, message in ((3, "two histories"), (9, "cut back")):
        note = signed_checkpoint(
            Checkpoint(origin=record.origin, size=size, root=bytes(32)), key
        )
        with pytest.raises(ProofFails, match=message):
            verify_stamped_note(
                record, KeptTimestamp(size=size, note=note, response=b"r")
            )


def test_a_note_under_another_size_is_told(writer: RecordWriter) -> None:
    """A stamp of few statements must not pass for one of many."""
    record = grown(writer, 4)
    with pytest.raises(ProofFails, match=r"4\.note is a checkpoint of 5"):
        verify_stamped_note(record, replace(kept(record), size=4))


def test_a_file_too_large_is_not_read(writer: RecordWriter) -> None:
    """Whoever can write into a copy must not fill our memory."""
    record = grown(writer, 4)
    keep_timestamp(record.folder, kept(record))
    with (record.folder / "timestamps" / "5.tsr").open("wb") as file:
        file.truncate(FILE_SIZE_MAX + 1)
    with pytest.raises(UnavailableRecord, match=r"5\.tsr has more than"):
        kept_timestamp(record.folder, 5)
