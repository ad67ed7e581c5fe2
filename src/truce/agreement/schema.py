"""The JSON Schema of an agreement's text, for editors that complete and underline.

It is made from the same keys and words that the loader knows. The loader is the
authority: names that refer to each other, clocks and shapes are beyond what a schema
can say.
"""

from enum import StrEnum
from typing import Final

from truce.agreement.load import FORMAT, OPTIONAL_KEYS, REQUIRED_KEYS
from truce.agreement.model import ClockChange, Status, TextKind
from truce.agreement.read_clauses import CLAUSE_KEYS, OPTIONAL_CLAUSE_KEYS
from truce.agreement.read_definitions import (
    DEFINITION_KEYS,
    KINDS_IN_CLAUSES,
    WATCHING_KEYS,
)
from truce.agreement.read_geography import FORMS, OPTIONAL_GEOGRAPHY_KEYS
from truce.canonical import Json

_TEXT: Final[dict[str, Json]] = {"type": "string", "minLength": 1}
_PROBABILITY: Final[dict[str, Json]] = {
    "type": "number",
    "exclusiveMinimum": 0,
    "maximum": 1,
}
# YAML 1.1 tools read 09:00 as a number and 2031-05-04 as a date; any scalar is let
# through.
_TIME: Final[dict[str, Json]] = {}


def agreement_schema() -> dict[str, Json]:
    """The schema as a JSON value. Source: JSON Schema, draft 2020-12."""
    properties: dict[str, Json] = dict.fromkeys(OPTIONAL_KEYS, _TEXT)
    properties |= {
        "format": {"enum": [int(FORMAT)]},
        "agreement": _TEXT,
        "title": _TEXT,
        "text": _words(TextKind),
        "status": _words(Status),
        "in force": _object(
            {"from": _TIME, "to": _TIME, "zone": _TEXT}, required={"from", "zone"}
        ),
        "parties": _named(_object({"name": _TEXT}, required={"name"})),
        "geography": _named(_geography()),
        "definitions": _named(_definition()),
        "watching": _object(
            dict.fromkeys(WATCHING_KEYS, _PROBABILITY), required=WATCHING_KEYS
        ),
        "clauses": {"type": "array", "minItems": 1, "items": _clause()},
    }
    schema = _object(properties, required=REQUIRED_KEYS)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Agreement, format {FORMAT}",
        **schema,
    }


def _object(
    properties: dict[str, Json], *, required: frozenset[str] | set[str]
) -> dict[str, Json]:
    """An object with these keys and no others."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list[Json](sorted(required)),
        "properties": {key: properties[key] for key in sorted(properties)},
    }


def _named(value: dict[str, Json]) -> dict[str, Json]:
    """An object whose keys are names of the author's choice, at least one."""
    return {"type": "object", "minProperties": 1, "additionalProperties": value}


def _words(words: type[StrEnum]) -> dict[str, Json]:
    return {"enum": [word.value for word in words]}


def _list_of(items: dict[str, Json]) -> dict[str, Json]:
    return {"type": "array", "minItems": 1, "items": items}


def _geography() -> dict[str, Json]:
    """One entry: exactly one of the forms, each with its own keys."""
    forms: list[Json] = []
    for form in sorted(FORMS):
        optional = OPTIONAL_GEOGRAPHY_KEYS | ({"feature"} if form == "file" else set())
        properties: dict[str, Json] = {key: {} for key in FORMS[form] | optional}
        properties["extent"] = {"enum": ["assumed"]}
        forms.append(_object(properties, required=FORMS[form]))
    return {"oneOf": forms}


def _definition() -> dict[str, Json]:
    properties: dict[str, Json] = dict.fromkeys(DEFINITION_KEYS, _PROBABILITY)
    kinds: dict[str, Json] = {"enum": list[Json](sorted(KINDS_IN_CLAUSES))}
    properties["incident of kind"] = _list_of(kinds)
    return _object(properties, required=DEFINITION_KEYS)


def _clause() -> dict[str, Json]:
    source = {key: dict(_TEXT) for key in ("document", "point", "link", "note")}
    properties: dict[str, Json] = dict.fromkeys(
        CLAUSE_KEYS | OPTIONAL_CLAUSE_KEYS, _TEXT
    )
    properties |= {
        "source": _object({**source}, required={"document"}),
        "by": _list_of(_TEXT),
        "during": _during(),
        "gravity": _named({"type": "integer", "minimum": 1}),
    }
    return _object(properties, required=CLAUSE_KEYS)


def _during() -> dict[str, Json]:
    hours: dict[str, Json] = {"from": _TIME, "to": _TIME}
    daily = _object(
        {**hours, "clock change": _words(ClockChange)}, required={"from", "to"}
    )
    return {
        "oneOf": [
            {"enum": ["time in force"]},
            _object(
                {"daily": {"oneOf": [{"enum": ["whole day"]}, daily]}},
                required={"daily"},
            ),
            _object({"day": _TIME, **hours}, required={"day", "from", "to"}),
            _object(
                {"day": _TIME, "hours": {"enum": ["unknown", "whole day"]}},
                required={"day", "hours"},
            ),
            _object(hours, required={"from", "to"}),
        ]
    }


__all__ = ["agreement_schema"]
