"""A daily report: its window, its figures, its ledger, and what other readers get."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from truce.compliance.model import Verdict
from truce.errors import InvalidQuery
from truce.incidents.model import HistoryEntry
from truce.instants import Interval
from truce.observations.kinds import Kind
from truce.release import Coarseness, Gate, Policy, Reader, Rule, Thing
from truce.reporting import (
    Change,
    DailyReport,
    ReportInput,
    daily_report,
    moments_for,
    reconcile,
    report_window,
)
from truce.reporting.query import address_of

MakeReport = Callable[..., DailyReport]
MakeInput = Callable[[Reader], ReportInput]


def values(report: DailyReport) -> dict[str, int]:
    """Every figure by its key."""
    return {figure.key: figure.value for figure in report.figures}


def test_window_is_local(make_report: MakeReport) -> None:
    """Half past seven in the evening is local time, as the monitors of 2014-2022 had
    it."""
    window = report_window(date(2031, 5, 7), time(19, 30), "Europe/Kyiv")
    assert window.start == datetime(2031, 5, 6, 16, 30, tzinfo=UTC)
    assert window.end == datetime(2031, 5, 7, 16, 30, tzinfo=UTC)
    report = make_report()
    assert report.closed_at == datetime(2031, 5, 7, 17, 30, tzinfo=UTC)


def test_window_where_clocks_change() -> None:
    """The day on which clocks go forward has 23 hours, and no hour is lost or
    doubled."""
    spring = report_window(date(2031, 3, 30), time(19, 30), "Europe/Kyiv")
    autumn = report_window(date(2031, 10, 26), time(19, 30), "Europe/Kyiv")
    assert spring.duration == timedelta(hours=23)
    assert autumn.duration == timedelta(hours=25)


@pytest.mark.parametrize(
    ("day", "cut_off", "zone", "message"),
    [
        (date(2031, 5, 7), time(19, 30), "Mars/Olympus", "time zone is 'Mars/Olympus'"),
        (date(2031, 5, 7), time(19, 30), "../etc/passwd", "expected an IANA name"),
        (date(2031, 5, 7), time(19, 30, tzinfo=UTC), "UTC", "has a zone"),
        (date.min, time(19, 30), "UTC", "edge of the calendar"),
    ],
)
def test_window_of_nonsense_is_refused(
    day: date, cut_off: time, zone: str, message: str
) -> None:
    """A mistyped zone must not silently become UTC."""
    with pytest.raises(InvalidQuery, match=message):
        report_window(day, cut_off, zone)


def test_ledger_explains_each_difference(make_report: MakeReport) -> None:
    """4 at the opening, two new, one merged into old-2, one withdrawn: 4 at the
    closing."""
    report = make_report()
    lines = {line.change: line for line in report.ledger.lines}
    assert (report.ledger.opening.value, report.ledger.closing.value) == (4, 4)
    assert [d.reference for d in lines[Change.NEW].differences] == ["house", "shot"]
    merged = lines[Change.MERGED_OUT].differences[0]
    assert (merged.reference, merged.others) == ("old-0", ("old-2",))
    assert [d.reference for d in lines[Change.WITHDRAWN].differences] == ["old-1"]
    assert reconcile(report) == ()


def test_figures_of_the_mechanism(make_report: MakeReport) -> None:
    """Two of four incidents fall in the day; seven rows were read, five accepted."""
    found = values(make_report())
    assert found["kind/shot/day"] == 1
    assert found["kind/damage/record"] == 2
    assert found["kind/total/day"] == 2
    assert found["province/Westmark/day"] == 1
    assert found["province/-/day"] == 1
    assert found["band/likely/record"] == 4
    assert found["finding/ferry-truce 3/breached"] == 1
    assert found["verdict/breached/day"] == found["verdict/total/record"] == 1
    assert found["reading/stations/read"] == 7
    assert found["reading/total/accepted"] == 5
    assert found["reading/patrols/read"] == 0


def test_addresses_ask_the_pages_own_questions(make_report: MakeReport) -> None:
    """A figure's address carries kind, window and cut-off in the names that pages
    read."""
    by_key = {figure.key: figure for figure in make_report().figures}
    address = address_of(by_key["kind/shot/day"].query)
    assert address == (
        "/?kind=shot&from=2031-05-06T17%3A30%3A00Z&to=2031-05-07T17%3A30%3A00Z"
        "&at=2031-05-07T17%3A30%3A00Z"
    )
    nowhere = address_of(by_key["province/-/record"].query)
    assert nowhere.startswith("/?province=-&at=")
    clause = address_of(by_key["finding/ferry-truce 3/breached"].query)
    assert clause.startswith("/agreement?from=2031-05-06T17%3A30%3A00Z&to=")
    assert "&agreement=ferry-truce&clause=3&verdict=breached&at=" in clause
    change = address_of(by_key["ledger/new"].query)
    assert change == (
        "/incidents?since=2031-05-06T17%3A30%3A00Z&change=new"
        "&at=2031-05-07T17%3A30%3A00Z"
    )


def test_breaches_of_other_days_are_not_this_days(
    make_input: MakeInput, make_report: MakeReport
) -> None:
    """A breach of last week stays in the record's totals and leaves the day's list."""
    data = make_input(Reader.MECHANISM)
    start = data.before.at - timedelta(days=5)
    old = replace(
        data.after.findings[0],
        window=Interval(start=start, end=start + timedelta(days=1)),
    )
    changed = replace(data, after=replace(data.after, findings=(old,)))
    report = make_report(Reader.MECHANISM, changed)
    found = values(report)
    assert report.breaches == ()
    assert found["verdict/breached/day"] == 0
    assert found["verdict/breached/record"] == 1


def test_the_public_gets_no_sources_and_no_count(make_report: MakeReport) -> None:
    """Two weeks of delay: yesterday's shot is in no figure, nor that one is missing."""
    report = make_report(Reader.PUBLIC)
    found = values(report)
    assert report.withheld_count is None
    assert report.deliveries == ()
    assert "kind/shot/day" not in found
    assert not any(key.startswith("reading/") for key in found)
    assert "shot" not in repr(report.ledger)
    assert {line.change for line in report.ledger.lines} == {
        Change.REVISED_IN,
        Change.REVISED_OUT,
    }
    assert reconcile(report) == ()


