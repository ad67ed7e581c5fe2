"""Lists as pages show them: rows with day headings, and what goes with them."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from truce.instants import text_from_instant
from truce.observations.kinds import NEVER_AN_INCIDENT, Kind
from truce.picture import Answer, query_from_question
from truce.picture.answer import Facets
from truce.picture.question import Sort, pairs_from_question
from truce.picture.sights import Sight
from truce.release.model import Reader
from truce.web.figures import Figures
from truce.web.frame import Frame
from truce.web.site import Site

_TIMED: Final = (Sort.NEWEST, Sort.OLDEST)
# The columns of the table of incidents, with the two orders each can be had in: the one
# that most people want first.
_COLUMNS: Final[tuple[tuple[str, bool, Sort | None, Sort | None], ...]] = (
    ("when", False, Sort.NEWEST, Sort.OLDEST),
    ("utc", False, None, None),
    ("kind", False, Sort.KIND, Sort.KIND_REVERSED),
    ("place", False, Sort.PLACE, Sort.PLACE_REVERSED),
    ("position", True, None, None),
    ("radius", True, None, None),
    ("probability", True, Sort.SUREST, Sort.LEAST_SURE),
    ("witnesses", True, Sort.MOST_WITNESSES, Sort.FEWEST_WITNESSES),
    ("state", False, Sort.STATE, Sort.STATE_REVERSED),
    ("reference", False, None, None),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list; `heading` is the day that begins with it, or empty."""

    sight: Sight
    heading: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table; `sort` is what its head leads to, `order` how it is."""

    name: str
    is_number: bool
    sort: Sort | None
    order: str


def listing(site: Site, frame: Frame, answer: Answer) -> dict[str, Any]:
    """What every template that lists an answer needs."""
    source = site.desk.source
    export_query = urlencode(
        (*pairs_from_question(frame.question, is_whole=False), *frame.kept)
    )
    box = dict(pairs_from_question(frame.question)).get("bbox", "")
    return {
        "answer": answer,
        "rows": rows_of(answer, Figures(frame.language, site.desk.zone)),
        "columns": columns_for(frame.question.sort),
        "query": export_query,
        "features_query": features_query(frame, answer),
        "edges_json": json.dumps(_edges(answer, Figures("en", site.desk.zone))),
        "page_query": query_from_question(frame.question),
        "counts_json": json.dumps(_counts(answer.facets), separators=(",", ":")),
        "export_name": export_name(source.record_kind.value, answer),
        "box_text": box,
        "legend_kinds": [k.value for k in Kind if k not in NEVER_AN_INCIDENT],
    }


def features_query(frame: Frame, answer: Answer) -> str:
    """The address of the map's features: the same question at the very same moment.

    Only the mechanism may name a position, and only there can the record have grown
    between the list and the map.
    """
    pairs = list(pairs_from_question(frame.question, is_whole=False))
    if answer.reader is not Reader.MECHANISM or answer.as_of.is_past:
        return urlencode((*pairs, *frame.kept))
    kept = [pair for pair in frame.kept if pair[0] not in ("at", "position")]
    pinned = [
        ("at", text_from_instant(answer.as_of.instant)),
        ("position", str(answer.as_of.count)),
    ]
    return urlencode((*pairs, *kept, *pinned))


def rows_of(answer: Answer, figures: Figures) -> tuple[Row, ...]:
    """The rows of the answer's page; days are headings where the list goes by time."""
    if answer.question.sort not in _TIMED:
        return tuple(Row(sight, "") for sight in answer.page_sights)
    rows, before = [], _day_before(answer, figures)
    for sight in answer.page_sights:
        day = figures.weekday(sight.incident.interval.start)
        rows.append(Row(sight, "" if day == before else day))
        before = day
    return tuple(rows)


def columns_for(sort: Sort) -> tuple[Column, ...]:
    """The columns of the table, each head leading to the order it does not have now."""
    columns = []
    for name, is_number, first, second in _COLUMNS:
        order = ""
        if sort in (first, second):
            order = "descending" if sort.startswith("-") else "ascending"
        wanted = second if sort is first else first
        columns.append(Column(name, is_number, wanted, order))
    return tuple(columns)


def export_name(record_kind: str, answer: Answer) -> str:
    """The name of a file with an answer: it says what kind of record it is from."""
    return f"{record_kind}-incidents-{_stamp(answer.as_of.instant)}"


def _stamp(instant: datetime) -> str:
    return instant.strftime("%Y%m%dT%H%MZ")


def _day_before(answer: Answer, figures: Figures) -> str:
    """The day of the row before this page's first, so that no heading comes twice."""
    first = (answer.page - 1) * answer.page_size
    if not 0 < first <= len(answer.matched):
        return ""
    return figures.weekday(answer.matched[first - 1].incident.interval.start)


def _edges(answer: Answer, figures: Figures) -> list[str]:
    """Where bars begin and the last one ends, as the fields of the form hold times."""
    bins = answer.histogram.bins
    starts = [figures.local_input(one.start, seconds=True) for one in bins]
    return starts + [figures.local_input(one.end, seconds=True) for one in bins[-1:]]


def _counts(facets: Facets) -> dict[str, int]:
    named = (
        ("kind", facets.kinds),
        ("state", facets.states),
        ("feed", facets.feeds),
        ("province", facets.provinces),
        ("band", facets.bands),
    )
    return {
        f"{name}:{option.word}": option.count
        for name, options in named
        for option in options
    }


__all__ = ["Column", "Row", "columns_for", "export_name", "listing", "rows_of"]
