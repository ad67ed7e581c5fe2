"""Filters on province and on how likely: over what was released, and nothing finer."""

from dataclasses import replace

import pytest
from tests.unit.picture.invented_picture import CENTRE, InventedPicture

from truce.picture import AsOf, Question, ask
from truce.picture.answer import Answer
from truce.picture.question import province_from_word, question_from_query
from truce.places import Position
from truce.release.gate import Gate
from truce.release.model import ProbabilityBand, Reader, band_of


class _Halves:
    """Eastmark lies east of the middle; nobody has named what lies west of it."""

    def province_at(self, position: Position) -> str | None:
        """The province of a position."""
        return "Eastmark" if position.lon_deg > CENTRE.lon_deg else None


_GATE = Gate(provinces=_Halves(), naming_key=b"an invented naming key")


def _asked(
    source: InventedPicture, now: AsOf, question: Question, reader: Reader
) -> Answer:
    return ask(source, question, reader, now, gate=_GATE)


@pytest.mark.parametrize("reader", list(Reader))
def test_a_province_keeps_its_own(
    source: InventedPicture, now: AsOf, reader: Reader
) -> None:
    """Two halves of an island: one named, one not; together they are everything."""
    named = _asked(source, now, Question(provinces=("Eastmark",)), reader)
    nameless = _asked(source, now, Question(provinces=("",)), reader)
    both = _asked(source, now, Question(provinces=("", "Eastmark")), reader)
    assert {s.incident.province for s in named.matched} == {"Eastmark"}
    assert {s.incident.province for s in nameless.matched} == {None}
    assert len(named.matched) + len(nameless.matched) == len(both.matched)
    assert len(both.matched) == both.totals.known


@pytest.mark.parametrize("reader", list(Reader))
def test_a_band_keeps_its_own(
    source: InventedPicture, now: AsOf, reader: Reader
) -> None:
    """Likely is told by the probability that this reader is given, rounded as it is."""
    total = 0
    for band in ProbabilityBand:
        found = _asked(source, now, Question(bands=(band,)), reader).matched
        assert {band_of(s.incident.probability) for s in found} <= {band}
        total += len(found)
    assert total == _asked(source, now, Question(), reader).totals.known


def test_counts_beside_the_choices_are_what_choosing_brings(
    source: InventedPicture, now: AsOf
) -> None:
    """Somebody reads "Eastmark 80" and chooses it: the list must hold 80."""
    question = Question(probability_min=0.7)
    facets = _asked(source, now, question, Reader.MECHANISM).facets
    assert [option.word for option in facets.provinces] == ["-", "Eastmark"]
    for option in facets.provinces:
        asked = replace(question, provinces=(province_from_word(option.word),))
        found = _asked(source, now, asked, Reader.MECHANISM)
        assert found.totals.matched == option.count > 0
    for option in facets.bands:
        asked = replace(question, bands=(ProbabilityBand(option.word),))
        found = _asked(source, now, asked, Reader.MECHANISM)
        assert found.totals.matched == option.count


def test_a_province_that_nobody_knows_is_empty_and_stays_a_choice(
    source: InventedPicture, now: AsOf
) -> None:
    """A misspelt province: nothing matches, and the choice is there to be undone."""
    answer = _asked(source, now, Question(provinces=("Estmark",)), Reader.MECHANISM)
    assert answer.totals.matched == 0
    assert [o.word for o in answer.facets.provinces if o.is_chosen] == ["Estmark"]


def test_no_province_is_asked_with_a_dash() -> None:
    """Forms send empty values for what is not asked, so empty cannot mean nameless."""
    assert question_from_query([("province", "-")]) == Question(provinces=("",))
    assert question_from_query([("province", "")]) == Question()