def test_parties_are_told_of_impacts_to_come(
    make_input: MakeInput, make_report: MakeReport
) -> None:
    """Damage of half an hour ago is one impact withheld; a shot then is not counted."""
    data = make_input(Reader.PARTIES)
    recent = replace(
        data.after.incidents[3],
        interval=replace(
            data.after.incidents[3].interval,
            start=data.after.at - timedelta(minutes=30),
            end=data.after.at - timedelta(minutes=30),
        ),
    )
    kept = (*data.after.incidents[:3], recent)
    changed = replace(data, after=replace(data.after, incidents=kept))
    assert make_report(Reader.PARTIES, changed).withheld_count == 1


def test_served_findings_reach_the_parties(
    make_input: MakeInput, make_report: MakeReport
) -> None:
    """Only what the Commission served stands in the parties' report."""
    data = make_input(Reader.PARTIES)
    finding = data.after.findings[0]
    assert make_report(Reader.PARTIES, data).breaches == ()
    served = frozenset({(finding.agreement, finding.clause)})
    changed = replace(data, after=replace(data.after, served=served))
    report = make_report(Reader.PARTIES, changed)
    assert [one.verdict for one in report.breaches] == [Verdict.BREACHED]
    assert "shot was heard" not in repr(report.breaches)


def test_data_of_other_moments_are_refused(
    make_input: MakeInput, make_report: MakeReport
) -> None:
    """Findings of this evening would reach the public two weeks early."""
    data = make_input(Reader.PUBLIC)
    late = replace(data.after, findings_known_at=data.after.at)
    with pytest.raises(InvalidQuery, match="after: findings read as of 2031-05-07"):
        make_report(Reader.PUBLIC, replace(data, after=late))
    with pytest.raises(InvalidQuery, match="before: cut-off read as of"):
        make_report(Reader.PUBLIC, replace(data, before=data.after))


def test_a_day_that_is_not_over_is_refused(make_input: MakeInput) -> None:
    """A report frozen before its cut-off would not be the report of that day."""
    with pytest.raises(InvalidQuery, match="which is yet to come"):
        daily_report(
            make_input(Reader.MECHANISM),
            day=date(2031, 5, 7),
            cut_off=time(19, 30),
            zone="Etc/GMT-2",
            reader=Reader.MECHANISM,
            now=datetime(2031, 5, 7, 17, tzinfo=UTC),
        )


def _with_more_read(report: DailyReport) -> DailyReport:
    """The report with one more row read in its last delivery."""
    last = report.deliveries[-1]
    changed = replace(last, read=last.read + 1)
    return replace(report, deliveries=(*report.deliveries[:-1], changed))


