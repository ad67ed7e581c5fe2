"""Air raid alarms as observations: somebody expected an attack there."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from truce.formats.air_raid_sirens import Alarm, encode
from truce.observations.context import ReadingContext
from truce.observations.kinds import NEVER_AN_INCIDENT
from truce.observations.model import Observation
from truce.observations.read_air_raid_sirens import OFFICIAL, READER, VOLUNTEERS
from truce.places import PlaceBasis

START = datetime(2031, 5, 6, 11, tzinfo=UTC)
END = START + timedelta(minutes=30)
ALARM = Alarm(
    oblast="Nordland",
    level="oblast",
    started_at=START,
    finished_at=END,
    source="official",
)
VOLUNTEER = b"region,started_at,finished_at,naive\n"
TIMES = b"2031-05-06 11:00:00+00:00,2031-05-06 11:30:00+00:00"


def _observation(context: ReadingContext, alarm: Alarm = ALARM) -> Observation:
    (observation,) = READER.read(encode([alarm]), context).observations
    return observation


def _reason(context: ReadingContext, alarm: Alarm) -> str:
    (line,) = READER.read(encode([alarm]), context).quarantined
    return line.reason


def test_an_alarm_is_its_area_and_never_an_incident(context: ReadingContext) -> None:
    """A siren over a province is no strike at its centre."""
    alarm = _observation(context)
    assert alarm.kind in NEVER_AN_INCIDENT
    assert alarm.where.basis is PlaceBasis.PROVINCE
    assert alarm.where.name == "Nordland"
    assert (alarm.when.start, alarm.when.end) == (START, END)
    assert (alarm.stated_by, str(alarm.grade)) == (OFFICIAL, "B2")
    assert alarm.text == "Air raid alarm in Nordland"


@pytest.mark.parametrize(
    ("raion", "hromada", "name"),
    [
        ("Eastshire", "", "Eastshire"),
        ("Unknown", "Eastshire", "Eastshire"),
        ("Eastshire", "Unknown", "Eastshire"),
        ("Unknown", "Unknown", "Nordland"),
        ("Eastshire", "Elm", "Eastshire"),
    ],
)
def test_the_smallest_known_area_is_taken(
    raion: str, hromada: str, name: str, context: ReadingContext
) -> None:
    """An unknown hromada becomes what it lies in; a town of its name is too small."""
    alarm = replace(ALARM, raion=raion, hromada=hromada, level="raion")
    observation = _observation(context, alarm)
    assert observation.where.name == name
    assert raion in observation.text


def test_an_unknown_province_is_quarantined(context: ReadingContext) -> None:
    """An alarm that lies nowhere must not lie everywhere."""
    assert _reason(context, replace(ALARM, oblast="Atlantis")) == (
        "oblast 'Atlantis' is no province of the gazetteer"
    )


def test_swapped_columns_are_recognised(context: ReadingContext) -> None:
    """The real file has such a row: the district stands where the province should."""
    alarm = replace(ALARM, oblast="Eastshire", raion="Nordland", level="raion")
    assert "raion 'Nordland' is: the two look swapped" in _reason(context, alarm)


def test_every_fault_of_an_alarm_is_named(context: ReadingContext) -> None:
    """Where and when are both wrong: the source learns of both."""
    alarm = replace(ALARM, oblast="Atlantis", finished_at=START - timedelta(1))
    reason = _reason(context, alarm)
    assert "is before start" in reason
    assert "no province" in reason


def test_an_end_in_the_future_is_quarantined(context: ReadingContext) -> None:
    """An end that was seen cannot lie after the receipt."""
    alarm = replace(ALARM, finished_at=datetime(2031, 5, 6, 12, 1, tzinfo=UTC))
    assert "date in the future" in _reason(context, alarm)


def test_an_alarm_that_lasts_is_known_until_receipt(context: ReadingContext) -> None:
    """What comes after we heard of it we do not know."""
    alarm = _observation(context, replace(ALARM, finished_at=None))
    assert alarm.when.end == context.received_at
    assert "not ended when reported" in alarm.text


def test_an_assumed_end_is_said_and_graded(context: ReadingContext) -> None:
    """The volunteers did not see it end: the reader must know, and believe it less."""
    raw = VOLUNTEER + b"Nordland,%b,False\nNordland,%b,True\n" % (TIMES, TIMES)
    seen, assumed = READER.read(raw, context).observations
    assert seen.stated_by == assumed.stated_by == VOLUNTEERS
    assert (str(seen.grade), str(assumed.grade)) == ("C2", "C3")
    assert "end assumed 30 minutes after the start" in assumed.text
    assert "assumed" not in seen.text


def test_an_assumed_end_may_lie_ahead(context: ReadingContext) -> None:
    """Half an hour was added by rule; it tells nothing of the future."""
    raw = VOLUNTEER + (
        b"Nordland,2031-05-06 11:50:00+00:00,2031-05-06 12:20:00+00:00,True\n"
    )
    assert len(READER.read(raw, context).observations) == 1


def test_two_sources_of_one_alarm_are_two_observations(
    context: ReadingContext,
) -> None:
    """Official and volunteers both heard it: two witnesses, not one row twice."""
    volunteers = READER.read(VOLUNTEER + b"Nordland,%b,False\n" % TIMES, context)
    assert volunteers.observations[0].id != _observation(context).id
