"""What a text means, and that every fault of it is named with file, line, clause and
cure.
"""

from datetime import UTC, datetime

import pytest
from tests.unit.agreement.invented_text import TEXT, changed, with_geography

from truce.agreement.load import faults_of_agreement, load_agreement
from truce.agreement.model import Hours, Once, Status, TextKind
from truce.errors import InvalidAgreement
from truce.instants import Interval
from truce.observations.kinds import Kind


def test_a_plain_text_becomes_what_it_says() -> None:
    """A text without faults: every part of it must arrive, for findings rest on all of
    them.
    """
    agreement = load_agreement(TEXT.encode(), file="quiet.yaml")
    clause = agreement.clause(agreement.clauses[0].id)

    assert (agreement.id, agreement.title) == ("quiet-night", "A quiet night")
    assert agreement.text_kind is TextKind.INVENTED
    assert agreement.status is Status.AGREED
    assert [party.name for party in agreement.parties] == [
        "Northern Side",
        "Southern Side",
    ]
    assert clause.says == "Nobody fires in the town."
    assert (clause.source.document, clause.source.point) == (
        "Invented letter",
        "line 1",
    )
    assert clause.line == 22
    # Kyiv is three hours ahead of UTC in May.
    assert clause.during == Once(
        interval=Interval(
            start=datetime(2031, 5, 4, 6, tzinfo=UTC),
            end=datetime(2031, 5, 4, 13, tzinfo=UTC),
        ),
        hours=Hours.STATED,
    )


def test_a_kind_includes_its_special_cases() -> None:
    """A clause against explosions means impacts and outgoing fire too, but not a
    burst."""
    (clause,) = load_agreement(TEXT.encode(), file="quiet.yaml").clauses

    assert clause.what.kinds == {
        Kind.EXPLOSION,
        Kind.EXPLOSION_IMPACT,
        Kind.EXPLOSION_OUTGOING,
        Kind.SHOT,
    }


FAULTS = [
    ("format: 1", "format: 7", r"quiet.yaml:1: format is '7'; write `format: 1`"),
    ("status: agreed", "status: agred", r":5: status is 'agred'; write 'agreed'"),
    ("text: invented", "text: real", r":4: text is 'real'; write 'real text'"),
    ("title: A quiet night", "title:", r":3: title is empty"),
    ("title: A", "tilte: A", r":3: the agreement has an unknown key 'tilte'.*'title'"),
    ("Europe/Kyiv", "Kyiv", r":6: zone 'Kyiv' is not in the IANA .*Europe/Kyiv"),
    ("to: 2031-05-08,", "to: 2031-05-04,", r":6: in force ends before it begins"),
    ("to: 2031-05-08,", "to: 8 May,", r":6: in force to is '8 May'; write 2031"),
    ("agreement: quiet-night", "agreement: a b", r":2: agreement 'a b' is no name"),
    ("{name: Northern Side}", "{}", r":8: party north has no 'name'; add `name:`"),
    ("lat: 34.2", "lat: 134.2", r":11: lat is 134.2; write a number from -90 to 90"),
    ("lat: 34.2", "lat: 34,2", r":11: a position has an unknown key '2'"),
    ("3 km", "3", r":12: within is '3', without a unit.*`5 km`"),
    ("3 km", "0 km", r":12: within is '0 km'; write more than 0"),
    ("3 km", "3000 km", r":12: within is '3000 km'; .*at most 2000 km"),
    ("of: town", "of: twon", r":12: 'twon' is not in geography; write 'town'"),
    ("shot]", "alarm]", r":15: an alarm says that somebody expected an event"),
    ("shot]", "shots]", r":15: kind 'shots' is unknown; write 'shot'"),
    ("shot]", "undetermined]", r":15: kind 'undetermined' is unknown"),
    ("[explosion, shot]", "[]", r":15: incident of kind is no list"),
    ("proven from probability: 0.8", "proven from probability: 1.2", r":16: .*is 1.2"),
    ("proven from probability: 0.8", "proven from probability: 0", r":16: .* is 0;"),
    (
        "doubtful from probability: 0.2",
        "doubtful from probability: 0.9",
        r":15: doubtful from 0.9 lies above proven from 0.8",
    ),
    ("place and time: 0.9", "place and time: much", r":20: .* is 'much'; write a num"),
    (
        "    source: {document: Invented letter, point: line 1}\n",
        "",
        r":22: clause Q1: clause has no 'source'; add `source:`",
    ),
    (", point: line 1", "", r":24: clause Q1: the source does not say where"),
    ("prohibits: fire", "prohibits: fires", r":25: clause Q1: 'fires' is not in def"),
    ("by: [north, south]", "by: [north, west]", r":26: clause Q1: 'west' is not in"),
    ("by: [north, south]", "by: [north, north]", r":26: .*'north' stands twice"),
    ("in: area", "in: town", r":27: clause Q1: 'town' is a line or a point"),
    ("in: area", "in: zone", r":27: clause Q1: 'zone' is not in geography"),
    ("    says: Nobody fires in the town.\n", "", r":22: clause Q1: .*no 'says'"),
    ("to: 16:00}", "to: 4 pm}", r":28: clause Q1: to is '4 pm'; write e.g. 09:00"),
    ("to: 16:00}", "to: 08:00}", r":28: clause Q1: the window ends before it begins"),
    ("day: 2031-05-04", "day: 2031-05-09", r":28: clause Q1: .*outside the time in fo"),
    (", from: 09:00, to: 16:00", "", r":28: .*but not its hours; .*hours: unknown"),
]


