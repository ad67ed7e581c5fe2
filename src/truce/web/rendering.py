"""Pages from templates: every text through wording, every value through figures."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from truce import wording
from truce.instants import text_from_instant
from truce.observations.kinds import Kind
from truce.observations.model import Grade
from truce.picture import State
from truce.picture.question import Sort
from truce.picture.sights import Picture, Sight
from truce.release.model import Reader, ReleasedFinding, ReleasedIncident
from truce.web.figures import Figures, radius_95_m
from truce.web.frame import Frame
from truce.web.site import Site
from truce.wording import LANGUAGES, counted, keys, raw_text, text

STATIC: Final = Path(str(files("truce.web"))) / "static"
# Texts that scripts say. They are sent with each page, in its language only.
_SCRIPT_TEXTS: Final = ("verify.", "live.", "map.", "timeline.", "clocks.", "month.")


# Texts that say that there is none. Only the mechanism is given all there is, so that
# others are told that none is shown (the same key with `.shown`).
_NONE: Final = frozenset(
    {
        "agreement.empty",
        "agreement.empty.help",
        "clocks.none",
        "incident.no_finding",
        "state.none",
    }
)


@dataclass(frozen=True, slots=True)
class DeskLink:
    """One entry of the rail."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Clocks:
    """What runs and what has happened, for the bar at the top."""

    breached: int
    next_at: datetime | None
    next_clause: str
    next_anchor: str


@cache
def environment() -> Environment:
    """The templates; an unknown name is an error, and all text is escaped."""
    return Environment(
        loader=PackageLoader("truce.web"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def static_digest() -> str:
    """A name for the files as they are now, so that browsers may keep them."""
    whole = hashlib.sha256()
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            whole.update(path.relative_to(STATIC).as_posix().encode())
            whole.update(path.read_bytes())
    return whole.hexdigest()[:12]


def asset(name: str) -> str:
    """The address of a file that this server ships."""
    return f"/static/{static_digest()}/{name}"


def clocks_from(picture: Picture) -> Clocks:
    """How many breaches are alleged, and what is decided next."""
    breached = sum(1 for f in picture.findings if f.verdict == "breached")
    coming = [
        (f.decided_at, f.clause, f"finding-{number}")
        for number, f in enumerate(picture.findings)
        if f.decided_at and f.decided_at > picture.as_of.instant
    ]
    at, clause, anchor = min(coming, default=(None, "", ""))
    return Clocks(breached, at, clause, anchor)


def page(site: Site, frame: Frame, template: str, **values: Any) -> str:
    """A page, or the part of one, in the language of its frame."""
    picture = site.desk.picture(frame.reader, frame.as_of)
    return (
        environment()
        .get_template(template)
        .render(
            frame=_FrameView(site, frame, values.pop("desk", "")),
            clocks=clocks_from(picture),
            question=frame.question,
            opened=frame.opened,
            is_swap=frame.is_swap,
            asset=asset,
            anchor=lambda finding: f"finding-{picture.findings.index(finding)}",
            link=frame.link,
            ask=frame.ask,
            ask_nothing=frame.ask_nothing,
            iso=text_from_instant,
            kind_symbol=kind_symbol,
            radius_95=radius_95_m,
            states=tuple(State),
            sorts=tuple(Sort),
            **_texts(frame),
            **_figures(site, frame),
            **values,
        )
    )


def kind_symbol(kind: str) -> str:
    """The name of a kind's symbol: a dot has a meaning in addresses of parts."""
    return f"kind-{kind.replace('.', '-')}"


class _FrameView:
    """A frame with what only templates ask of it."""

    def __init__(self, site: Site, frame: Frame, desk: str) -> None:
        source = site.desk.source
        self._frame = frame
        self.desk = desk
        self.record_name = source.record_name
        self.record_kind = source.record_kind.value
        self.kind_word = text(frame.language, f"record.{source.record_kind.value}")
        self.zone_name = source.time_zone
        self.languages = LANGUAGES
        self.desks = _desks(site)
        self.script_words = _script_words(frame.language)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._frame, name)


def _desks(site: Site) -> tuple[DeskLink, ...]:
    desks = [
        DeskLink("picture", "/"),
        DeskLink("incidents", "/incidents"),
        DeskLink("agreement", "/agreement"),
        DeskLink("record", "/record"),
    ]
    if site.report is not None:
        desks.insert(3, DeskLink("reports", "/reports/daily"))
    return tuple(desks)


@cache
def _script_words(language: str) -> Mapping[str, str]:
    wanted = [key for key in sorted(keys(language)) if key.startswith(_SCRIPT_TEXTS)]
    wanted += [f"kind.{kind.value}" for kind in Kind]
    wanted += [f"state.{state.value}" for state in State]
    wanted.append("state.none.shown")
    return {key: raw_text(language, key) for key in wanted}


def _texts(frame: Frame) -> dict[str, Any]:
    language = frame.language

    def reason(finding: ReleasedFinding) -> str:
        return reason_text(language, finding)

    def count_text(key: str, count: int, *, with_number: bool = False) -> str:
        word = counted(language, key, count)
        return f"{count} {word}" if with_number else word

    def witness_text(incident: ReleasedIncident) -> str:
        key = "witnesses.capped" if incident.is_witness_count_capped else ""
        if key:
            return text(language, key, count=incident.witness_count)
        return counted(language, "witnesses.count", incident.witness_count)

    def grade_text(grade: Grade) -> str:
        return text(
            language,
            "grade",
            reliability=text(language, f"reliability.{grade.reliability}"),
            credibility=text(language, f"credibility.{grade.credibility}"),
        )

    def place_name(sight: Sight) -> str:
        # Ukrainian pages are read by people who read a source's Cyrillic word.
        return sight.place if language == "uk" else sight.latin_place

    def say(key: str, **values: object) -> str:
        # What is withheld from a reader must not read as if there were none.
        is_given = frame.reader is Reader.MECHANISM or key not in _NONE
        return text(language, key if is_given else f"{key}.shown", **values)

    return {
        "t": say,
        "tl": text,
        "counted": count_text,
        "reason": reason,
        "witness_text": witness_text,
        "witness_count": _witness_count,
        "grade_text": grade_text,
        "place_name": place_name,
    }


def reason_text(language: str, finding: ReleasedFinding) -> str:
    """Why a finding is as it is, in a language if its key is known, else in English."""
    return wording.reason_text(
        language, finding.reason_key, finding.reason_values, default=finding.reason
    )


def _witness_count(incident: ReleasedIncident) -> str:
    more = "+" if incident.is_witness_count_capped else ""
    return f"{incident.witness_count}{more}"


def _figures(site: Site, frame: Frame) -> dict[str, Any]:
    figures = Figures(frame.language, site.desk.zone)
    names = (
        "clock coordinates day decimal kilometres local_input moment number percent "
        "span_long span_short span_utc tick_text weekday whole"
    )
    return {name: getattr(figures, name) for name in names.split()}


__all__ = ["STATIC", "asset", "environment", "kind_symbol", "page", "reason_text"]
