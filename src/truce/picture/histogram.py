"""When things happened, as bars of an honest length in the record's own time zone."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from truce.instants import Interval
from truce.picture.answer import Bin, Histogram, Step, Tick
from truce.picture.question import State

# More bars than this are finer than a timeline of 800 pixels can show apart.
BINS_MAX: Final = 120
TICKS_MAX: Final = 10
# Fewer midnights than this leave a timeline too bare to read.
TICKS_MIN: Final = 3
# A selection with its margins is drawn by itself where it is at most this share of all;
# each margin is as long as the selection, and at least this share of all.
_NARROW_MAX: Final = 0.25
_MARGIN_MIN: Final = 0.0025
_LENGTHS: Final = {
    Step.MINUTE: timedelta(minutes=1),
    Step.FIVE_MINUTES: timedelta(minutes=5),
    Step.QUARTER: timedelta(minutes=15),
    Step.HOUR: timedelta(hours=1),
    Step.THREE_HOURS: timedelta(hours=3),
    Step.SIX_HOURS: timedelta(hours=6),
    Step.DAY: timedelta(days=1),
    Step.WEEK: timedelta(days=7),
    Step.MONTH: timedelta(days=30),
    Step.YEAR: timedelta(days=365),
}
_SHORT: Final = frozenset(list(Step)[:6])


def histogram(
    known: Sequence[tuple[Interval, State, bool]], *, zone: tzinfo
) -> Histogram:
    """Bars over intervals, each with its state and whether it is selected.

    Days, weeks, months and years begin at the zone's midnight. Empty for no intervals.
    Where a short part of a long time is selected, the bars are finer and show that part
    with its surroundings alone: of eight years a week would be no bar's width.
    """
    if not known:
        return Histogram(step=Step.DAY)
    middles = [middle_of(interval) for interval, _, _ in known]
    first, last = _shown(known, min(middles), max(middles))
    step = next(
        (step for step in Step if (last - first) / _LENGTHS[step] < BINS_MAX - 1),
        Step.YEAR,
    )
    edges = _edges(first, last, step, zone)
    counts = [0] * (len(edges) - 1)
    selected: list[dict[State, int]] = [{} for _ in counts]
    for middle, (_, state, is_selected) in zip(middles, known, strict=True):
        if not edges[0] <= middle < edges[-1]:
            continue
        index = bisect_right(edges, middle) - 1
        counts[index] += 1
        if is_selected:
            selected[index][state] = selected[index].get(state, 0) + 1
    bins = tuple(
        Bin(
            index=index,
            start=edges[index],
            end=edges[index + 1],
            count=count,
            selected=tuple((s, selected[index].get(s, 0)) for s in State),
        )
        for index, count in enumerate(counts)
    )
    return Histogram(step=step, bins=bins, ticks=_ticks(edges, zone))


def _shown(
    known: Sequence[tuple[Interval, State, bool]], first: datetime, last: datetime
) -> tuple[datetime, datetime]:
    """From when to when bars are drawn: all, or what is selected with its margins.

    Everything selected overlaps the span that somebody chose, so that the earliest end
    and the latest start tell it; long intervals that reach into it do not widen it.
    """
    chosen = [interval for interval, _, is_selected in known if is_selected]
    if not chosen or len(chosen) == len(known):
        return first, last
    edges = (min(one.end for one in chosen), max(one.start for one in chosen))
    start, end = min(edges), max(edges)
    margin = max(end - start, (last - first) * _MARGIN_MIN)
    if (end - start) + 2 * margin > (last - first) * _NARROW_MAX:
        return first, last
    return max(first, start - margin), min(last, end + margin)


def middle_of(interval: Interval) -> datetime:
    """The moment half-way, at which a bar counts what may have happened around it."""
    return interval.start + interval.duration / 2


def _edges(first: datetime, last: datetime, step: Step, zone: tzinfo) -> list[datetime]:
    edges = [_floor(first, step, zone)]
    while edges[-1] <= last:
        edges.append(_next(edges[-1], step, zone))
    return edges


def _floor(moment: datetime, step: Step, zone: tzinfo) -> datetime:
    """The start of the bar that holds a moment."""
    local = moment.astimezone(zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    if step in _SHORT:
        # In UTC from local midnight: a day of 23 or 25 hours stays without gaps.
        since = moment - midnight.astimezone(UTC)
        return midnight.astimezone(UTC) + since // _LENGTHS[step] * _LENGTHS[step]
    if step is Step.WEEK:
        midnight -= timedelta(days=local.weekday())
    elif step is Step.MONTH:
        midnight = midnight.replace(day=1)
    elif step is Step.YEAR:
        midnight = midnight.replace(month=1, day=1)
    return midnight.astimezone(UTC)


def _next(edge: datetime, step: Step, zone: tzinfo) -> datetime:
    if step in _SHORT:
        return edge + _LENGTHS[step]
    local = edge.astimezone(zone)
    if step is Step.YEAR:
        return local.replace(year=local.year + 1).astimezone(UTC)
    if step is Step.MONTH:
        year, month = divmod(local.month, 12)
        return local.replace(year=local.year + year, month=month + 1).astimezone(UTC)
    # Local arithmetic keeps midnight at midnight where the clocks change.
    return (local + _LENGTHS[step]).astimezone(UTC)


def _ticks(edges: Sequence[datetime], zone: tzinfo) -> tuple[Tick, ...]:
    """Marks at midnights where there are some to choose from, else evenly spread."""
    count = len(edges) - 1
    local = [edge.astimezone(zone) for edge in edges[:-1]]
    days = [i for i, edge in enumerate(local) if edge.hour == 0 and edge.minute == 0]
    chosen = days if len(days) >= TICKS_MIN else list(range(count))
    every = max(1, -(-len(chosen) // TICKS_MAX))
    return tuple(Tick(at=edges[i], share=i / count) for i in chosen[::every])


__all__ = ["BINS_MAX", "histogram", "middle_of"]
