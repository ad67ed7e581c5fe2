"""The power fails before every single call to the disk, and the disk forgets.

Shown by 2: nothing acknowledged is lost, nothing stands twice, no checkpoint was signed
of a tree that the record does not lead to; and the full verifiers agree.
"""

import random
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from tests.faults.counts import Counts
from tests.faults.disks import ForgetfulDisk, PowerCut, watched
from tests.faults.histories import (
    BATCHES,
    NOW,
    begun,
    copied,
    history,
    outcome_of,
    signatures,
    small_journal,
)

from truce.errors import InvalidRecord
from truce.record import RecordKind, finish_commits, found_record, verify_record
from truce.statements import rights_by_kind

SEED = 20310504


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record just below the end of its first bundle."""
    folder = tmp_path_factory.mktemp("power") / "record"
    begun(folder)
    return folder


def cut(
    folder: Path, at: int, dice: random.Random | None, told: list[bytes]
) -> ForgetfulDisk:
    """Writes the history to a folder until the power fails before call `at`."""
    disk = ForgetfulDisk(folder, at, dice)
    with (
        small_journal(),
        signatures(told),
        watched(disk.watch),
        suppress(PowerCut),
    ):
        history(folder, told)
    return disk


@pytest.mark.parametrize("is_torn", [False, True], ids=["forgets", "tears"])
def test_nothing_is_lost_whenever_the_power_fails(
    sealed: Path, tmp_path: Path, is_torn: bool, counts: Counts
) -> None:
    """Before each call in turn; then the record opens, goes on, and holds."""
    whole: list[bytes] = []
    calls = cut(copied(sealed, tmp_path / "whole"), 10**9, None, whole).count
    assert sum(line.startswith(b"sealed") for line in whole) == sum(BATCHES)
    assert calls > 150
    kept = 0
    for at in range(1, calls + 1):
        told: list[bytes] = []
        dice = random.Random(SEED + at) if is_torn else None
        disk = cut(copied(sealed, tmp_path / f"{at}"), at, dice, told)
        after = tmp_path / f"{at}-after"
        disk.after_the_cut(after)
        outcome = outcome_of(after, told)
        counts.add(outcome, power_cuts=1)
        assert outcome == (0, 0, 0), f"power cut before call {at} (seed {SEED})"
        kept += sum(line.startswith(b"sealed") for line in told)
        for folder in (disk.folder, after):
            shutil.rmtree(folder)
    assert kept > calls, "some of it must have been acknowledged before the cuts"


def test_a_disk_that_lies_about_flushing_is_found_out(
    sealed: Path, tmp_path: Path
) -> None:
    """The test's own test: where a flush does nothing, statements are lost."""
    told: list[bytes] = []
    folder = copied(sealed, tmp_path / "lied")
    disk = ForgetfulDisk(folder, 10**9, None)
    disk.is_lying = True
    with small_journal(), watched(disk.watch):
        history(folder, told)
    disk.after_the_cut(tmp_path / "after")
    outcome = outcome_of(tmp_path / "after", told)
    assert outcome.lost == sum(BATCHES)


def test_a_founding_that_was_broken_off_is_finished_or_begun_anew(
    tmp_path: Path,
) -> None:
    """The power fails in truce init: the same command works afterwards, or says that
    the record stands."""

    def found(folder: Path) -> None:
        found_record(
            folder,
            kind=RecordKind.STUDY,
            name="broken",
            clock=lambda: NOW,
            rights=rights_by_kind(),
        ).close()

    finished = begun_anew = 0
    for at in range(1, _calls_of(found, tmp_path) + 1):
        room = tmp_path / str(at)
        room.mkdir()
        disk = ForgetfulDisk(room, at, None)
        with watched(disk.watch), pytest.raises(PowerCut):
            found(room / "record")
        disk.after_the_cut(tmp_path / f"{at}-after")
        folder = tmp_path / f"{at}-after" / "record"
        try:
            found(folder)
            begun_anew += 1
        except InvalidRecord:
            finished += 1
            finish_commits(folder)
        assert verify_record(folder).faults == ()
    assert finished > 2
    assert begun_anew > 10


def _calls_of(found: Callable[[Path], None], tmp_path: Path) -> int:
    room = tmp_path / "counted"
    room.mkdir()
    disk = ForgetfulDisk(room, 10**9, None)
    with watched(disk.watch):
        found(room / "record")
    return disk.count
