"""Today's incidents are a function of the set of live observations."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.incidents.invented_reports import heat, report

from truce.identifiers import StatementIndex
from truce.incidents import Engine, Parameters, associate, form, resolve
from truce.incidents.form import Formed
from truce.incidents.model import HistoryEntry, Incident
from truce.observations.kinds import Kind
from truce.observations.model import Assertion, Observation

# Small groups, so that the cutting of large ones is put to the test too.
PARAMETERS = Parameters(group_size_max=6, repeat_shares=(("curated", 0.02),))
_TEXTS = ("", "School 7 hit", "Market burning", "Crater by the school", "Two killed")


@st.composite
def worlds(draw: st.DrawFn) -> list[Observation]:
    """Some reports, hot pixels, alarms and denials, crowded into a few streets."""
    made: list[Observation] = []
    for k in range(draw(st.integers(1, 22))):
        east_m = float(draw(st.integers(0, 12)) * 55)
        day = draw(st.sampled_from((0.0, 0.0, 0.4, 1.0, 2.0)))
        if draw(st.integers(0, 5)) == 0:
            made.append(heat(f"r{k:02}", day=day, east_m=east_m))
            continue
        kind = draw(
            st.sampled_from((Kind.DAMAGE, Kind.EXPLOSION_IMPACT, Kind.HARM, Kind.ALARM))
        )
        made.append(
            report(
                f"r{k:02}",
                feed=draw(st.sampled_from(("curated", "crowd", "news"))),
                east_m=east_m,
                day=day,
                sigma_m=draw(st.sampled_from((20.0, 60.0, 400.0))),
                kind=kind,
                text=draw(st.sampled_from(_TEXTS)),
                posts=draw(st.sampled_from(((), ("tw:1",), ("tw:2",)))),
                asserts=draw(
                    st.sampled_from(
                        (Assertion.OCCURRED, Assertion.OCCURRED, Assertion.DENIED)
                    )
                ),
            )
        )
    return made


def content(incident: Incident) -> Formed:
    """An incident without its id."""
    return Formed(
        position=incident.position,
        ellipse=incident.ellipse,
        interval=incident.interval,
        kinds=incident.kinds,
        probability=incident.probability,
        witnesses=incident.witnesses,
        contradicted_by=incident.contradicted_by,
    )


def by_observations(found: list[Formed]) -> list[Formed]:
    """The incidents in the order of what they rest on."""
    return sorted(found, key=lambda one: one.witnesses[0].observations)


def batch(observations: list[Observation]) -> list[Formed]:
    """The incidents of all observations at once."""
    return by_observations(
        [form(group, PARAMETERS) for group in associate(observations, PARAMETERS)]
    )


@given(worlds(), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_order_and_batch_size_make_no_difference(
    world: list[Observation], chance: random.Random
) -> None:
    """ "Order of arrival does not change today's picture" (issue 2): one by one in any
    order, with some taken back, gives what all at once gives.
    """
    engine = Engine(PARAMETERS)
    shuffled = chance.sample(world, len(world))
    extra = [report(f"x{k}", east_m=70.0 * k, text="School 7 hit") for k in range(3)]
    position = 0
    engine.take(StatementIndex(position), added=extra)
    while shuffled:
        size = chance.randint(1, 4)
        position += 1
        engine.take(StatementIndex(position), added=shuffled[:size])
        del shuffled[:size]
    engine.take(
        StatementIndex(position + 1), added=[], removed=[one.id for one in extra]
    )
    found = by_observations([content(one) for one in engine.incidents])
    assert found == batch(world) == batch(world[::-1])


@given(worlds())
@settings(max_examples=60)
def test_every_report_supports_exactly_one_incident(world: list[Observation]) -> None:
    """Nothing is dropped silently, and nothing is counted twice."""
    reports = sorted(
        one.id
        for one in world
        if one.asserts is Assertion.OCCURRED and one.kind is not Kind.ALARM
    )
    held = [
        name
        for one in batch(world)
        for witness in one.witnesses
        for name in witness.observations
    ]
    assert sorted(held) == reports


@given(worlds(), st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_a_saved_state_goes_on_like_the_engine_itself(
    world: list[Observation], chance: random.Random
) -> None:
    """Restart anywhere in the log: the answers that follow are the same."""
    half = len(world) // 2
    engine = Engine(PARAMETERS)
    engine.take(StatementIndex(1), added=world[:half])
    again = Engine.restored(PARAMETERS, world[:half], engine.incidents)
    gone = [one.id for one in world[:half] if chance.random() < 0.3]
    for added, removed in ((world[half:], []), ([], gone)):
        position = StatementIndex(2)
        assert engine.take(position, added=added, removed=removed) == again.take(
            position, added=added, removed=removed
        )
    assert engine.incidents == again.incidents


@given(worlds(), st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_an_old_id_always_resolves(
    world: list[Observation], chance: random.Random
) -> None:
    """ "Splits and merges keep their history (an old id always resolves)" (issue 2): to
    incidents that live, and among them whoever holds what the id once held.
    """
    engine = Engine(PARAMETERS)
    history: list[HistoryEntry] = []
    held: dict[str, set[str]] = {}
    live: set[str] = set()
    for step, one in enumerate(chance.sample(world, len(world))):
        removed = [name for name in sorted(live) if chance.random() < 0.1]
        live -= set(removed)
        changes = engine.take(
            StatementIndex(step),
            added=[one],
            removed=[o.id for o in world if o.id in removed],
        )
        live.add(one.id)
        history += changes.history
        for incident in changes.formed_or_revised:
            held.setdefault(incident.id, set()).update(incident.observations)
    today = {one.id: set(one.observations) for one in engine.incidents}
    for name, once in held.items():
        found = resolve(history, name)  # type: ignore[arg-type]  # ids are texts here
        assert set(found) <= set(today)
        heirs = {key for key, now in today.items() if now & once}
        if name in today:
            assert name in found
        assert not heirs or set(found), (name, once)


def test_a_busy_city_stays_within_bounds() -> None:
    """20,000 reports on a city and a year: components are cut before they are weighed,
    so no group is larger than the bound, and each report stands somewhere.
    """
    chance = random.Random(20310301)
    world = [
        report(
            f"r{k:05}",
            feed="crowd",
            east_m=chance.gauss(0.0, 4000.0),
            north_m=chance.gauss(0.0, 4000.0),
            day=float(chance.randrange(365)),
            text=chance.choice(_TEXTS),
        )
        for k in range(20_000)
    ]
    groups = associate(world, PARAMETERS)
    assert max(map(len, groups)) <= PARAMETERS.group_size_max
    assert sum(map(len, groups)) == 20_000


def test_a_pile_of_reports_on_one_spot_stays_within_bounds() -> None:
    """The worst case: 600 reports that all fit each other are still cut and weighed."""
    world = [report(f"r{k:03}", feed=f"f{k % 7}", day=0.0) for k in range(600)]
    groups = associate(world, PARAMETERS)
    assert max(map(len, groups)) <= PARAMETERS.group_size_max
    assert sum(map(len, groups)) == 600