@pytest.mark.parametrize(("old", "new", "message"), FAULTS)
def test_a_fault_is_named_with_its_line_and_what_to_write(
    old: str, new: str, message: str
) -> None:
    """One thing is wrong in an otherwise good text: its author must find it at once."""
    with pytest.raises(InvalidAgreement, match=message):
        load_agreement(changed(old, new), file="quiet.yaml")


def test_all_faults_are_reported_together_in_the_order_of_the_lines() -> None:
    """Four slips in one text: an author who mends one at a time loses a day."""
    text = TEXT.replace("3 km", "3 miles").replace("0.9", "9").replace("line 1", "''")
    text = text.replace("status: agreed", "status: done")
    faults = faults_of_agreement(text.encode(), file="quiet.yaml")

    assert [fault.line for fault in faults if fault.line in {5, 12, 20, 24}] == [
        5,
        12,
        20,
        24,
        24,
    ]


def test_a_text_without_faults_has_none() -> None:
    """The good text: a checker that always finds something would be switched off."""
    assert faults_of_agreement(TEXT.encode(), file="quiet.yaml") == ()


def test_two_clauses_of_one_id_are_refused() -> None:
    """Two clauses called Q1: a finding of Q1 could not say which one it answers."""
    clause = TEXT[TEXT.index("  - id: Q1") :]
    with pytest.raises(InvalidAgreement, match=r":29: clause Q1: line 22 has a clause"):
        load_agreement((TEXT + clause).encode(), file="quiet.yaml")


def test_grades_must_grow() -> None:
    """`serious` from 1 and `minor` from 3 would make every minor breach a serious
    one."""
    gravity = "    gravity: {serious: 3, minor: 3}\n"
    with pytest.raises(InvalidAgreement, match="minor begins at 3, not above serious"):
        load_agreement((TEXT + gravity).encode(), file="quiet.yaml")


def test_an_ended_agreement_must_say_when() -> None:
    """An agreement that has ended, without an end: every later day would be judged by
    it.
    """
    text = TEXT.replace(", to: 2031-05-08", "").replace("agreed", "ended")
    with pytest.raises(InvalidAgreement, match=r":6: the agreement has ended, but not"):
        load_agreement(text.encode(), file="quiet.yaml")


