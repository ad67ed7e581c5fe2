"""One question, one answer: list, map, timeline and totals come from one count."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from truce.observations.kinds import Kind
from truce.picture.answer import Answer, Facets, Option, Totals
from truce.picture.histogram import histogram
from truce.picture.ports import AsOf, PictureSource
from truce.picture.question import (
    Box,
    Question,
    Sort,
    State,
    word_from_province,
)
from truce.picture.sights import Picture, Sight, picture_for
from truce.release.gate import OPEN_GATE, Gate
from truce.release.model import ProbabilityBand, Reader

# The filters that offer choices with counts. Each is counted over what passes all the
# others, so that a count says what choosing it would bring.
_KIND, _STATE, _FEED, _TIME, _REST = "kind", "state", "feed", "time", "rest"
_PROVINCE, _BAND = "province", "band"
_KIND_ORDER: Final = {kind: rank for rank, kind in enumerate(Kind)}
_STATE_ORDER: Final = {state: rank for rank, state in enumerate(State)}
# The surest first, as reports list them.
_BANDS: Final = (
    ProbabilityBand.LIKELY,
    ProbabilityBand.POSSIBLE,
    ProbabilityBand.UNLIKELY,
)


def ask(
    source: PictureSource,
    question: Question,
    reader: Reader,
    as_of: AsOf,
    *,
    gate: Gate = OPEN_GATE,
) -> Answer:
    """What the reader is given in answer to a question about a record."""
    picture = picture_for(source, reader, as_of, gate=gate)
    return answer_from(picture, question, zone=ZoneInfo(source.time_zone))


def answer_from(picture: Picture, question: Question, *, zone: tzinfo = UTC) -> Answer:
    """The answer to a question about a picture that is already at hand."""
    failing = [(sight, failed_filters(question, sight)) for sight in picture.sights]
    matched = [sight for sight, failed in failing if not failed]
    _sort(matched, question.sort)
    timed = [
        (sight.incident.interval, sight.state, not failed)
        for sight, failed in failing
        if failed <= {_TIME}
    ]
    return Answer(
        question=question,
        reader=picture.reader,
        as_of=picture.as_of,
        matched=tuple(matched),
        totals=_totals(picture, matched),
        facets=_facets(question, failing),
        histogram=histogram(timed, zone=zone),
    )


def failed_filters(question: Question, sight: Sight) -> frozenset[str]:
    """Which of the question's filters a sight does not pass; empty for a match."""
    failed = set()
    incident = sight.incident
    if question.kinds and incident.kind not in question.kinds:
        failed.add(_KIND)
    if question.states and sight.state not in question.states:
        failed.add(_STATE)
    if question.feeds and not set(question.feeds).intersection(sight.feeds):
        failed.add(_FEED)
    if question.provinces and (incident.province or "") not in question.provinces:
        failed.add(_PROVINCE)
    if question.bands and incident.probability_band not in question.bands:
        failed.add(_BAND)
    if _is_outside(question, incident.interval.start, incident.interval.end):
        failed.add(_TIME)
    rest = (
        incident.probability >= question.probability_min,
        question.box is None or _is_in_box(question.box, sight),
        not question.text or _holds_words(sight.words, question.text),
    )
    if not all(rest):
        failed.add(_REST)
    return frozenset(failed)


def _is_outside(question: Question, start: datetime, end: datetime) -> bool:
    if question.since and end < question.since:
        return True
    return question.until is not None and start > question.until


def _is_in_box(box: Box, sight: Sight) -> bool:
    """Whether the place that is shown lies in the box; what has none lies in no box."""
    position = sight.incident.position
    return position is not None and box.holds(position.lat_deg, position.lon_deg)


def _holds_words(words: str, text: str) -> bool:
    """Whether every word of the text is found, in any order and in any letter case."""
    return all(word in words for word in text.casefold().split())


def _sort(matched: list[Sight], sort: Sort) -> None:
    """Sort in place; ties stand newest first, then by reference."""
    matched.sort(key=lambda s: s.reference)
    matched.sort(key=lambda s: s.incident.interval.start, reverse=True)
    keys: dict[str, Callable[[Sight], float | int | str]] = {
        "time": lambda s: s.incident.interval.start.timestamp(),
        "probability": lambda s: s.incident.probability,
        "witnesses": lambda s: s.incident.witness_count,
        "kind": lambda s: _KIND_ORDER[s.incident.kind],
        "state": lambda s: _STATE_ORDER[s.state],
        "place": lambda s: s.place.casefold(),
    }
    matched.sort(key=keys[sort.lstrip("-")], reverse=sort.startswith("-"))


def _totals(picture: Picture, matched: list[Sight]) -> Totals:
    on_map = sum(1 for sight in matched if sight.incident.position is not None)
    states = Counter(sight.state for sight in matched)
    kinds = Counter(sight.incident.kind for sight in matched)
    return Totals(
        known=len(picture.sights),
        matched=len(matched),
        shown_on_map=on_map,
        by_province_only=len(matched) - on_map,
        by_state=tuple((s.value, states[s]) for s in State if states[s]),
        by_kind=tuple((k.value, kinds[k]) for k in Kind if kinds[k]),
    )


def _facets(question: Question, failing: list[tuple[Sight, frozenset[str]]]) -> Facets:
    kinds: Counter[str] = Counter()
    states: Counter[str] = Counter()
    feeds: Counter[str] = Counter()
    provinces: Counter[str] = Counter()
    bands: Counter[str] = Counter()
    for sight, failed in failing:
        if failed <= {_KIND}:
            kinds[sight.incident.kind] += 1
        if failed <= {_STATE}:
            states[sight.state] += 1
        if failed <= {_FEED}:
            feeds.update(sight.feeds)
        if failed <= {_PROVINCE}:
            provinces[word_from_province(sight.incident.province or "")] += 1
        if failed <= {_BAND}:
            bands[sight.incident.probability_band] += 1
    known_kinds = {sight.incident.kind for sight, _ in failing} | set(question.kinds)
    known_feeds = {feed for sight, _ in failing for feed in sight.feeds}
    known_provinces = {sight.incident.province or "" for sight, _ in failing}
    asked = tuple(map(word_from_province, question.provinces))
    return Facets(
        kinds=_options((k for k in Kind if k in known_kinds), kinds, question.kinds),
        states=_options(State, states, question.states),
        feeds=_options(
            sorted(known_feeds | set(question.feeds)), feeds, question.feeds
        ),
        provinces=_options(
            map(word_from_province, sorted(known_provinces | set(question.provinces))),
            provinces,
            asked,
        ),
        bands=_options(_BANDS, bands, question.bands),
    )


def _options(
    words: Iterable[str], counts: Counter[str], chosen: tuple[str, ...]
) -> tuple[Option, ...]:
    return tuple(
        Option(word=str(word), count=counts[word], is_chosen=word in chosen)
        for word in words
    )


__all__ = ["answer_from", "ask", "failed_filters"]
