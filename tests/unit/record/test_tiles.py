"""Reading single entries of a log's bundles."""

import random
from pathlib import Path

import pytest

from truce.errors import ProofFails, UnavailableRecord
from truce.record.tiles import (
    TILE_WIDTH,
    TileReader,
    bundle_from_entries,
    entries_from_bundle,
    tile_path,
)

SEED = 20260106


def a_bundle(folder: Path, entries: list[bytes]) -> Path:
    """The file of a log's first bundle, with these entries."""
    path = folder / tile_path("entries", 0, len(entries))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bundle_from_entries(entries))
    return path


@pytest.mark.parametrize("width", [1, 7, TILE_WIDTH])
@pytest.mark.parametrize("largest_first", [False, True])
def test_every_entry_of_a_bundle_is_found_however_unequal_their_sizes(
    tmp_path: Path, width: int, largest_first: bool
) -> None:
    """The reader guesses how far to read; where it guesses short it reads on."""
    dice = random.Random(SEED)
    entries = sorted(
        (dice.randbytes(dice.choice([0, 3, 500, 65_535])) for _ in range(width)),
        key=len,
        reverse=largest_first,
    )
    bundle = a_bundle(tmp_path, entries).read_bytes()
    reader = TileReader(tmp_path, width)
    found = [reader.entry(index) for index in range(width)]
    assert found == entries_from_bundle(bundle, first=0, count=width)


def test_a_reader_of_an_older_checkpoint_finds_its_entry_in_the_full_bundle(
    tmp_path: Path,
) -> None:
    """The partial bundle that it names may be gone once the full one is there."""
    entries = [bytes([number]) * (number + 1) for number in range(TILE_WIDTH)]
    a_bundle(tmp_path, entries)
    assert TileReader(tmp_path, 9).entry(8) == entries[8]


@pytest.mark.parametrize("cut", [1, 2, 600, 1_300])
def test_an_entry_that_is_cut_short_is_named(tmp_path: Path, cut: int) -> None:
    """Whether the cut takes the entry, its length or more."""
    path = a_bundle(tmp_path, [b"a" * 600, b"b" * 600, b"c" * 600])
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(ProofFails, match="statement 2: its entry is cut short"):
        TileReader(tmp_path, 3).entry(2)


def test_a_bundle_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    """The message names the file to restore."""
    with pytest.raises(UnavailableRecord, match=r"000\.p/3"):
        TileReader(tmp_path, 3).entry(2)


def test_a_bundle_that_is_a_folder_is_unavailable(tmp_path: Path) -> None:
    """Not only absence: whatever the system says is passed on."""
    (tmp_path / tile_path("entries", 0, 3)).mkdir(parents=True)
    with pytest.raises(UnavailableRecord, match="directory"):
        TileReader(tmp_path, 3).entry(2)
