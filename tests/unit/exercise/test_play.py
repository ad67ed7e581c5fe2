"""An exercise's deliveries: the same bytes, in order, and sometimes broken."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from itertools import pairwise

import pytest

from truce.errors import InvalidDelivery, InvalidQuery
from truce.exercise import land
from truce.exercise._mishaps import MISHAPS, Mishap
from truce.exercise.play import DAYS_MAX, ExerciseDelivery, play
from truce.formats import (
    air_raid_sirens,
    bellingcat_civharm,
    eyes_on_russia,
    firms,
    party_claims,
    watch_log,
)
from truce.formats.rows import Fault

_DECODERS: Mapping[str, Callable[[bytes], Iterable[object]]] = {
    "air_raid_sirens": air_raid_sirens.decode,
    "bellingcat_civharm": bellingcat_civharm.decode,
    "eyes_on_russia": eyes_on_russia.decode,
    "firms": firms.decode,
    "party_claims": party_claims.decode,
    "watch_log": watch_log.decode,
}


def _digest(deliveries: Iterable[ExerciseDelivery]) -> str:
    hasher = hashlib.sha256()
    for delivery in deliveries:
        head = (delivery.feed, delivery.participant, delivery.file_name)
        hasher.update(repr((*head, delivery.received_at)).encode())
        hasher.update(delivery.raw)
    return hasher.hexdigest()


def test_same_seed_same_bytes() -> None:
    """An exercise that changes between two plays cannot be scored or repeated."""
    assert _digest(play(3, days=2)) == _digest(play(3, days=2))


def test_other_seed_other_bytes_on_the_same_land() -> None:
    """What differs is what happens, and who hands in is the same."""
    first, second = list(play(3, days=2)), list(play(4, days=2))
    assert _digest(first) != _digest(second)
    names = {d.participant for d in first if d.feed == "watch_log"}
    assert names == {d.participant for d in second if d.feed == "watch_log"}


def test_three_days_are_the_beginning_of_ten(
    ten_days: tuple[ExerciseDelivery, ...],
) -> None:
    """A short play is a cut of a long one, to the byte: tests may use the short one."""
    three = tuple(play(1, days=3))
    assert three == ten_days[: len(three)]
    assert len(three) < len(ten_days)


def test_deliveries_come_in_the_order_in_which_they_are_received(
    ten_days: tuple[ExerciseDelivery, ...],
) -> None:
    """The record seals them as they come."""
    moments = [delivery.received_at for delivery in ten_days]
    assert moments == sorted(moments)
    assert moments[0] >= land.STARTS_AT
    assert moments[-1] < land.STARTS_AT + timedelta(days=10)


def test_there_are_a_thousand_to_two_and_a_half_thousand(
    ten_days: tuple[ExerciseDelivery, ...],
) -> None:
    """Batches by the hour or so from each contributor, all feeds among them."""
    assert 1_000 <= len(ten_days) <= 2_500
    feeds = Counter(str(delivery.feed) for delivery in ten_days)
    assert set(feeds) == set(_DECODERS)
    assert feeds["watch_log"] > 1_000
    assert len({delivery.participant for delivery in ten_days}) >= 20


def test_some_arrive_out_of_order_and_some_twice(
    ten_days: tuple[ExerciseDelivery, ...],
) -> None:
    """Lines break and retry: what was made ready first may arrive last."""
    stamps = [
        delivery.file_name.rsplit("-", 2)[-2:]
        for delivery in ten_days
        if delivery.feed == "watch_log"
    ]
    out_of_order = sum(before > after for before, after in pairwise(stamps))
    assert out_of_order > 50
    seen = Counter((d.file_name, d.raw) for d in ten_days if d.raw.count(b"\n") > 1)
    assert 5 < sum(count > 1 for count in seen.values()) < 60


def test_broken_deliveries_are_few_and_of_every_sort(
    ten_days: tuple[ExerciseDelivery, ...],
) -> None:
    """About one a day cannot be read whole; each comes again unbroken."""
    refused, faulty = [], []
    for delivery in ten_days:
        try:
            rows = list(_DECODERS[delivery.feed](delivery.raw))
        except InvalidDelivery:
            refused.append(delivery)
        else:
            if any(isinstance(row, Fault) for row in rows):
                faulty.append(delivery)
    assert 4 <= len(refused) <= 8
    assert 1 <= len(faulty) <= 4
    for broken in (*refused, *faulty):
        again = [
            d
            for d in ten_days
            if d.file_name == broken.file_name and d.received_at > broken.received_at
        ]
        late = broken.received_at > land.STARTS_AT + timedelta(days=9.8)
        assert again or late, broken.file_name


@pytest.mark.parametrize("mishap", MISHAPS, ids=[m.name for m in MISHAPS])
def test_every_mishap_happens_within_ten_days(
    mishap: Mishap, ten_days: tuple[ExerciseDelivery, ...]
) -> None:
    """The ways to break follow each other, so a whole exercise shows all of them."""
    versions: dict[str, set[bytes]] = {}
    for delivery in ten_days:
        if delivery.feed == mishap.feed:
            versions.setdefault(delivery.file_name, set()).add(delivery.raw)
    assert any(
        (broken := mishap.breaks(whole)) != whole and broken in raws
        for raws in versions.values()
        if len(raws) > 1
        for whole in raws
        # A broken version need not be breakable again.
        if whole and not whole.startswith(b"\xff\xfe")
    )


def test_every_file_says_that_it_is_an_exercise(
    ten_days: tuple[ExerciseDelivery, ...],
) -> None:
    """A file that gets out must not pass for a report on a real war."""
    assert all(d.file_name.startswith("exercise-") for d in ten_days)


def test_contributors_log_hourly_even_when_it_is_quiet(
    ten_days: tuple[ExerciseDelivery, ...],
) -> None:
    """Silence is a statement: a log without sightings still says who watched."""
    logs = [d for d in ten_days if d.participant == "listening-north"]
    assert len({d.file_name for d in logs}) >= 238
    quiet = [d for d in logs if b'"sighting"' not in d.raw and b'"watch"' in d.raw]
    assert len(quiet) > 50


@pytest.mark.parametrize("days", [0, -1, DAYS_MAX + 1])
def test_an_impossible_number_of_days_is_refused(days: int) -> None:
    """A mistyped number must not fill a disk."""
    with pytest.raises(InvalidQuery, match=f"days is {days}, expected 1 to"):
        play(1, days=days)
