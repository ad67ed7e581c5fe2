"""What each verdict needs, beyond what the shipped examples show."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.unit.agreement.invented_text import TEXT, with_during

from truce.agreement.load import load_agreement
from truce.agreement.model import Agreement
from truce.compliance.assess import assess
from truce.compliance.explain import (
    IF_IN_FORCE,
    PHRASES,
    TEMPLATES,
    text_of_km,
    text_of_reason,
    text_of_share,
)
from truce.compliance.index_facts import index_facts
from truce.compliance.model import Finding, IncidentFact, Verdict, WatchFact
from truce.identifiers import IncidentId
from truce.instants import Interval
from truce.observations.kinds import Kind
from truce.places import Position, moved

TOWN = Position(lat_deg=34.2, lon_deg=-42.6)
# The invented text's window: 09:00 to 16:00 in Kyiv on 4 May 2031.
OPENS, CLOSES = (datetime(2031, 5, 4, hour, tzinfo=UTC) for hour in (6, 13))
AFTER = CLOSES + timedelta(days=1)
MINUTE = timedelta(minutes=1)


def _agreement(text: bytes = TEXT.encode()) -> Agreement:
    return load_agreement(text, file="quiet.yaml")


def _incident(
    name: str = "one",
    *,
    start: datetime = OPENS + timedelta(hours=1),
    end: datetime | None = None,
    kind: Kind = Kind.EXPLOSION_IMPACT,
    share: float = 1.0,
    probability: float = 0.9,
    north_m: float = 0.0,
    sigma_m: float = 100.0,
) -> IncidentFact:
    rest = () if share == 1.0 else ((Kind.UNDETERMINED, 1.0 - share),)
    return IncidentFact(
        incident=IncidentId(name),
        position=moved(TOWN, east_m=0.0, north_m=north_m),
        sigma_m=sigma_m,
        interval=Interval(start=start, end=start if end is None else end),
        kinds=((kind, share), *rest),
        probability=probability,
        witness_count=1,
    )


def _watch(notices: float = 0.95) -> WatchFact:
    return WatchFact(
        centre=TOWN,
        range_m=30_000.0,
        interval=Interval(
            start=OPENS - timedelta(days=1), end=CLOSES + timedelta(days=1)
        ),
        detection_probability=notices,
        observer="post",
    )


def _finding(
    *incidents: IncidentFact,
    watches: tuple[WatchFact, ...] = (),
    as_of: datetime = AFTER,
    text: bytes = TEXT.encode(),
) -> Finding:
    (finding,) = assess(_agreement(text), incidents, watches, as_of=as_of)
    return finding


def test_every_probability_must_hold_at_once() -> None:
    """0.9 that it happened times 0.9 that it was fire is 0.81: enough; 0.9 x 0.88 is
    not."""
    enough, too_little = _incident(share=0.9), _incident(share=0.88)

    assert _finding(enough).verdict is Verdict.BREACHED
    assert _finding(too_little).reason_key == "undetermined.doubtful"


def test_a_threshold_is_reached_by_what_equals_it() -> None:
    """An agreement says "from 0.8": 0.8 is enough, however the products are rounded."""
    assert _finding(_incident(probability=0.8)).verdict is Verdict.BREACHED
    assert _finding(_incident(probability=0.2)).reason_key == "undetermined.doubtful"


def test_a_clause_is_decided_at_the_moment_it_said() -> None:
    """At 16:00 sharp the hours are over: a finding may not stay pending for ever."""
    assert _finding(as_of=CLOSES).verdict is Verdict.UNDETERMINED
    assert _finding(as_of=CLOSES - MINUTE).verdict is Verdict.PENDING


def test_a_breach_is_a_breach_before_the_window_ends() -> None:
    """At 11:00 an impact of 10:00 is known: nothing that follows can undo it."""
    finding = _finding(_incident(), as_of=OPENS + timedelta(hours=2))

    assert finding.verdict is Verdict.BREACHED
    assert finding.since == OPENS + timedelta(hours=1)
    assert finding.decided_at is None


def test_a_breach_began_with_the_first_proven_incident() -> None:
    """Impacts at 10:00 and 12:00, and a doubtful one at 09:30: the breach began at
    10:00."""
    finding = _finding(
        _incident("later", start=OPENS + timedelta(hours=3)),
        _incident("first"),
        _incident("doubtful", start=OPENS + timedelta(minutes=30), probability=0.5),
    )

    assert finding.since == OPENS + timedelta(hours=1)
    assert set(finding.incidents) == {"first", "later"}


def test_a_pending_clause_says_when_it_is_decided_and_what_may_count() -> None:
    """At 11:00 a weak report stands: pending until 16:00 local time, with the report
    listed."""
    finding = _finding(_incident(probability=0.4), as_of=OPENS + timedelta(hours=2))

    assert finding.verdict is Verdict.PENDING
    assert finding.decided_at == CLOSES
    assert finding.reason_key == "pending.doubt"
    assert finding.incidents == ("one",)


@pytest.mark.parametrize(
    ("start", "end", "verdict"),
    [
        (OPENS, OPENS, Verdict.BREACHED),
        (OPENS - MINUTE, OPENS, Verdict.MET),
        (CLOSES, CLOSES, Verdict.MET),
        (CLOSES - MINUTE, CLOSES, Verdict.BREACHED),
        (OPENS, CLOSES, Verdict.BREACHED),
        (OPENS - MINUTE, CLOSES, Verdict.UNDETERMINED),
        (OPENS - MINUTE, OPENS + MINUTE, Verdict.UNDETERMINED),
        (CLOSES - MINUTE, CLOSES + MINUTE, Verdict.UNDETERMINED),
        (CLOSES, CLOSES + MINUTE, Verdict.MET),
    ],
)
def test_the_hours_begin_with_their_first_moment_and_end_before_their_last(
    start: datetime, end: datetime, verdict: Verdict
) -> None:
    """Incidents around 09:00 and 16:00, where watched: two windows must not share a
    moment."""
    finding = _finding(_incident(start=start, end=end), watches=(_watch(),))

    assert finding.verdict is verdict


def test_an_incident_known_only_to_the_day_proves_no_breach_of_hours() -> None:
    """A certain impact of that day: that most of the day lies in the hours proves
    nothing."""
    day = OPENS - timedelta(hours=9)
    finding = _finding(
        _incident(start=day, end=day + timedelta(hours=24), probability=1.0),
        watches=(_watch(),),
    )

    assert finding.reason_key == "undetermined.outside-hours"


@pytest.mark.parametrize("hours", [0, 3, 24])
def test_unknown_hours_are_never_breached_on_timing_alone(hours: int) -> None:
    """Whatever is known of when on the day: the text's hours may have been others."""
    midnight = OPENS - timedelta(hours=9)
    finding = _finding(
        _incident(
            start=midnight, end=midnight + timedelta(hours=hours), probability=1.0
        ),
        _incident("two", start=midnight + timedelta(hours=23), probability=1.0),
        watches=(_watch(),),
        text=with_during("{day: 2031-05-04, hours: unknown}"),
    )

    assert finding.verdict is Verdict.UNDETERMINED
    assert finding.reason_key == "undetermined.hours-unknown"
    assert set(finding.incidents) == {"one", "two"}