def test_planted_disagreements_are_found(make_report: MakeReport) -> None:
    """Whatever is turned by one, the report is not issued and the place is named."""
    report = make_report()
    closing = replace(report.ledger.closing, value=5)
    wrong_total = replace(report, ledger=replace(report.ledger, closing=closing))
    assert any("closing total is 5" in fault for fault in reconcile(wrong_total))
    assert any("accepted, 2 quar" in f for f in reconcile(_with_more_read(report)))
    fewer = replace(report, shown=report.shown[1:])
    assert any(f.startswith("figure kind/") for f in reconcile(fewer))
    fewer_listed = replace(report, listed=report.listed[1:])
    assert any("kind/total/day is 2" in f for f in reconcile(fewer_listed))
    first = report.ledger.lines[0]
    for names in ((), first.differences[1:]):
        lines = (replace(first, differences=names), *report.ledger.lines[1:])
        found = reconcile(replace(report, ledger=replace(report.ledger, lines=lines)))
        assert found == (f"ledger: new counts 2 and names {len(names)}",)


def test_an_unexplained_difference_is_found(
    make_input: MakeInput, make_report: MakeReport
) -> None:
    """An incident that vanished without an entry in the history is named."""
    data = make_input(Reader.MECHANISM)
    history: tuple[HistoryEntry, ...] = data.history[1:]
    report = make_report(Reader.MECHANISM, replace(data, history=history))
    assert reconcile(report) == ("ledger: nothing in the history explains old-0",)


def test_the_day_before_must_agree(make_report: MakeReport) -> None:
    """Yesterday closed with another total, or a delivery lost its rows since: both
    told."""
    report = make_report()
    yesterday = replace(
        report,
        closed_at=report.opened_at,
        ledger=replace(report.ledger, closing=replace(report.ledger.closing, value=4)),
        deliveries=report.deliveries[:1],
    )
    assert reconcile(report, yesterday) == ()
    other = replace(report.ledger, closing=replace(report.ledger.closing, value=3))
    faults = reconcile(report, replace(yesterday, ledger=other))
    assert faults == ("previous day: opening total is 4 here, 3 there",)
    gone = replace(report, deliveries=report.deliveries[1:])
    assert any("statement 1 of feed patrols" in f for f in reconcile(gone, yesterday))


def test_made_later_it_is_the_same_report(make_input: MakeInput) -> None:
    """Asked for again a year on, the public's report of that day has not grown."""
    soon, late = (
        daily_report(
            make_input(Reader.PUBLIC),
            day=date(2031, 5, 7),
            cut_off=time(19, 30),
            zone="Etc/GMT-2",
            reader=Reader.PUBLIC,
            now=datetime(2031, 5, 8, tzinfo=UTC) + timedelta(days=days),
        )
        for days in (0, 365)
    )
    assert replace(late, made_at=soon.made_at) == soon


def test_what_is_no_longer_shown_is_told_from_what_is_gone(
    make_input: MakeInput,
) -> None:
    """A policy keeps outgoing fire from the mechanism: old-3 is a shot, and known."""
    policy = Policy(
        rules=(
            Rule(
                reader=Reader.MECHANISM,
                thing=Thing.OUTGOING_OR_WEAPON,
                coarseness=Coarseness.NOTHING,
            ),
        )
    )
    gate = Gate(policy=policy)
    data = make_input(Reader.MECHANISM)
    known = {one.id: one for one in data.after.incidents}
    revised = replace(data.after.incidents[1], kinds=((Kind.SHOT, 1.0),))
    known[revised.id] = revised
    cuts = [
        moments_for(Reader.MECHANISM, state.at, gate=gate).findings_known_at
        for state in (data.before, data.after)
    ]
    report = daily_report(
        replace(
            data,
            before=replace(data.before, findings_known_at=cuts[0]),
            after=replace(
                data.after,
                incidents=tuple(known.values()),
                findings_known_at=cuts[1],
            ),
        ),
        day=date(2031, 5, 7),
        cut_off=time(19, 30),
        zone="Etc/GMT-2",
        reader=Reader.MECHANISM,
        now=data.after.at,
        gate=gate,
    )
    lines = {line.change: line for line in report.ledger.lines}
    out = [one.reference for one in lines[Change.REVISED_OUT].differences]
    assert out == [revised.id]
    assert report.findings == ()
    assert reconcile(report) == ()


def test_an_empty_record_has_a_report(
    make_input: MakeInput, make_report: MakeReport
) -> None:
    """Before anything is known every total is 0 and agrees."""
    data = make_input(Reader.MECHANISM)
    nothing = replace(
        data,
        before=replace(data.before, incidents=(), deliveries=()),
        after=replace(data.after, incidents=(), findings=(), deliveries=()),
        history=(),
    )
    report = make_report(Reader.MECHANISM, nothing)
    assert set(values(report).values()) == {0}
    assert reconcile(report) == ()
