"""What the parties say: exaggerated, denied, misplaced and invented."""

from collections import Counter
from datetime import timedelta

from truce.exercise._claims import COMMUNIQUES, communique, urgent_claims
from truce.exercise._events import EventKind, Story
from truce.exercise._front import EASTERN, WESTERN, other_party
from truce.exercise._gazetteer import in_three_scripts
from truce.exercise._plane import gap_m
from truce.exercise._towns import Town, towns
from truce.exercise._world import events
from truce.formats.party_claims import Claim

_SEED = 1
_REACH = timedelta(hours=3)


def _claims(party: str) -> list[Claim]:
    made = [
        claim
        for day in range(10)
        for index in range(len(COMMUNIQUES))
        for claim in communique(_SEED, party, day, index)
    ]
    return made + [c for day in range(10) for c in urgent_claims(_SEED, party, day)]


def _town(name: str) -> Town:
    return next(town for town in towns() if name in in_three_scripts(town.name))


def test_places_are_written_in_three_scripts() -> None:
    """The gazetteer must find a town however a clerk spells it; no script is a side."""
    for party in (WESTERN, EASTERN):
        spellings = {
            in_three_scripts(_town(c.place).name).index(c.place) for c in _claims(party)
        }
        assert spellings == {0, 1, 2}


def test_each_party_accuses_denies_and_never_confesses() -> None:
    """A party never claims to have fired itself."""
    for party in (WESTERN, EASTERN):
        claims = _claims(party)
        asserted = Counter(claim.asserts for claim in claims)
        assert asserted["occurred"] > 5 * asserted["denied"] > 0
        assert {claim.party for claim in claims} == {party}
        for claim in claims:
            if claim.asserts == "occurred":
                assert claim.text.startswith(other_party(party))


def test_some_claims_are_of_nothing_at_all() -> None:
    """No fire within ten kilometres and three hours of what is claimed: propaganda."""
    happened = [event for event in events(_SEED, 10) if event.fired_by]
    invented = 0
    for party in (WESTERN, EASTERN):
        for claim in _claims(party):
            spot = _town(claim.place).spot
            invented += claim.asserts == "occurred" and not any(
                gap_m(event.spot, spot) < 10_000.0
                and claim.start - _REACH < event.started_at < claim.end + _REACH
                for event in happened
            )
    assert 3 <= invented < 60


def test_losses_grow_in_the_telling() -> None:
    """Rounds claimed are never fewer than fired, and are often more."""
    rounds = {e.key: e.rounds for e in events(_SEED, 10)}
    claimed = [
        int(claim.text.split(" fired ")[1].split(" rounds")[0])
        for party in (WESTERN, EASTERN)
        for claim in _claims(party)
        if " fired " in claim.text
    ]
    assert sum(claimed) / len(claimed) > sum(rounds.values()) / len(rounds)


def test_the_staged_shelling_is_claimed_at_once_by_who_did_it() -> None:
    """The false flag: the shooter accuses the other within half an hour."""
    staged = next(
        event
        for event in events(_SEED, 10)
        if event.story is Story.FALSE_FLAG and event.kind is EventKind.IMPACT
    )
    claims = [
        claim
        for day in range(10)
        for claim in urgent_claims(_SEED, staged.fired_by, day)
        if claim.kind == "shelling"
    ]
    assert len(claims) == 1
    assert other_party(staged.fired_by) in claims[0].text
    delay = claims[0].stated_at - staged.ended_at
    assert timedelta(0) < delay < timedelta(minutes=30)


def test_nobody_speaks_of_the_future() -> None:
    """A claim of later than it was stated is refused; only a slip may make one."""
    for party in (WESTERN, EASTERN):
        for claim in _claims(party):
            assert claim.start <= claim.end <= claim.stated_at
            assert claim.claim_id