GEOGRAPHY_FAULTS = [
    ("a: {within: 1 km, of: a}", "geography refers to itself: a -> a"),
    ("b: {ring: [town]}", "geography b: a ring has fewer than three"),
    ("b: {through: [town, town]}", "geography b: a line has fewer than two"),
    ("b: {through: [town, area]}", ":13: 'area' is no point; name a point"),
    ("b: {at: {lat: 1, lon: 2}, of: town}", "geography b has an unknown key 'of'"),
    ("b: {of: town}", "geography b has no shape; write exactly one of: at, through"),
    ("b: {at: town, file: x}", "geography b has at and file; write exactly one of"),
    ("b: {file: x.geojson}", "geography b: there is no file 'x.geojson'"),
    ("b: {from world: town}", "geography b: there is no file 'world.geojson'"),
    ("b: {any of: [town, none]}", ":13: 'none' is not in geography"),
    ("b: {inside: area, except: [area]}", "geography b: nothing is left of it"),
    ("b: {at: town, extent: guessed}", "extent may only be said to be assumed"),
    ("b: {geojson: {type: Point, coordinates: [1, 95]}}", "lat_deg is 95"),
    ("b: {geojson: {type: Sphere, coordinates: [1]}}", "geometry type is 'Sphere'"),
    ("b: {geojson: {type: Point}}", "expected an object with 'coordinates'"),
    (
        "b: {geojson: {type: Polygon, coordinates: [[[0,0],[1,1],[1,0],[0,1]]]}}",
        "geography b: ring crosses itself or another",
    ),
    (
        "b: {through: [{lat: 0, lon: 0}, {lat: 0, lon: 120}]}",
        "geography b: shape reaches more than 2500 km from its middle",
    ),
    ("b c: {at: town}", "geography 'b c' is no name"),
]


@pytest.mark.parametrize(("entry", "message"), GEOGRAPHY_FAULTS)
def test_a_shape_that_cannot_be_drawn_is_refused(entry: str, message: str) -> None:
    """One geography entry has no meaning: no finding may rest on it silently."""
    faults = faults_of_agreement(with_geography(entry), file="quiet.yaml")

    assert [message in str(fault) for fault in faults] == [True]


def test_an_unknown_name_in_a_file_suggests_one() -> None:
    """A port that the world's map does not have: the author sees the nearest name."""
    world = (
        b'{"type": "FeatureCollection", "features": [{"type": "Feature", "id": '
        b'"port:pell", "properties": {}, "geometry": {"type": "Point", '
        b'"coordinates": [-42.1, 34.5]}}]}'
    )
    with pytest.raises(InvalidAgreement, match=r"like 'port:bell'; write 'port:pell'"):
        load_agreement(
            with_geography("port: {from world: 'port:bell'}"),
            file="quiet.yaml",
            files={"world.geojson": world},
        )


def test_a_file_that_is_no_geojson_is_refused() -> None:
    """A cut-off file beside the text: the fault names the entry that needs it."""
    with pytest.raises(InvalidAgreement, match=r":13: geography b: not JSON"):
        load_agreement(
            with_geography("b: {file: x.geojson}"),
            file="quiet.yaml",
            files={"x.geojson": b'{"type": '},
        )


def test_what_is_made_of_an_assumed_extent_is_assumed_too() -> None:
    """A road that the text does not draw: nothing within some distance of it is
    stated."""
    road = "road: {through: [town, {lat: 34.3, lon: -42.5}], extent: assumed}"
    entries = (
        f"{road}\n  side: {{within: 1 km, of: road}}\n"
        "  rest: {inside: side, except: [area]}\n  both: {any of: [side, area]}"
    )
    agreement = load_agreement(with_geography(entries), file="quiet.yaml")
    stated = {area.name: area.stated is not None for area in agreement.areas}

    assert stated == {
        "town": True,
        "area": True,
        "road": False,
        "side": False,
        "rest": False,
        "both": True,
    }
