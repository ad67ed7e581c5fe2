"""The examples that are shipped beside an agreement, read as facts and expected
findings.

An example is a file that a lawyer can read: what is known, as of when, and what must be
found. Its reader is strict, because an expectation that is silently dropped would prove
nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from truce.agreement.load import load_agreement
from truce.compliance.assess import assess
from truce.compliance.model import Finding, IncidentFact, Verdict, WatchFact
from truce.identifiers import IncidentId
from truce.instants import Interval, instant_from_text
from truce.observations.kinds import Kind
from truce.places import Position

AGREEMENTS = Path(__file__).parents[2] / "agreements"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What an example says must be found for one clause."""

    clause: str
    verdict: Verdict
    incidents: tuple[str, ...]
    gravity: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """Facts, the moment from which they are judged, and the findings expected."""

    path: Path
    title: str
    agreement: Path
    as_of: datetime
    incidents: tuple[IncidentFact, ...]
    watches: tuple[WatchFact, ...]
    expected: tuple[Expected, ...]


def read_example(path: Path) -> Example:
    """The example in a file; an unknown key is an error."""
    raw = _keys(
        yaml.safe_load(path.read_text(encoding="utf-8")),
        {"example", "about", "agreement", "as of", "expected"},
        {"incidents", "watches"},
    )
    return Example(
        path=path,
        title=raw["example"],
        agreement=(path.parent / raw["agreement"]).resolve(),
        as_of=instant_from_text(raw["as of"]),
        incidents=tuple(_incident(one) for one in raw.get("incidents", [])),
        watches=tuple(_watch(one) for one in raw.get("watches", [])),
        expected=tuple(_expected(one) for one in raw["expected"]),
    )


def examples_under(folder: Path) -> list[Path]:
    """Every example file of an agreement's folder, in the order of their numbers."""
    return sorted((folder / "examples").glob("*.yaml"))


def findings_of(example: Example, text: bytes | None = None) -> dict[str, Finding]:
    """What compliance finds, by clause; `text` stands in for the agreement's own."""
    data = example.agreement.read_bytes() if text is None else text
    agreement = load_agreement(data, file=example.agreement.name)
    findings = assess(
        agreement, example.incidents, example.watches, as_of=example.as_of
    )
    return {finding.clause: finding for finding in findings}


def differences(example: Example, findings: dict[str, Finding]) -> list[str]:
    """What was found otherwise than expected, one line each."""
    lines = []
    for expected in example.expected:
        found = findings.get(expected.clause)
        if found is None:
            lines.append(f"{expected.clause}: no such clause")
            continue
        pairs = (
            ("verdict", expected.verdict, found.verdict),
            ("incidents", expected.incidents, found.incidents),
            ("gravity", expected.gravity, found.gravity),
            ("reason", expected.reason, found.reason),
        )
        lines += [
            f"{expected.clause} {name}: expected {want!r}, found {have!r}"
            for name, want, have in pairs
            if want != have
        ]
    return lines


def _keys(
    value: Any, required: set[str], optional: set[str] | None = None
) -> dict[str, Any]:
    assert isinstance(value, dict), f"expected a mapping, found {value!r}"
    missing, unknown = required - value.keys(), value.keys() - required
    assert not missing, f"missing {sorted(missing)}"
    assert unknown <= (optional or set()), f"unknown {sorted(unknown)}"
    return value


def _interval(raw: dict[str, Any]) -> Interval:
    return Interval(
        start=instant_from_text(raw["from"]), end=instant_from_text(raw["to"])
    )


def _incident(value: Any) -> IncidentFact:
    raw = _keys(
        value,
        {"id", "kinds", "probability", "at", "known to", "from", "to"},
        {"witnesses"},
    )
    at = _keys(raw["at"], {"lat", "lon"})
    return IncidentFact(
        incident=IncidentId(raw["id"]),
        position=Position(lat_deg=at["lat"], lon_deg=at["lon"]),
        sigma_m=_metres(raw["known to"]),
        interval=_interval(raw),
        kinds=tuple((Kind(kind), share) for kind, share in raw["kinds"].items()),
        probability=raw["probability"],
        witness_count=raw.get("witnesses", 1),
    )


def _watch(value: Any) -> WatchFact:
    raw = _keys(value, {"observer", "at", "range", "from", "to", "notices"})
    at = _keys(raw["at"], {"lat", "lon"})
    return WatchFact(
        centre=Position(lat_deg=at["lat"], lon_deg=at["lon"]),
        range_m=_metres(raw["range"]),
        interval=_interval(raw),
        detection_probability=raw["notices"],
        observer=raw["observer"],
    )


def _metres(text: str) -> float:
    number, unit = text.split()
    return float(number) * {"m": 1.0, "km": 1000.0}[unit]


def _expected(value: Any) -> Expected:
    raw = _keys(value, {"clause", "verdict", "reason"}, {"incidents", "gravity"})
    return Expected(
        clause=raw["clause"],
        verdict=Verdict(raw["verdict"]),
        incidents=tuple(raw.get("incidents", [])),
        gravity=raw.get("gravity", ""),
        reason=raw["reason"].strip(),
    )
