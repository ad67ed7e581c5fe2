"""Shown by 7: whoever changes one byte of a sealed file is found out, and where."""

import random
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from truce.cli import app
from truce.record import OPERATOR, RecordKind, Unsealed, found_record, verify_record
from truce.statements import rights_by_kind

NOW = datetime(2031, 5, 4, 6, 0, tzinfo=UTC)
SEED = 20310504


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record of 301 statements: two groups of payloads, tiles of two levels, some
    partial."""
    folder = tmp_path_factory.mktemp("tamper") / "record"
    writer = found_record(
        folder,
        kind=RecordKind.STUDY,
        name="tamper",
        clock=lambda: NOW,
        rights=rights_by_kind(),
    )
    for start, end in ((1, 3), (3, 290), (290, 301)):
        writer.seal(
            [
                Unsealed(
                    kind="delivery",
                    by=OPERATOR,
                    payload=b"payload of statement %d" % i,
                    stated_at=NOW,
                )
                for i in range(start, end)
            ]
        )
    writer.close()
    assert verify_record(folder).faults == ()
    return folder


def sealed_files(folder: Path) -> list[Path]:
    """Everything that is sealed: the log and the payloads, not keys or the lock."""
    return sorted(
        path
        for room in ("log", "payloads")
        for path in (folder / room).rglob("*")
        if path.is_file()
    )


def test_any_changed_byte_is_found_and_its_statement_named(sealed: Path) -> None:
    """One bit is flipped at the ends and at eighty seeded places of each file."""
    dice = random.Random(SEED)
    files = sealed_files(sealed)
    assert len(files) >= 9
    for path in files:
        whole = path.read_bytes()
        places = {0, len(whole) - 1} | {
            dice.randrange(len(whole)) for _ in range(min(80, len(whole)))
        }
        for place in sorted(places):
            changed = bytearray(whole)
            changed[place] ^= 1 << dice.randrange(8)
            path.write_bytes(changed)
            faults = verify_record(sealed).faults
            path.write_bytes(whole)
            assert faults, f"{path.name} byte {place} of {len(whole)} (seed {SEED})"
            if path.name != "checkpoint":
                assert any(fault.statement is not None for fault in faults), path
    assert verify_record(sealed).faults == ()


def test_the_statement_named_is_the_one_that_was_changed(sealed: Path) -> None:
    """A payload, an entry and a hash of statement 2 are each blamed on statement 2."""
    for path, wanted in (
        (sealed / "payloads/000", b"payload of statement 2"),
        (sealed / "log/tile/entries/000", None),
        (sealed / "log/tile/0/000", None),
    ):
        whole = path.read_bytes()
        if wanted is not None:
            place = whole.index(wanted) + 5
        elif "entries" in path.parts:
            first = 2 + int.from_bytes(whole[:2], "big")
            second = first + 2 + int.from_bytes(whole[first : first + 2], "big")
            place = second + 2 + 40
        else:
            place = 2 * 32 + 7
        changed = bytearray(whole)
        changed[place] ^= 4
        path.write_bytes(changed)
        faults = verify_record(sealed).faults
        path.write_bytes(whole)
        assert 2 in {fault.statement for fault in faults}, path
        named = {f.statement for f in faults if f.statement is not None}
        assert named == {2}, path


def test_removed_added_and_cut_files_are_found(sealed: Path) -> None:
    """A missing pack, a stranger's file and a truncated tile are all faults."""
    for path in sealed_files(sealed):
        whole = path.read_bytes()
        path.unlink()
        # A log may drop a partial tile that a wider one stands for; nothing else.
        wider = [p for p in sealed_files(sealed) if p.parent == path.parent]
        is_kept_by_choice = path.parent.suffix == ".p" and any(
            int(p.name) > int(path.name) for p in wider
        )
        assert bool(verify_record(sealed).faults) is not is_kept_by_choice, path
        path.write_bytes(whole[:-1])
        assert verify_record(sealed).faults, path
        path.write_bytes(whole)
    stranger = sealed / "log" / "tile" / "0" / "7777"
    stranger.write_bytes(b"x")
    assert any("7777" in fault.where for fault in verify_record(sealed).faults)
    stranger.unlink()


def test_command_ends_with_one_and_names_the_statement(
    sealed: Path, tmp_path: Path
) -> None:
    """The person who runs truce verify reads which statement was altered."""
    copy = tmp_path / "copy"
    shutil.copytree(sealed, copy)
    runner = CliRunner()
    good = runner.invoke(app, ["verify", str(copy)])
    assert good.exit_code == 0, good.output
    assert "STUDY" in good.stdout.splitlines()[0]
    group = copy / "payloads/000"
    whole = group.read_bytes()
    group.write_bytes(whole.replace(b"statement 77", b"statement 78", 1))
    bad = runner.invoke(app, ["verify", str(copy)])
    assert bad.exit_code == 1
    assert "statement 77: " in bad.output
    wrong = runner.invoke(app, ["verify", str(sealed), "--expect", "real"])
    assert wrong.exit_code == 1
    assert "expected a record of kind real" in wrong.output
