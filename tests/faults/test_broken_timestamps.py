"""Every write of a timestamp broken: the index never names what is not whole."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.faults.disks import CALLS, watched
from tests.faults.test_broken_writes import BREAKS, BrokenDisk

from truce.errors import OutcomeUnknown, Unavailable
from truce.record import RecordKind, found_record, verify_record
from truce.record.timestamps import (
    KeptTimestamp,
    keep_timestamp,
    kept_timestamp,
    timestamp_sizes,
)
from truce.statements import rights_by_kind

NOW = datetime(2031, 5, 4, 6, 0, tzinfo=UTC)
FIRST = KeptTimestamp(size=1, note=b"note of one\n" * 40, response=b"response" * 90)
SECOND = KeptTimestamp(size=7, note=b"note of seven\n" * 40, response=b"other" * 90)


def new_record(folder: Path) -> Path:
    """A record with one timestamp."""
    found_record(
        folder,
        kind=RecordKind.STUDY,
        name="broken",
        clock=lambda: NOW,
        rights=rights_by_kind(),
    ).close()
    keep_timestamp(folder, FIRST)
    return folder


def keep_broken(folder: Path, disk: BrokenDisk) -> Unavailable | None:
    """Keeps the second timestamp on a disk that breaks; answers what was told."""
    with watched(disk.watch):
        try:
            keep_timestamp(folder, SECOND)
        except Unavailable as error:
            return error
    return None


def breaks(tmp_path: Path) -> Iterator[BrokenDisk]:
    """Every call, broken in every way."""
    for call in CALLS:
        whole = BrokenDisk(call, 0, "")
        assert keep_broken(new_record(tmp_path / f"whole-{call}"), whole) is None
        for at in range(1, whole.count + 1):
            for how in BREAKS:
                if call == "pwrite" or how != "half written":
                    yield BrokenDisk(call, at, how)


def test_what_the_index_names_is_whole_and_the_next_attempt_succeeds(
    tmp_path: Path,
) -> None:
    """Failed and not saved, failed and saved, half written: the earlier timestamp
    stands, a new one stands whole or not at all, and asking again mends it.
    """
    told = set()
    for number, disk in enumerate(breaks(tmp_path)):
        folder = new_record(tmp_path / str(number))
        error = keep_broken(folder, disk)
        where = f"{disk.call} {disk.at} {disk.how}"
        told.add(type(error).__name__)
        sizes = timestamp_sizes(folder)
        if not isinstance(error, OutcomeUnknown):
            assert sizes == ((1,) if error else (1, 7)), where
        for size, expected in ((1, FIRST), (7, SECOND)):
            assert size not in sizes or kept_timestamp(folder, size) == expected, where
        assert keep_timestamp(folder, SECOND) == SECOND, where
        assert timestamp_sizes(folder) == (1, 7), where
        assert verify_record(folder).faults == (), where
    assert told >= {"UnavailableRecord", "OutcomeUnknown"}


def test_note_and_response_are_on_the_disk_before_the_index_names_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut after the index was replaced must not find an empty response."""
    folder = new_record(tmp_path / "record")
    done: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def synced(descriptor: int) -> None:
        done.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        fsync(descriptor)

    def replaced(self: Path, target: Path) -> Path:
        done.append(f"replace {target.name}")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", replaced)
    keep_timestamp(folder, SECOND)
    assert done == [
        "7.note",
        "7.tsr",
        "timestamps",
        "index.new",
        "timestamps",
        "replace index",
        "timestamps",
    ]


def test_what_another_process_kept_first_stays(tmp_path: Path) -> None:
    """Two ask at once: what was shown to somebody is not replaced."""
    folder = new_record(tmp_path / "record")
    later = KeptTimestamp(size=1, note=FIRST.note, response=b"a later word")
    assert keep_timestamp(folder, later) == FIRST
    assert kept_timestamp(folder, 1) == FIRST
