"""One incident from the reports of one event."""

from datetime import timedelta

import pytest
from tests.unit.incidents.invented_reports import DAY_0, ORIGIN, heat, report

from truce.errors import InvalidValue
from truce.incidents import Formed, Parameters, form
from truce.observations.kinds import Kind
from truce.observations.model import Assertion, Observation
from truce.places import distance_m, moved

PARAMETERS = Parameters()


def formed(*observations: Observation) -> Formed:
    """The incident that they form, without its id."""
    return form(observations, PARAMETERS)


def kind_shares(*observations: Observation) -> dict[Kind, float]:
    """The distribution over kinds that they form."""
    return dict(formed(*observations).kinds)


def test_the_position_lies_nearer_to_the_better_report() -> None:
    """A report known to 50 m and one to 300 m: the first draws far more."""
    one = formed(report("a"), report("b", east_m=200.0, sigma_m=300.0))
    from_first = distance_m(one.position, ORIGIN)
    from_second = distance_m(one.position, moved(ORIGIN, east_m=200.0, north_m=0.0))
    assert from_first < from_second / 4


def test_more_reports_shrink_the_ellipse_and_copies_of_a_place_do_not() -> None:
    """Ten entries with one copied coordinate know no more of the place than one."""
    alone = formed(report("a")).ellipse.semi_major_m
    spread = formed(
        *(report(f"a{k}", east_m=25.0 * k, feed=f"f{k}") for k in range(4))
    ).ellipse.semi_major_m
    copied = formed(*(report(f"a{k}", feed=f"f{k}") for k in range(4))).ellipse
    assert spread < alone
    assert copied.semi_major_m == alone


def test_the_ellipse_of_one_report_holds_its_own_uncertainty() -> None:
    """95 % of a round normal lie within 2.45 sigmas; an event's extent adds to it."""
    ellipse = formed(report("a", sigma_m=1000.0)).ellipse
    assert 2447 < ellipse.semi_major_m < 2600
    assert ellipse.semi_major_m == ellipse.semi_minor_m


def test_the_interval_is_what_most_reports_agree_on() -> None:
    """A day, and a quarter of an hour in it: the event was in that quarter."""
    one = formed(report("a"), report("b", day=0.5, hours=0.25))
    assert one.interval.start == DAY_0 + timedelta(hours=12)
    assert one.interval.duration == timedelta(minutes=15)


def test_reports_that_agree_on_no_moment_leave_all_of_them_open() -> None:
    """Two days named by one report each: it may have been on either."""
    one = formed(report("a", hours=23.0), report("b", day=1.0, hours=23.0))
    assert one.interval.start == DAY_0
    assert one.interval.end == DAY_0 + timedelta(hours=47)


def test_instants_that_nobody_shares_span_the_interval() -> None:
    """Two clocks four minutes apart: the event was at one of them or between."""
    one = formed(report("a", hours=0.0), report("b", day=4 / 1440, hours=0.0))
    assert one.interval.duration == timedelta(minutes=4)


def test_kinds_sum_to_one_and_damage_points_to_an_impact() -> None:
    """Broken walls are a trace: an impact is the likeliest cause, not the only one."""
    kinds = formed(report("a", kind=Kind.DAMAGE)).kinds
    assert sum(share for _, share in kinds) == pytest.approx(1.0)
    assert kinds[0][0] is Kind.EXPLOSION_IMPACT
    assert 0.5 < kinds[0][1] < 0.9


def test_a_lone_hot_pixel_is_a_fire_and_seldom_anything_else() -> None:
    """Satellites see fields burn every day; a strike is possible and improbable."""
    shares = kind_shares(heat("a", day=0.0))
    assert shares[Kind.FIRE] > 0.85
    assert 0.01 < shares[Kind.EXPLOSION_IMPACT] < 0.05


def test_an_explosion_that_was_only_heard_is_not_called_an_impact() -> None:
    """Incoming, outgoing or a quarry sound alike: the kind stays what was heard."""
    kinds = formed(report("a", kind=Kind.EXPLOSION)).kinds
    assert kinds[0][0] is Kind.EXPLOSION
    assert dict(kinds)[Kind.EXPLOSION_IMPACT] > dict(kinds)[Kind.EXPLOSION_OUTGOING]


def test_a_kind_nobody_could_tell_is_undetermined() -> None:
    """*Undetermined* is an answer, not a failure to answer."""
    assert formed(report("a", kind=Kind.UNDETERMINED)).kinds[0][0] is Kind.UNDETERMINED


def test_witnesses_who_agree_are_surer_than_one() -> None:
    """Two independent words for an impact outweigh one; copies of one post do not."""
    one = kind_shares(report("a"))[Kind.EXPLOSION_IMPACT]
    two = kind_shares(
        report("a", posts=("tw:1",)), report("b", feed="s", posts=("tw:2",))
    )[Kind.EXPLOSION_IMPACT]
    copied = kind_shares(
        report("a", posts=("tw:1",)), report("b", feed="s", posts=("tw:1",))
    )[Kind.EXPLOSION_IMPACT]
    assert two > one
    assert copied == one


def test_independent_witnesses_raise_the_probability_and_copies_do_not() -> None:
    """Two that cite one post are one witness, however many entries are made of it."""
    alone = formed(report("a", posts=("tw:1",)))
    copies = formed(
        report("a", posts=("tw:1",)), report("b", feed="s", posts=("tw:1",))
    )
    two = formed(report("a", posts=("tw:1",)), report("b", feed="s", posts=("tw:2",)))
    assert copies.probability == alone.probability
    assert len(copies.witnesses) == 1
    assert two.probability > alone.probability
    assert len(two.witnesses) == 2


def test_a_denial_lowers_the_probability_and_never_supports() -> None:
    """A credible "it did not happen" counts against; one below even chance does not
    turn into support.
    """
    denial = report("z", feed="patrol", asserts=Assertion.DENIED)
    doubtful = report("z", feed="party", asserts=Assertion.DENIED, grade="E5")
    alone = formed(report("a"))
    denied = formed(report("a"), denial)
    assert denied.probability < alone.probability
    assert denied.contradicted_by == ("z",)
    assert [w.observations for w in denied.witnesses] == [("a",)]
    assert formed(report("a"), doubtful).probability == alone.probability


def test_an_improbable_report_makes_an_improbable_incident() -> None:
    """A report graded E5 is more likely false than true, and adds no doubt to a B2."""
    assert formed(report("a", grade="E5")).probability < 0.5
    both = formed(report("a"), report("b", feed="s", grade="E5"))
    assert both.probability == formed(report("a")).probability


def test_certainty_is_never_complete() -> None:
    """Sources err together, so forty of them leave doubt."""
    many = [report(f"r{k:02}", feed=f"feed{k}", grade="A1") for k in range(40)]
    assert form(many, PARAMETERS).probability == 0.995


def test_the_order_of_reports_makes_no_difference() -> None:
    """What is known does not depend on who was heard first."""
    one = report("a", posts=("tw:1",))
    two = report("b", feed="s", east_m=30.0)
    assert formed(one, two) == formed(two, one)


def test_denials_alone_form_nothing() -> None:
    """What nobody reported is no incident, however often it is denied."""
    denial = report("z", asserts=Assertion.DENIED)
    with pytest.raises(InvalidValue, match="1 denials and no report that says it occ"):
        form([denial], PARAMETERS)
