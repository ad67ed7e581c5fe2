"""Shown by 5: one log, one state; the same files in any order, the same picture."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from truce.app import (
    attached,
    begin_exercise,
    open_record,
    rebuild,
    shipped_land,
)
from truce.app.opened import OpenRecord
from truce.identifiers import FeedName
from truce.record import RecordKind
from truce.sources import FeedFile, files_of
from truce.statements import Delivery
from truce.workflows.checking.digest import picture_digest, state_digest
from truce.workflows.founding.begin_record import begin_record
from truce.workflows.intake.seal_delivery import bytes_of_file
from truce.workflows.study.replay_corridors import adopt_corridors, seal_study

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SEED = 41
DAYS = 2


@pytest.fixture(scope="module")
def exercise(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two days of an exercise, sealed: some three hundred statements."""
    folder = tmp_path_factory.mktemp("digest") / "exercise"
    with begin_exercise(folder, seed=SEED, days=DAYS) as playing:
        playing.play()
    return folder


@pytest.mark.parametrize("batch", [1, 100, 1_000_000])
def test_one_log_gives_one_state_in_any_batch(
    exercise: Path, tmp_path: Path, batch: int
) -> None:
    """Whoever reads the log again, in steps of any size, must get the same state."""
    with open_record(exercise) as opened:
        live = state_digest(opened.store, opened.source)
        assert len(opened.source.incidents_at(opened.store.count())) > 20
    state = tmp_path / "again.sqlite"
    with open_record(exercise, state=state, batch=batch) as opened:
        assert state_digest(opened.store, opened.source) == live


def test_state_taken_up_again_halfway_is_the_same(
    exercise: Path, tmp_path: Path
) -> None:
    """A reader that is stopped and started in between forgets nothing it needs."""
    with open_record(exercise) as opened:
        live = state_digest(opened.store, opened.source)
        size = opened.record.size
    state = tmp_path / "halves.sqlite"
    for upto in (size // 3, size // 2, size):
        with stopped_at(exercise, state, upto) as opened:
            assert opened.store.count() == upto
    with open_record(exercise, state=state) as opened:
        assert state_digest(opened.store, opened.source) == live


def test_rebuilt_state_is_the_same(exercise: Path) -> None:
    """State is disposable: thrown away, it comes back with the same digest."""
    with open_record(exercise) as opened:
        live = state_digest(opened.store, opened.source)
    assert rebuild(exercise) == live


def test_another_seed_gives_another_state(tmp_path: Path, exercise: Path) -> None:
    """A digest that never differs would show nothing."""
    with begin_exercise(tmp_path / "other", seed=SEED + 1, days=1) as playing:
        playing.play()
        other = playing.opened
        mine = state_digest(other.store, other.source)
        my_picture = picture_digest(other.store, other.source)
    with open_record(exercise) as opened:
        assert state_digest(opened.store, opened.source) != mine
        assert picture_digest(opened.store, opened.source) != my_picture


def test_real_files_in_two_orders_give_one_picture(
    shared_data: Path, tmp_path: Path
) -> None:
    """Which feed came first changes ids and history, never today's picture."""
    names = ("bellingcat_civharm", "corridors_2022", "eyes_on_russia", "ucdp_ged")
    files = list(files_of(shared_data, [FeedName(name) for name in names]))
    firms = files_of(shared_data, [FeedName("firms")])
    files += [file for file in firms if file.path.name.startswith("VIIRS")]
    orders: dict[str, Callable[[list[FeedFile]], list[FeedFile]]] = {
        "as listed": list,
        "the other way round": lambda those: those[::-1],
    }
    pictures, states = [], []
    for name, order in orders.items():
        with studied(tmp_path / name.replace(" ", "-"), order(files)) as opened:
            count = opened.store.count()
            assert len(opened.source.incidents_at(count)) > 8_000
            pictures.append(picture_digest(opened.store, opened.source))
            states.append(state_digest(opened.store, opened.source))
    assert pictures[0] == pictures[1]
    assert states[0] != states[1]


@contextmanager
def stopped_at(folder: Path, state: Path, upto: int) -> Iterator[OpenRecord]:
    """The record with a state that was stopped after so many statements."""
    with open_record(folder, state=state, upto=upto) as opened:
        yield opened


@contextmanager
def studied(folder: Path, files: Sequence[FeedFile]) -> Iterator[OpenRecord]:
    """A study record of these files, each sealed and read before the next one."""
    writer = begin_record(
        folder,
        kind=RecordKind.STUDY,
        name="orders",
        land=shipped_land(),
        clock=lambda: NOW,
    )
    try:
        with attached(writer) as opened:
            for file in files:
                delivery = Delivery(
                    feed=file.feed,
                    file_name=file.path.name,
                    received_at=NOW,
                    raw=bytes_of_file(file.path),
                )
                seal_study(writer, [delivery])
                opened.follow()
            adopt_corridors(writer, opened.store, clock=lambda: NOW)
            opened.follow()
            yield opened
    finally:
        writer.close()
