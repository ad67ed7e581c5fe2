"""Whether each clause was kept: the four answers, with incidents and reasons."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from truce.agreement.model import Agreement, Clause, Hours, Window
from truce.agreement.plane import Floats
from truce.agreement.windows import windows_until
from truce.compliance.explain import (
    text_of_km,
    text_of_moment,
    text_of_reason,
    text_of_share,
    text_of_span,
)
from truce.compliance.index_facts import FactIndex, Flags, index_facts
from truce.compliance.model import Finding, IncidentFact, Verdict, WatchFact
from truce.compliance.weigh_incidents import Weighed, weigh_incidents
from truce.compliance.weigh_position import edge_distances_m
from truce.compliance.weigh_watching import Watched, share_watched
from truce.instants import Interval, verify_instant
from truce.observations.kinds import Kind

# Raised whenever the same facts would be judged otherwise.
VERSION: Final = "compliance-1"
# Probabilities that differ by less are the same: 0.8 x 1 x 1 must reach 0.8 after
# rounding.
_ROUNDING: Final = 1e-6
# An incident less probable than this is not listed with a finding, though it still
# counts.
_LISTED_FROM: Final = 0.01
# What a watch is sworn to notice (observations.model.Watch): an explosion of ordinary
# size.
_NOTICED_KINDS: Final = frozenset(
    {Kind.EXPLOSION, Kind.EXPLOSION_IMPACT, Kind.EXPLOSION_OUTGOING}
)


def assess(
    agreement: Agreement,
    incidents: Sequence[IncidentFact],
    watches: Sequence[WatchFact],
    *,
    as_of: datetime,
) -> tuple[Finding, ...]:
    """The finding of every clause and window of the agreement, as of a moment.

    Findings are in the order of the clauses, then of their windows; the order of the
    facts does not matter. What every verdict means is written in
    docs/reference/agreements.md.
    """
    return assess_all([agreement], index_facts(incidents, watches), as_of=as_of)


def assess_all(
    agreements: Iterable[Agreement], facts: FactIndex, *, as_of: datetime
) -> tuple[Finding, ...]:
    """As `assess`, for many agreements over the same facts, which are put in columns
    once.
    """
    moment = verify_instant(as_of)
    return tuple(
        _assess_window(agreement, clause, window, facts, moment)
        for agreement in agreements
        for clause in agreement.clauses
        for window in windows_until(agreement, clause.id, moment)
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Question:
    """One clause in one window, with everything that bears on it."""

    agreement: Agreement
    clause: Clause
    window: Window
    facts: FactIndex
    as_of: datetime
    weighed: Weighed
    watched: Watched


def _assess_window(
    agreement: Agreement,
    clause: Clause,
    window: Window,
    facts: FactIndex,
    as_of: datetime,
) -> Finding:
    """The answer for one clause and window.

    1. What is proven in kind, place, time and by whom at once is a breach, whenever
       asked.
    2. Until the window is over, nothing else can be said.
    3. What would be a breach but for one thing that is not known leaves it
       undetermined.
    4. So does an incident, or several together, that may have happened there.
    5. Silence counts only where the place was watched.
    """
    question = _Question(
        agreement=agreement,
        clause=clause,
        window=window,
        facts=facts,
        as_of=as_of,
        weighed=weigh_incidents(clause, window, facts),
        watched=_watched(agreement, clause, window, facts, as_of),
    )
    weighed, what = question.weighed, clause.what
    is_proven = _is_at_least(weighed.stated, what.proven_from)
    if _is_known_which(question) and (is_proven & weighed.is_inside).any():  # 1
        return _breached(question, weighed.chosen(is_proven & weighed.is_inside))
    is_doubtful = _is_at_least(weighed.possible, what.doubtful_from)
    if as_of < window.interval.end:  # 2
        return _pending(question, weighed.chosen(is_doubtful))
    for key, is_chosen in _unknowns(question):  # 3
        if is_chosen.any():
            return _undetermined(question, key, weighed.chosen(is_chosen))
    if is_doubtful.any():  # 4
        return _undetermined(
            question, "undetermined.doubtful", weighed.chosen(is_doubtful)
        )
    combined = -np.expm1(np.log1p(-np.minimum(weighed.possible, 1.0 - 1e-12)).sum())
    if combined >= what.doubtful_from - _ROUNDING:
        return _several_doubtful(question, float(combined))
    return _silent(question)  # 5


def _is_at_least(values: Floats, threshold: float) -> Flags:
    flags: Flags = values >= threshold - _ROUNDING
    return flags


def _binds_everyone(question: _Question) -> bool:
    """Whether it does not matter who did it, because the clause binds every party."""
    return {party.key for party in question.agreement.parties} <= set(
        question.clause.by
    )


def _is_known_which(question: _Question) -> bool:
    """Whether neither unknown hours nor an unknown author stand in the way."""
    return question.window.hours is Hours.STATED and _binds_everyone(question)


def _unknowns(question: _Question) -> Iterator[tuple[str, Flags]]:
    """Incidents that are proven but for one thing, with the key of the reason, in
    order.
    """
    weighed, proven_from = question.weighed, question.clause.what.proven_from
    is_certain = _is_at_least(weighed.possible, proven_from)
    if question.window.hours is Hours.UNKNOWN:
        yield "undetermined.hours-unknown", is_certain
    if not _binds_everyone(question):
        yield "undetermined.unattributed", is_certain & weighed.is_inside
    yield "undetermined.extent-assumed", is_certain & weighed.is_inside
    yield "undetermined.outside-hours", is_certain


def _watched(
    agreement: Agreement,
    clause: Clause,
    window: Window,
    facts: FactIndex,
    as_of: datetime,
) -> Watched:
    """How much of the place was watched, of that part of the window that is over."""
    if not clause.what.kinds & _NOTICED_KINDS or as_of <= window.interval.start:
        return Watched(0.0, 0.0)
    over = Interval(start=window.interval.start, end=min(window.interval.end, as_of))
    return share_watched(
        clause.area.shape,
        over,
        facts.watches_in(over),
        noticed_from=agreement.watching.noticed_from,
    )


def _breached(question: _Question, proven: Weighed) -> Finding:
    facts = question.facts
    count = len(proven.rows)
    since = min(facts.incidents[row].interval.start for row in proven.rows)
    gravity = ""
    for name, count_from in question.clause.gravity:
        gravity = name if count >= count_from else gravity
    values = _incident_values(question, proven, stated=True)
    return _finding(
        question,
        Verdict.BREACHED,
        "breached",
        (*values, ("count", str(count))),
        incidents=proven,
        since=since,
        gravity=gravity,
    )


def _pending(question: _Question, doubtful: Weighed) -> Finding:
    zone, end = question.agreement.zone, question.window.interval.end
    return _finding(
        question,
        Verdict.PENDING,
        "pending.doubt" if len(doubtful.rows) else "pending",
        (
            ("decided_at", text_of_moment(end, zone)),
            ("count", str(len(doubtful.rows))),
        ),
        incidents=doubtful,
        decided_at=end,
    )


def _undetermined(question: _Question, key: str, chosen: Weighed) -> Finding:
    stated = text_of_share(float(chosen.stated[0]))
    by = [p.name for p in question.agreement.parties if p.key in question.clause.by]
    values = (
        *_incident_values(question, chosen, stated=False),
        ("count", str(len(chosen.rows))),
        ("probability_stated", stated),
        ("by", ", ".join(by)),
    )
    return _finding(question, Verdict.UNDETERMINED, key, values, incidents=chosen)


def _several_doubtful(question: _Question, combined: float) -> Finding:
    weighed = question.weighed
    is_listed = weighed.possible >= _LISTED_FROM
    is_listed[:1] = True
    listed = weighed.chosen(is_listed)
    values = (
        *_incident_values(question, listed, stated=False),
        ("count", str(len(listed.rows))),
        ("combined", text_of_share(combined)),
    )
    return _finding(
        question,
        Verdict.UNDETERMINED,
        "undetermined.several-doubtful",
        values,
        incidents=listed,
    )


def _silent(question: _Question) -> Finding:
    """Met where somebody watched; otherwise nobody knows."""
    watching = question.agreement.watching
    if not question.clause.what.kinds & _NOTICED_KINDS:
        return _finding(question, Verdict.UNDETERMINED, "undetermined.other-watch", ())
    if question.watched.looked_share == 0.0:
        key = "undetermined.nobody-looked"
        return _finding(question, Verdict.UNDETERMINED, key, ())
    values = (
        ("seen", f"{100.0 * question.watched.seen_share:.0f} %"),
        ("noticed", f"{watching.noticed_from:g}"),
        ("share_required", f"{100.0 * watching.share_from:g} %"),
    )
    if question.watched.seen_share >= watching.share_from - _ROUNDING:
        return _finding(question, Verdict.MET, "met", values)
    return _finding(question, Verdict.UNDETERMINED, "undetermined.unseen", values)


def _incident_values(
    question: _Question, weighed: Weighed, *, stated: bool
) -> tuple[tuple[str, str], ...]:
    """What, how far, when and how sure, of the most telling incident."""
    clause, zone = question.clause, question.agreement.zone
    incident = question.facts.incidents[weighed.rows[0]]
    shape = clause.area.stated if stated else clause.area.shape
    assert shape is not None, "nothing is proven in an area of which nothing is stated"
    edge_m = float(
        edge_distances_m(
            shape,
            np.array([incident.position.lat_deg]),
            np.array([incident.position.lon_deg]),
        )[0]
    )
    probability = weighed.stated[0] if stated else weighed.possible[0]
    return (
        ("kind", _likeliest_kind(incident, clause)),
        ("when", text_of_span(incident.interval, zone)),
        ("side", "inside" if edge_m <= 0.0 else "outside"),
        ("edge_km", text_of_km(abs(edge_m))),
        ("sigma_km", text_of_km(incident.sigma_m)),
        ("probability", text_of_share(float(probability))),
        ("required", f"{clause.what.proven_from:g}"),
        ("doubtful", f"{clause.what.doubtful_from:g}"),
    )


def _likeliest_kind(incident: IncidentFact, clause: Clause) -> str:
    """The most probable of the kinds that the clause prohibits; by name where equal."""
    meant = [
        (share, kind) for kind, share in incident.kinds if kind in clause.what.kinds
    ]
    return min(meant, key=lambda pair: (-pair[0], pair[1]))[1].value


def _finding(
    question: _Question,
    verdict: Verdict,
    key: str,
    values: tuple[tuple[str, str], ...],
    *,
    incidents: Weighed | None = None,
    since: datetime | None = None,
    decided_at: datetime | None = None,
    gravity: str = "",
) -> Finding:
    clause, window = question.clause, question.window
    every_value = (
        ("status", question.agreement.status.value),
        ("what", clause.what.name),
        ("area", clause.area.name),
        ("window", text_of_span(window.interval, question.agreement.zone)),
        *values,
    )
    rows = () if incidents is None else incidents.rows
    return Finding(
        agreement=question.agreement.id,
        clause=clause.id,
        verdict=verdict,
        reason=text_of_reason(key, every_value),
        reason_key=key,
        reason_values=every_value,
        incidents=tuple(question.facts.incidents[row].incident for row in rows),
        since=since,
        decided_at=decided_at,
        seen_share=question.watched.seen_share,
        day=window.day,
        window=window.interval,
        gravity=gravity,
    )


__all__ = ["VERSION", "assess", "assess_all"]