def test_an_alarm_never_counts() -> None:
    """A siren all day, certain and in the middle of the town, where everything was
    heard."""
    finding = _finding(_incident(kind=Kind.ALARM, probability=1.0), watches=(_watch(),))

    assert finding.verdict is Verdict.MET
    assert finding.incidents == ()


def test_an_alarm_has_no_share_in_any_definition() -> None:
    """Even a definition made without the loader cannot turn a siren into a strike."""
    facts = index_facts([_incident(kind=Kind.ALARM, share=0.6)], [])

    assert facts.kind_share(frozenset({Kind.ALARM, Kind.SHOT})).tolist() == [0.0]


def test_an_incident_far_away_changes_nothing() -> None:
    """An impact 40 km off, with a position good to 100 m, in a watched town."""
    finding = _finding(_incident(north_m=40_000.0), watches=(_watch(),))

    assert finding.verdict is Verdict.MET


def test_a_place_known_only_to_the_province_excludes_nothing() -> None:
    """A hundred strikes somewhere in the province: together they may well include the
    town."""
    somewhere = [
        _incident(f"strike {n}", probability=1.0, sigma_m=40_000.0) for n in range(100)
    ]
    few, many = (
        _finding(*somewhere[:n], watches=(_watch(),)) for n in (10, len(somewhere))
    )

    assert few.verdict is Verdict.MET
    assert many.reason_key == "undetermined.several-doubtful"
    assert len(many.incidents) >= 1


def test_a_watch_for_explosions_says_nothing_of_weapons() -> None:
    """A clause against weapons near the line: a microphone does not see them."""
    text = TEXT.replace("[explosion, shot]", "[weapon.present]").encode()
    finding = _finding(watches=(_watch(),), text=text)

    assert finding.reason_key == "undetermined.other-watch"
    assert finding.seen_share == 0.0


