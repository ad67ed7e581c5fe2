"""Announcements as agreement texts: what they say, and nothing of how it turned out."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from truce.agreement.build_corridors import build_corridors
from truce.agreement.load import load_agreement
from truce.agreement.model import Agreement, Hours, Once, Status, TextKind
from truce.agreement.plane import plane_area
from truce.errors import InvalidValue
from truce.gazetteer import gazetteer_from_bytes, shipped_gazetteer
from truce.identifiers import FeedName, ObservationId, StatementIndex
from truce.instants import Interval
from truce.observations.context import ReadingContext
from truce.observations.model import Grade, Notice
from truce.observations.read_corridors_2022 import READER
from truce.places import PlaceBasis, Position, round_place

# Midnight in Kyiv on 5 March 2022, two hours before midnight in UTC.
MIDNIGHT = datetime(2022, 3, 4, 22, tzinfo=UTC)
DAY = Interval(start=MIDNIGHT, end=MIDNIGHT + timedelta(hours=24, seconds=-1))
FROM = round_place(
    Position(lat_deg=34.2, lon_deg=-42.6),
    sigma_m=2_000.0,
    basis=PlaceBasis.SETTLEMENT,
    name='Varrow "on the hill": #1',
)
TO = round_place(
    Position(lat_deg=34.5, lon_deg=-42.1),
    sigma_m=1_000.0,
    basis=PlaceBasis.SETTLEMENT,
    name="Pell",
)
NOTICE = Notice(
    id=ObservationId("n"),
    feed=FeedName("corridors_2022"),
    row_key="7",
    statement=StatementIndex(3),
    line=9,
    stated_by="collectors",
    announced_by="Ukraine",
    subject="corridor",
    places=(FROM, TO),
    when=DAY,
    grade=Grade(reliability="B", credibility=2),
    posts=("example.org/news/7",),
    text="news",
    outcome_word="unsuccessful/disrupted",
)


def _built(notice: Notice) -> tuple[Agreement, str]:
    (corridor,) = build_corridors([notice])
    agreement = load_agreement(corridor.text, file=corridor.file_name)
    return agreement, corridor.text.decode()


def _during(notice: Notice) -> Once:
    during = _built(notice)[0].clauses[0].during
    assert isinstance(during, Once)
    return during


def test_an_announcement_becomes_a_text_with_place_proposer_and_source() -> None:
    """One announced corridor between two invented towns, hours not stated."""
    agreement, text = _built(NOTICE)
    (clause,) = agreement.clauses

    assert agreement.id == "corridor-2022-7"
    assert agreement.text_kind is TextKind.REAL
    assert (agreement.status, agreement.proposed_by) == (Status.PROPOSED, "Ukraine")
    assert 'Varrow "on the hill": #1 to Pell' in agreement.title
    assert (clause.source.point, clause.source.link) == (
        "row with HC_ID 7",
        "example.org/news/7",
    )
    assert "disrupted" not in text


def test_a_corridor_that_both_sides_announced_is_agreed() -> None:
    """The collectors write "Agreed" where both sides announced it."""
    agreement, _ = _built(replace(NOTICE, announced_by="Agreed"))

    assert agreement.status is Status.AGREED
    assert agreement.proposed_by == "Ukraine and Russia"


def test_only_the_town_where_it_begins_is_stated() -> None:
    """The way and the far town are assumed: nothing there is ever held to be proven."""
    area = _built(NOTICE)[0].clauses[0].area
    assert area.stated is not None
    stated, whole = (
        plane_area(shape).geometry.area / 1e6 for shape in (area.stated, area.shape)
    )

    # A circle of twice the sigma, 4 km, of which the way takes in all and much more.
    assert stated == pytest.approx(50.3, rel=0.01)
    assert whole > 1_000.0


def test_a_whole_day_is_a_day_with_unknown_hours() -> None:
    """The announcement names a day: nobody can be held to hours that it does not
    name."""
    for end in (timedelta(hours=24), timedelta(hours=24, seconds=-1)):
        during = _during(
            replace(NOTICE, when=Interval(start=MIDNIGHT, end=MIDNIGHT + end))
        )
        assert during.hours is Hours.UNKNOWN
        assert during.interval.duration == timedelta(hours=24)


@pytest.mark.parametrize(
    ("first_h", "last_h", "hours"),
    [(9, 16, Hours.STATED), (10, 24, Hours.UNKNOWN), (0, 17, Hours.UNKNOWN)],
)
def test_stated_hours_are_kept_and_open_ones_stay_open(
    first_h: int, last_h: int, hours: Hours
) -> None:
    """From 09:00 to 16:00; from 10:00, no end; until 17:00, no beginning."""
    when = Interval(
        start=MIDNIGHT + timedelta(hours=first_h),
        end=MIDNIGHT + timedelta(hours=last_h),
    )
    during = _during(replace(NOTICE, when=when))

    assert during.interval == when
    assert during.hours is hours


def test_a_place_known_only_to_the_province_is_assumed() -> None:
    """A village that nobody could find: all of the corridor is assumed, none is
    stated."""
    start = replace(
        FROM,
        basis=PlaceBasis.PROVINCE,
        sigma_major_m=48_000.0,
        sigma_minor_m=48_000.0,
    )
    area = _built(replace(NOTICE, places=(start, TO)))[0].clauses[0].area

    assert area.stated is None


def test_a_corridor_from_a_town_to_itself_has_no_way() -> None:
    """Both ends at one place: a line of no length is left out, the town stays."""
    agreement, _ = _built(replace(NOTICE, places=(FROM, FROM)))

    assert [area.name for area in agreement.areas if area.name == "way"] == []
    assert agreement.clauses[0].area.stated is not None


def test_only_corridors_are_built_and_each_once() -> None:
    """A notice of an exercise is passed over; two notices of one row are a slip."""
    other = replace(NOTICE, subject="exercise", row_key="8")

    assert len(build_corridors([other, NOTICE])) == 1
    assert build_corridors([]) == ()
    with pytest.raises(InvalidValue, match=r"two notices of row '7' .* line 9"):
        build_corridors([NOTICE, NOTICE])
    with pytest.raises(InvalidValue, match="names no place"):
        build_corridors([replace(NOTICE, places=())])


def test_rows_stand_in_their_own_order() -> None:
    """Row 10 after row 9, whatever order the notices come in."""
    notices = [replace(NOTICE, row_key=key) for key in ("10", "9", "100")]

    assert [c.row_key for c in build_corridors(notices)] == ["9", "10", "100"]


def test_the_real_announcements_all_become_texts(shared_data: Path) -> None:
    """282 real proposals: each loads, a few state hours, none tells its outcome."""
    raw = (
        shared_data / "corridors_2022" / "humanitarian_corridors_geocoded.csv"
    ).read_bytes()
    context = ReadingContext(
        statement=StatementIndex(0),
        received_at=datetime(2025, 7, 1, tzinfo=UTC),
        gazetteer=gazetteer_from_bytes(shipped_gazetteer()),
    )
    corridors = build_corridors(READER.read(raw, context).notices)
    agreements = [load_agreement(c.text, file=c.file_name) for c in corridors]
    during = [agreement.clauses[0].during for agreement in agreements]
    hours = [one.hours for one in during if isinstance(one, Once)]
    told = [
        c.id
        for c in corridors
        if any(word in c.text for word in (b"success", b"disrupt", b"disput"))
    ]

    assert len(agreements) == len(hours) == 282
    assert sum(agreement.status is Status.AGREED for agreement in agreements) == 20
    # The hour parser may learn; that most announcements state no hours will stay.
    assert 5 <= hours.count(Hours.STATED) <= 60
    assert told == []
