"""Which reports become one incident, as a table of small worlds."""

import pytest
from tests.unit.incidents.invented_reports import heat, names, report

from truce.incidents import Parameters, associate
from truce.observations.kinds import Kind
from truce.observations.model import Assertion

PARAMETERS = Parameters()


def test_two_feeds_at_one_place_and_day_are_one_event() -> None:
    """Strangers who put the same day and place on a strike speak of the same strike."""
    found = associate(
        [report("a"), report("b", feed="south_news", east_m=40.0)], PARAMETERS
    )
    assert names(found) == [["a", "b"]]


@pytest.mark.parametrize(
    ("reason", "second"),
    [
        ("a kilometre away", report("b", feed="south_news", east_m=1000.0)),
        ("two days later", report("b", feed="south_news", day=2.0)),
        (
            "a convoy, not a strike, at some distance",
            report("b", feed="south_news", east_m=210.0, kind=Kind.FORCES_PRESENT),
        ),
        ("somewhere in the province", report("b", feed="south_news", sigma_m=40_000.0)),
        (
            "some time in three months",
            report("b", feed="south_news", day=-30.0, hours=90 * 24.0),
        ),
    ],
)
def test_what_does_not_fit_stays_apart(reason: str, second: object) -> None:
    """Far, late, of another kind, or too vague to say: none of these is evidence."""
    assert names(associate([report("a"), second], PARAMETERS)) == [["a"], ["b"]], (  # type: ignore[list-item]  # rows of the table above are reports
        reason
    )


def test_words_decide_at_equal_distance() -> None:
    """Two reports 150 m apart are one event if both name the same school, and two if
    one names a market and the other a church.
    """
    school = [
        report("a", text="Missile hits school number 66"),
        report("b", feed="south_news", east_m=150.0, text="School 66 hit by missile"),
    ]
    others = [
        report("a", text="Crater in front of the market"),
        report(
            "b", feed="south_news", east_m=150.0, text="Church wall pierced by shot"
        ),
    ]
    assert names(associate(school, PARAMETERS)) == [["a", "b"]]
    assert names(associate(others, PARAMETERS)) == [["a"], ["b"]]


def test_a_shared_post_is_evidence_only_when_asked() -> None:
    """The scorer puts the link on trial, so it must be possible to close one's eyes."""
    two = [
        report("a", posts=("tw:1",)),
        report("b", feed="south_news", east_m=320.0, posts=("tw:1",)),
    ]
    assert names(associate(two, PARAMETERS)) == [["a", "b"]]
    blind = Parameters(use_post_links=False)
    assert names(associate(two, blind)) == [["a"], ["b"]]


def test_a_post_that_one_feed_cites_twice_is_weaker_than_one_of_two_feeds() -> None:
    """Curators know their own sources: two entries from one film were meant as two."""
    mine = [report("a", posts=("tw:1",)), report("b", east_m=420.0, posts=("tw:1",))]
    ours = [mine[0], report("b", feed="s", east_m=420.0, posts=("tw:1",))]
    assert names(associate(mine, PARAMETERS)) == [["a"], ["b"]]
    assert names(associate(ours, PARAMETERS)) == [["a", "b"]]


def test_a_shared_post_does_not_bridge_kilometres() -> None:
    """One film may show two strikes: the post alone never joins what lies far apart."""
    two = [
        report("a", posts=("tw:1",)),
        report("b", feed="south_news", east_m=3000.0, posts=("tw:1",)),
    ]
    assert names(associate(two, PARAMETERS)) == [["a"], ["b"]]


def test_a_feed_that_enters_events_once_keeps_its_entries_apart() -> None:
    """Curators who list two entries 120 m apart on a day held them distinct; a feed of
    many people repeats itself.
    """
    curated = Parameters(repeat_shares=(("curated", 0.02),))
    two = [report("a", feed="curated"), report("b", feed="curated", east_m=120.0)]
    crowd = [report("a", feed="crowd"), report("b", feed="crowd", east_m=120.0)]
    assert names(associate(two, curated)) == [["a"], ["b"]]
    assert names(associate(crowd, curated)) == [["a", "b"]]


def test_a_catalogue_that_never_repeats_itself_is_believed_to_the_letter() -> None:
    """Two rows of one village, day and headline are two events if the codebook says
    that a row is an event; a third report of the same words does not make them one.
    """
    strict = Parameters(repeat_shares=(("codebook", 0.0001),))
    said = "Two killed by shelling, sources say"
    rows = [report(f"r{k}", feed="codebook", text=said) for k in range(2)]
    assert names(associate(rows, strict)) == [["r0"], ["r1"]]
    third = report("z", feed="news", text=said)
    assert len(associate([*rows, third], strict)) == 2


def test_a_report_between_two_events_joins_one_and_does_not_chain_them() -> None:
    """Single linkage would make one event of three in a row; likelihood does not."""
    row = [
        report("a", feed="curated", text="Hospital hit, crater in the yard"),
        report("b", feed="crowd", east_m=130.0, text="Strike on the hospital yard"),
        report("c", feed="curated", east_m=260.0, text="Grain store burning"),
    ]
    found = associate(row, Parameters(repeat_shares=(("curated", 0.02),)))
    assert names(found) == [["a", "b"], ["c"]]


def test_alarms_make_and_join_no_incident() -> None:
    """A siren says that somebody expected a strike, never that one came."""
    found = associate([report("a"), report("b", kind=Kind.ALARM)], PARAMETERS)
    assert names(found) == [["a"]]


def test_a_denial_stands_with_what_it_denies_and_nowhere_alone() -> None:
    """A party's "nothing was hit" contradicts the report; with nothing reported it is
    no incident.
    """
    denial = report("z", feed="party", asserts=Assertion.DENIED, sigma_m=300.0)
    assert names(associate([report("a"), denial], PARAMETERS)) == [["a", "z"]]
    assert names(associate([denial], PARAMETERS)) == []
    elsewhere = report("z", feed="party", asserts=Assertion.DENIED, day=3.0)
    assert names(associate([report("a"), elsewhere], PARAMETERS)) == [["a"]]


def test_overpasses_of_one_fire_are_one_and_another_fire_is_another() -> None:
    """Pixels of one place at consecutive overpasses are one fire; weeks later it burns
    anew, and ten kilometres away it is another.
    """
    found = associate(
        [
            heat("a", day=0.4),
            heat("b", day=0.9, east_m=200.0),
            heat("c", day=20.4),
            heat("d", day=0.4, east_m=10_000.0),
        ],
        PARAMETERS,
    )
    assert names(found) == [["a", "b"], ["c"], ["d"]]


def test_heat_joins_the_strike_that_explains_it() -> None:
    """A hot pixel over a strike's place in the following night is the strike burning;
    the day before, it is not.
    """
    strike = report("a")
    assert names(associate([strike, heat("b", day=0.6)], PARAMETERS)) == [["a", "b"]]
    early = heat("b", day=-2.0)
    assert names(associate([strike, early], PARAMETERS)) == [["a"], ["b"]]


def test_nothing_gives_nothing() -> None:
    """An empty record has no incidents."""
    assert associate([], PARAMETERS) == ()