def test_silence_of_a_bad_watch_is_told_apart_from_silence_of_none() -> None:
    """A post that notices one explosion in ten was there; without it, nobody was."""
    assert _finding(watches=(_watch(0.1),)).reason_key == "undetermined.unseen"
    assert _finding().reason_key == "undetermined.nobody-looked"


def test_only_what_is_over_of_the_window_has_been_seen() -> None:
    """At 12:30 local time, half way through: what was watched so far is all of that
    half."""
    half_way = OPENS + (CLOSES - OPENS) / 2
    so_far = replace(_watch(), interval=Interval(start=OPENS, end=half_way))
    finding = _finding(watches=(so_far,), as_of=half_way)

    assert finding.seen_share == pytest.approx(1.0)
    assert _finding(watches=(_watch(),), as_of=OPENS).seen_share == 0.0


def test_a_daily_clause_has_one_finding_for_every_day_with_its_own_id() -> None:
    """Breached on the first day, quiet and watched on the second, running on the
    third."""
    findings = assess(
        _agreement(with_during("{daily: whole day}")),
        [_incident()],
        [replace(_watch(), interval=Interval(start=OPENS, end=OPENS + timedelta(3)))],
        as_of=OPENS + timedelta(days=2),
    )

    assert [(f.id, f.verdict) for f in findings] == [
        ("quiet-night/Q1/2031-05-04", Verdict.BREACHED),
        ("quiet-night/Q1/2031-05-05", Verdict.MET),
        ("quiet-night/Q1/2031-05-06", Verdict.PENDING),
    ]


def test_gravity_counts_only_proven_incidents() -> None:
    """Two proven impacts and a doubtful one: `serious` begins at three."""
    text = (TEXT + "    gravity: {minor: 1, serious: 3}\n").encode()
    facts = [_incident("a"), _incident("b"), _incident("c", probability=0.5)]

    assert _finding(*facts, text=text).gravity == "minor"
    assert _finding(*facts[:2], _incident("c"), text=text).gravity == "serious"


def test_the_order_of_the_facts_does_not_matter() -> None:
    """The same forty facts in twenty orders give the same findings, byte for byte."""
    rng = random.Random(5)  # a shuffle, no secret
    incidents = [
        _incident(
            f"i{n}",
            start=OPENS + timedelta(minutes=rng.randint(-200, 600)),
            probability=rng.choice([0.05, 0.1, 0.5]),
            north_m=rng.choice([0.0, 2_000.0, 3_000.0]),
            sigma_m=rng.choice([50.0, 900.0]),
        )
        for n in range(30)
    ]
    watches = [replace(_watch(0.2), observer=f"post {n}") for n in range(10)]
    first = assess(_agreement(), incidents, watches, as_of=AFTER)
    for _ in range(20):
        rng.shuffle(incidents)
        rng.shuffle(watches)
        assert assess(_agreement(), incidents, watches, as_of=AFTER) == first


def test_a_proposal_is_judged_as_if_it_had_been_in_force_and_says_so() -> None:
    """A proposal binds nobody: a finding that did not say so would accuse the
    innocent."""
    text = TEXT.replace("status: agreed", "status: proposed").encode()
    finding = _finding(_incident(), text=text)

    assert finding.verdict is Verdict.BREACHED
    assert finding.reason.startswith(TEMPLATES[IF_IN_FORCE])
    assert not _finding(_incident()).reason.startswith(TEMPLATES[IF_IN_FORCE])


def test_another_language_needs_only_its_own_templates() -> None:
    """A page in Ukrainian: the key and the values say everything that the sentence
    says."""
    finding = _finding(_incident())
    french = text_of_reason(
        finding.reason_key,
        finding.reason_values,
        templates={"breached": "{kind}, {side} {area}: {probability}"},
        phrases={"kind/explosion.impact": "Un impact", "side/inside": "dans"},
    )

    assert french == "Un impact, dans area: 0.90"


def test_every_kind_has_its_words() -> None:
    """A kind without a phrase would put a code into a sentence."""
    assert {f"kind/{kind}" for kind in Kind} <= PHRASES.keys()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "< 0.01"),
        (0.0099, "< 0.01"),
        (0.01, "0.01"),
        (0.5, "0.50"),
        (0.99, "0.99"),
        (0.9999, "> 0.99"),
        (1.0, "1"),
    ],
)
def test_a_share_is_never_rounded_to_certainty(value: float, text: str) -> None:
    """0.9999 is not certain and 0.0099 not impossible: a sentence may not say so."""
    assert text_of_share(value) == text


def test_short_distances_keep_two_decimals() -> None:
    """150 m and 12.3 km: both readable, neither falsely exact."""
    assert (text_of_km(150.0), text_of_km(12_345.0)) == ("0.15", "12.3")
