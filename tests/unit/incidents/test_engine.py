"""Incidents kept up to date: ids, history, batches, saved states."""

from collections.abc import Sequence

import pytest
from tests.unit.incidents.invented_reports import report

from truce.errors import InvalidQuery, InvalidValue
from truce.identifiers import IncidentId, ObservationId, StatementIndex
from truce.incidents import Changes, Engine, Parameters, resolve
from truce.incidents.model import Change, HistoryEntry
from truce.observations.kinds import Kind
from truce.observations.model import Assertion, Observation

PARAMETERS = Parameters()


class Keeper:
    """An engine with its log position and its whole history."""

    def __init__(self) -> None:
        self.engine = Engine(PARAMETERS)
        self.position = 0
        self.history: list[HistoryEntry] = []

    def take(
        self, added: Sequence[Observation] = (), removed: Sequence[str] = ()
    ) -> Changes:
        """Take in and let go at the next position of the log."""
        self.position += 1
        changes = self.engine.take(
            StatementIndex(self.position),
            added=added,
            removed=[ObservationId(name) for name in removed],
        )
        self.history += changes.history
        return changes

    def holder(self, name: str) -> IncidentId:
        """The incident that an observation supports."""
        (found,) = [one.id for one in self.engine.incidents if name in one.observations]
        return found


def test_an_incident_keeps_its_id_while_reports_join() -> None:
    """A page that was bookmarked yesterday shows the same event today."""
    keeper = Keeper()
    (formed,) = keeper.take([report("a")]).formed_or_revised
    changes = keeper.take([report("b", feed="s", east_m=30.0)])
    (revised,) = changes.formed_or_revised
    assert revised.id == formed.id
    assert revised.observations == ("a", "b")
    assert [entry.change for entry in keeper.history] == [
        Change.FORMED,
        Change.REVISED,
    ]


def test_a_report_elsewhere_changes_nothing() -> None:
    """Only what a new report can touch is answered with."""
    keeper = Keeper()
    keeper.take([report("a")])
    changes = keeper.take([report("b", east_m=5000.0)])
    assert [one.observations for one in changes.formed_or_revised] == [("b",)]
    assert changes.gone == ()


def bridge_between_two() -> Keeper:
    """Two events 220 m apart: too far for one, unless others lie between."""
    keeper = Keeper()
    keeper.take([report("a", feed="f1"), report("b", feed="f2", east_m=10.0)])
    keeper.take([report("c", feed="f3", east_m=220.0)])
    assert keeper.holder("a") != keeper.holder("c")
    return keeper


def test_a_merger_keeps_the_larger_id_and_the_other_resolves_to_it() -> None:
    """An id that was printed in a report of last week still leads to the event."""
    keeper = bridge_between_two()
    larger, smaller = keeper.holder("a"), keeper.holder("c")
    middle = [report(f"m{k}", feed=f"f{k + 4}", east_m=60.0 + 30 * k) for k in range(4)]
    changes = keeper.take(middle)
    assert changes.gone == (smaller,)
    assert keeper.holder("c") == larger
    assert keeper.history[-2] == HistoryEntry(
        incident=smaller,
        position=StatementIndex(3),
        change=Change.MERGED,
        others=(larger,),
    )
    assert resolve(keeper.history, smaller) == (larger,)


def test_a_split_names_its_parts_and_the_old_id_resolves_to_all() -> None:
    """When the reports between are withdrawn, two events are left: both are found."""
    keeper = bridge_between_two()
    middle = [report(f"m{k}", feed=f"f{k + 4}", east_m=60.0 + 30 * k) for k in range(4)]
    keeper.take(middle)
    whole = keeper.holder("a")
    keeper.take(removed=[one.id for one in middle])
    part = keeper.holder("c")
    assert keeper.holder("a") == whole != part
    split = [entry for entry in keeper.history if entry.change is Change.SPLIT]
    assert [(entry.incident, entry.others) for entry in split] == [(whole, (part,))]
    assert resolve(keeper.history, whole) == tuple(sorted((whole, part)))


def test_a_withdrawn_incident_resolves_to_nothing() -> None:
    """Its only report was superseded: the id stays known, and stands for no event."""
    keeper = Keeper()
    (formed,) = keeper.take([report("a")]).formed_or_revised
    changes = keeper.take(removed=["a"])
    assert changes.gone == (formed.id,)
    assert keeper.engine.incidents == ()
    assert resolve(keeper.history, formed.id) == ()


def test_an_id_that_never_was_is_a_bad_question() -> None:
    """A mistyped id must not look like a withdrawn incident."""
    with pytest.raises(InvalidQuery, match="stands nowhere in the history"):
        resolve([], IncidentId("i0000001-x"))


def test_a_corrected_report_comes_and_goes_in_one_call() -> None:
    """A later statement supersedes an earlier one: the id of the event stays."""
    keeper = Keeper()
    keeper.take([report("a"), report("b", feed="s")])
    before = keeper.holder("a")
    keeper.take([report("b", feed="s", east_m=20.0)], removed=["b"])
    assert keeper.holder("b") == before


def test_a_report_that_is_live_cannot_come_again() -> None:
    """Twice the same id would count one witness twice."""
    keeper = Keeper()
    keeper.take([report("a")])
    with pytest.raises(InvalidValue, match=r"observation a .* is live already"):
        keeper.take([report("a")])


def test_a_denial_revises_and_its_withdrawal_revises_back() -> None:
    """Who contradicts is part of the incident, and is kept up to date like the rest."""
    keeper = Keeper()
    (first,) = keeper.take([report("a")]).formed_or_revised
    denial = report("z", feed="party", asserts=Assertion.DENIED)
    (denied,) = keeper.take([denial]).formed_or_revised
    assert denied.id == first.id
    assert denied.contradicted_by == ("z",)
    (back,) = keeper.take(removed=["z"]).formed_or_revised
    assert back == first


def test_an_alarm_changes_nothing_when_it_comes_or_goes() -> None:
    """A siren is passed over, so its removal must be too."""
    keeper = Keeper()
    assert keeper.take([report("a", kind=Kind.ALARM)]) == Changes()
    assert keeper.take(removed=["a"]) == Changes()


def test_a_restored_engine_goes_on_as_the_saved_one() -> None:
    """After a restart the next answers are the same, ids and history included."""
    saved = bridge_between_two()
    live = [report("a", feed="f1"), report("b", feed="f2", east_m=10.0)]
    live.append(report("c", feed="f3", east_m=220.0))
    other = Engine.restored(PARAMETERS, reversed(live), saved.engine.incidents)
    middle = [report(f"m{k}", feed=f"f{k + 4}", east_m=60.0 + 30 * k) for k in range(4)]
    position = StatementIndex(9)
    assert other.incidents == saved.engine.incidents
    for added, removed in ((middle, []), ([], [ObservationId("m1")])):
        assert other.take(position, added=added, removed=removed) == saved.engine.take(
            position, added=added, removed=removed
        )
    assert other.incidents == saved.engine.incidents


def test_a_saved_state_that_does_not_fit_is_refused() -> None:
    """Incidents of other observations would give wrong answers quietly."""
    keeper = Keeper()
    keeper.take([report("a")])
    with pytest.raises(InvalidValue, match="rebuild the state from the record"):
        Engine.restored(PARAMETERS, [report("b")], keeper.engine.incidents)
