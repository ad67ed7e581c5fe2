"""The release table reads as the house plan has it, and explains itself."""

from datetime import UTC, datetime, timedelta

import pytest

from truce.errors import InvalidValue
from truce.instants import Interval
from truce.release import Coarseness, Condition, Policy, Reader, Rule, Thing, decide
from truce.release.table import DEFAULT_RULES

NOON = datetime(2031, 5, 7, 12, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)

# One line for each cell of the table: reader, thing, coarseness, hours after the end.
CELLS = [
    ("MECHANISM", "impact-or-damage", "exact", 0),
    ("CELL", "impact-or-damage", "exact", 0),
    ("PARTIES", "impact-or-damage", "ellipse", 1),
    ("PUBLIC", "impact-or-damage", "cell-5-km", 24),
    ("MECHANISM", "outgoing-or-weapon", "exact", 0),
    ("CELL", "outgoing-or-weapon", "cell-5-km", 1),
    ("PARTIES", "outgoing-or-weapon", "cell-10-km", 24),
    ("PUBLIC", "outgoing-or-weapon", "province-and-week", 336),
    ("MECHANISM", "visibility", "exact", 0),
    ("CELL", "visibility", "sector", 0),
    ("PUBLIC", "visibility", "province-and-week", 336),
    ("MECHANISM", "finding", "exact", 0),
    ("CELL", "finding", "exact", 0),
    ("PUBLIC", "finding", "province-and-week", 0),
    ("MECHANISM", "evidence", "exact", 0),
]


@pytest.mark.parametrize(("reader", "thing", "coarseness", "hours"), CELLS)
def test_table_reads_as_planned(
    reader: str, thing: str, coarseness: str, hours: int
) -> None:
    """Long after an event each reader is shown it as the plan's table says."""
    decision = decide(
        Reader(reader), Thing(thing), happened_at=NOON, now=NOON + timedelta(days=60)
    )
    rule = next(r for r in DEFAULT_RULES if (r.reader, r.thing) == (reader, thing))
    assert decision.is_shown
    assert decision.coarseness is Coarseness(coarseness)
    assert rule.delay == timedelta(hours=hours)


@pytest.mark.parametrize("thing", [Thing.EVIDENCE, Thing.PERSON_OR_SOURCE])
@pytest.mark.parametrize("reader", [Reader.CELL, Reader.PARTIES, Reader.PUBLIC])
def test_persons_and_texts_are_never_shown(reader: Reader, thing: Thing) -> None:
    """Years later a witness can still be hurt: no delay opens names or texts."""
    decision = decide(
        reader, thing, happened_at=NOON, now=NOON + timedelta(days=20_000)
    )
    assert not decision.is_shown
    assert decision.not_before is None
    assert decision.why == f"{reader} is never shown {thing}."


@pytest.mark.parametrize(
    ("reader", "thing", "condition"),
    [
        (Reader.MECHANISM, Thing.PERSON_OR_SOURCE, Condition.NAMED),
        (Reader.PARTIES, Thing.FINDING, Condition.SERVED),
        (Reader.PARTIES, Thing.VISIBILITY, Condition.OWN),
    ],
)
def test_conditions_open_only_what_they_are_for(
    reader: Reader, thing: Thing, condition: Condition
) -> None:
    """A row with a condition stays shut until that very condition holds."""
    others = frozenset(set(Condition) - {condition})
    shut = decide(reader, thing, happened_at=NOON, now=NOON, conditions=others)
    opened = decide(
        reader, thing, happened_at=NOON, now=NOON, conditions=frozenset({condition})
    )
    assert not shut.is_shown
    assert condition.value in shut.why
    assert opened.is_shown


def test_delay_counts_from_the_end_of_the_hour() -> None:
    """Fire at 12:20 appears to the cell at 14:00, as does fire at 12:59: not to the
    minute."""
    early = decide(Reader.CELL, Thing.OUTGOING_OR_WEAPON, happened_at=NOON, now=NOON)
    late = decide(
        Reader.CELL,
        Thing.OUTGOING_OR_WEAPON,
        happened_at=NOON + timedelta(minutes=39),
        now=NOON,
    )
    assert early.not_before == datetime(2031, 5, 7, 14, tzinfo=UTC)
    assert late.not_before == early.not_before
    assert not early.is_shown
    assert "not before 1 hours" in early.why


def test_delay_counts_from_the_later_bound() -> None:
    """A shot dated to a whole day may have been fired in its last second."""
    day = Interval(
        start=datetime(2031, 5, 7, tzinfo=UTC), end=datetime(2031, 5, 8, tzinfo=UTC)
    )
    decision = decide(
        Reader.PARTIES, Thing.OUTGOING_OR_WEAPON, happened_at=day, now=NOON
    )
    assert decision.not_before == datetime(2031, 5, 9, tzinfo=UTC)


def test_policy_makes_stricter() -> None:
    """A mission that wants impacts coarser for the parties gets that, and the longer
    delay."""
    policy = Policy(
        rules=(
            Rule(
                reader=Reader.PARTIES,
                thing=Thing.IMPACT_OR_DAMAGE,
                coarseness=Coarseness.CELL_10_KM,
                delay=timedelta(minutes=1),
            ),
        )
    )
    decision = decide(
        Reader.PARTIES,
        Thing.IMPACT_OR_DAMAGE,
        happened_at=NOON,
        now=NOON,
        policy=policy,
    )
    assert decision.coarseness is Coarseness.CELL_10_KM
    assert decision.not_before == datetime(2031, 5, 8, 1, tzinfo=UTC)


def test_time_without_a_zone_is_refused() -> None:
    """A clock without a zone could be hours early, and with it the release."""
    with pytest.raises(InvalidValue, match="has no zone"):
        decide(
            Reader.PUBLIC,
            Thing.FINDING,
            happened_at=NOON,
            now=NOON.replace(tzinfo=None),
        )
