"""What one reader is given: names of places, and what an earlier picture may save."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.unit.picture.invented_picture import NOW, InventedPicture

from truce.identifiers import ObservationId
from truce.observations.model import Observation
from truce.picture import AsOf, picture_for
from truce.places import PlaceBasis
from truce.release.gate import Gate
from truce.release.model import Reader

_KEY = b"an invented naming key"


class _Counted(InventedPicture):
    """Counts how many observations are asked for, and may rename their places."""

    def __init__(self, *, names: Sequence[str] = ()) -> None:
        super().__init__(count=60)
        self.asked = 0
        self._names = names

    def observations(
        self, observations: Sequence[ObservationId]
    ) -> Sequence[Observation]:
        self.asked += len(observations)
        return [self._renamed(one) for one in super().observations(observations)]

    def _renamed(self, one: Observation) -> Observation:
        if not self._names:
            return one
        name = self._names[sum(map(int, one.row_key.split("-"))) % len(self._names)]
        basis = PlaceBasis.SETTLEMENT if name.isascii() else PlaceBasis.POINT
        return replace(one, where=replace(one.where, name=name, basis=basis))


def _now(source: InventedPicture) -> AsOf:
    return AsOf(count=source.statement_count, instant=NOW)


@pytest.mark.parametrize("reader", list(Reader))
def test_an_earlier_picture_saves_work_and_changes_nothing(reader: Reader) -> None:
    """A minute later, and after one more incident, only what is new is read again."""
    source, gate = _Counted(), Gate(naming_key=_KEY)
    before = picture_for(source, reader, _now(source), gate=gate)
    incident = source.add_incident(NOW + timedelta(seconds=5))
    later = replace(_now(source), instant=NOW + timedelta(minutes=1))
    source.asked = 0
    saved = picture_for(source, reader, later, gate=gate, before=before)
    assert source.asked <= len(incident.observations)
    assert saved == picture_for(source, reader, later, gate=gate)


def test_a_picture_of_another_reader_is_no_help() -> None:
    """What the mechanism saw must not reach the public by way of memory."""
    source, gate = _Counted(), Gate(naming_key=_KEY)
    whole = picture_for(source, Reader.MECHANISM, _now(source), gate=gate)
    public = picture_for(source, Reader.PUBLIC, _now(source), gate=gate, before=whole)
    assert public == picture_for(source, Reader.PUBLIC, _now(source), gate=gate)
    assert all(sight.feeds == () for sight in public.sights)


def test_cyrillic_words_give_way_to_latin_ones_for_those_who_read_none() -> None:
    """One source writes a village's name in Cyrillic, another a town's in Latin: the
    narrowest name stands on Ukrainian pages, the readable one on all others.
    """
    source = _Counted(names=("Вигаданка", "Tolvar"))
    sights = picture_for(source, Reader.MECHANISM, _now(source)).sights
    pairs = {(sight.place, sight.latin_place) for sight in sights}
    assert ("Вигаданка", "Tolvar") in pairs
    assert ("Tolvar", "Tolvar") in pairs
    # Nothing else is known, not even a province: the source's word is better than none.
    assert ("Вигаданка", "Вигаданка") in pairs
    assert len(pairs) == 3
