"""The power fails before every single call by which a mirror touches its disk.

Shown: whatever the disk kept, the copy shows a checkpoint that its files bear out, or
none yet; and the same command then takes over the rest.
"""

import errno
import os
import random
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from tests.faults.disks import ForgetfulDisk, PowerCut, Real, watched
from tests.integration.mirrors import begun, holds, look, seal, stamp

from truce.errors import Unavailable
from truce.record import Record, verify_record
from truce.record.payloads import PayloadReader
from truce.workflows.mirroring.model import Terms

SEED = 20310504
# A few more statements fill the first bundle and begin the second one.
SEALED = 250


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record of which copies exist from before its first bundle was full."""
    return begun(tmp_path_factory.mktemp("source") / "record", sealed=SEALED)


@pytest.fixture(scope="module")
def grown(record: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, past the end of that bundle."""
    folder = Path(shutil.copytree(record, tmp_path_factory.mktemp("grown") / "record"))
    seal(folder, *(f"grown {n}" for n in range(10)), enrols="third")
    stamp(folder)
    return folder


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk that forgets knows what was flushed; the real one need not wait."""
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)


def cut(
    room: Path, act: Callable[[Path], object], at: int, dice: random.Random | None
) -> ForgetfulDisk:
    """Acts on the copy in a room until the power fails before call `at`."""
    disk = ForgetfulDisk(room, at, dice)
    with watched(disk.watch), suppress(PowerCut):
        act(room / "copy")
    return disk


def room_with(base: Path | None, room: Path) -> Path:
    """A room, with a copy of this in it."""
    room.mkdir()
    if base is not None:
        shutil.copytree(base, room / "copy")
    return room


@pytest.mark.parametrize("is_torn", [False, True], ids=["forgets", "tears"])
@pytest.mark.parametrize("is_following", [False, True], ids=["first", "following"])
def test_a_copy_shows_only_what_its_files_bear_out(
    record: Path, grown: Path, tmp_path: Path, is_torn: bool, is_following: bool
) -> None:
    """At the first taking-over and at a later one, on disks that forget or tear."""
    base = tmp_path / "base" if is_following else None
    if base is not None:
        look(record, base)
    goal = Record.opened(grown).size
    whole = cut(
        room_with(base, tmp_path / "whole"), lambda c: look(grown, c), 10**9, None
    )
    assert whole.count > 50
    shown = set()
    # Every fifth call, another one on the two kinds of disk, and the last ones.
    for at in {*range(1 + 2 * is_torn, whole.count, 5), whole.count, whole.count + 1}:
        dice = random.Random(SEED + at) if is_torn else None
        room = room_with(base, tmp_path / f"{at}")
        disk = cut(room, lambda c: look(grown, c), at, dice)
        disk.after_the_cut(tmp_path / f"{at}-after")
        copy = tmp_path / f"{at}-after" / "copy"
        if (copy / "log" / "checkpoint").exists():
            assert verify_record(copy).faults == (), f"cut before call {at}"
            shown.add(Record.opened(copy).size)
        else:
            assert base is None
        look(grown, copy)
        found = verify_record(copy)
        assert (found.faults, found.size, found.not_here) == ((), goal, 0)
        shutil.rmtree(room)
    assert holds(copy)
    assert shown == ({SEALED, goal} if is_following else {goal})


def test_filling_a_gap_loses_nothing(record: Path, tmp_path: Path) -> None:
    """A group with gaps is there whole, before or after, whenever the power fails."""
    base = tmp_path / "base"
    look(record, base, Terms(takes_payloads=False))
    lacked = verify_record(base).not_here

    def fill(copy: Path) -> None:
        look(record, copy, Terms(fills_gaps=True))

    whole = cut(room_with(base, tmp_path / "whole"), fill, 10**9, None)
    left = set()
    for at in {*range(1, whole.count, 8), whole.count, whole.count + 1}:
        disk = cut(room_with(base, tmp_path / f"{at}"), fill, at, None)
        disk.after_the_cut(tmp_path / f"{at}-after")
        copy = tmp_path / f"{at}-after" / "copy"
        found = verify_record(copy)
        assert found.faults == ()
        assert PayloadReader(copy).read(0) is not None
        left.add(found.not_here)
        fill(copy)
        assert verify_record(copy).not_here == 0
    assert left == {0, lacked}


def test_a_disk_that_lies_about_flushing_is_found_out(
    grown: Path, tmp_path: Path
) -> None:
    """The test's own test: where a flush does nothing, nothing is there afterwards."""
    room = room_with(None, tmp_path / "room")
    disk = ForgetfulDisk(room, 10**9, None)
    disk.is_lying = True
    with watched(disk.watch):
        look(grown, room / "copy")
    disk.after_the_cut(tmp_path / "after")
    assert not (tmp_path / "after" / "copy").exists()


def test_a_disk_that_refuses_is_said_and_costs_nothing(
    record: Path, grown: Path, tmp_path: Path
) -> None:
    """Full at one call or another: exit as the world's failure, and the copy holds."""
    base = tmp_path / "base"
    look(record, base)
    room = room_with(base, tmp_path / "whole")
    calls = cut(room, lambda c: look(grown, c), 10**9, None).count
    failed = 0
    for at in range(1, calls + 1, 5):
        copy = Path(shutil.copytree(base, tmp_path / f"{at}"))
        count = 0

        def watch(
            _name: str,
            real: Real,
            arguments: tuple[Any, ...],
            options: Any,
            at: int = at,
        ) -> Any:
            nonlocal count
            count += 1
            if count == at:
                raise OSError(
                    errno.ENOSPC, "No space left on device", str(arguments[0])
                )
            return real(*arguments, **options)

        with watched(watch):
            try:
                look(grown, copy)
            except (Unavailable, OSError) as error:
                # The command line says either, with exit code 3.
                failed += "No space left" in str(error)
        assert verify_record(copy).faults == ()
        look(grown, copy)
        found = verify_record(copy)
        assert (found.faults, found.size) == ((), Record.opened(grown).size)
    # The others were calls that nothing depends on: what is derived, or tidied up.
    assert failed > 10
