"""The clauses of a text, each with its sentence, its source, and the names it uses."""

from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from truce.agreement.faults import Faults
from truce.agreement.model import Area, Clause, Definition, InForce, Party, Source
from truce.agreement.read_during import read_during
from truce.agreement.read_geography import area_called
from truce.agreement.read_values import (
    any_mapping,
    count_of,
    items_of,
    mapping_of,
    name_of,
    nearest_words,
    text_of,
    value_at,
    verify_name,
)
from truce.agreement.read_yaml import Mapping, Marked, Scalar
from truce.identifiers import ClauseId

CLAUSE_KEYS: Final = frozenset(
    {"id", "says", "source", "prohibits", "by", "in", "during"}
)
OPTIONAL_CLAUSE_KEYS: Final = frozenset({"gravity", "note"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What the clauses may refer to."""

    parties: tuple[Party, ...]
    areas: dict[str, Area]
    definitions: dict[str, Definition]
    in_force: InForce
    zone: ZoneInfo


def read_clauses(
    node: Marked | None, named: Named, faults: Faults
) -> tuple[Clause, ...]:
    """The clauses that could be read, in their order; two of one id are a fault."""
    clauses: list[Clause] = []
    lines: dict[str, int] = {}
    for item in items_of(node, "clauses", faults):
        faults.clause = _id_word(item)
        clause = _read_clause(item, named, faults)
        if faults.clause in lines:
            faults.add(
                item.line,
                f"line {lines[faults.clause]} has a clause of the same id",
                write="give it an id of its own",
            )
        if faults.clause:
            lines.setdefault(faults.clause, item.line)
        if clause is not None:
            clauses.append(clause)
    faults.clause = ""
    return tuple(clauses)


def _id_word(item: Marked) -> str:
    """The clause's id for messages, even where the rest of the clause cannot be
    read."""
    node = value_at(item, "id") if isinstance(item, Mapping) else None
    return node.text if isinstance(node, Scalar) else ""


def _read_clause(node: Marked, named: Named, faults: Faults) -> Clause | None:
    clause = mapping_of(
        node,
        "clause",
        faults,
        required=CLAUSE_KEYS,
        optional=OPTIONAL_CLAUSE_KEYS,
    )
    if clause is None:
        return None
    identifier = name_of(value_at(clause, "id"), "id", faults)
    says = text_of(value_at(clause, "says"), "says", faults)
    source = _read_source(value_at(clause, "source"), faults)
    what = _read_prohibits(value_at(clause, "prohibits"), named, faults)
    by = _read_by(value_at(clause, "by"), named, faults)
    area_node = value_at(clause, "in")
    area_name = text_of(area_node, "in", faults)
    area = (
        area_called(area_name, area_node.line, named.areas, faults)
        if area_node is not None and area_name
        else None
    )
    during = read_during(value_at(clause, "during"), named.in_force, named.zone, faults)
    gravity = _read_gravity(value_at(clause, "gravity"), faults)
    if what is None or source is None or area is None or during is None:
        return None
    return Clause(
        id=ClauseId(identifier),
        line=node.line,
        says=says,
        source=source,
        what=what,
        by=by,
        area=area,
        during=during,
        gravity=gravity,
    )


def _read_source(node: Marked | None, faults: Faults) -> Source | None:
    if node is None:
        return None
    mapping = mapping_of(
        node,
        "source",
        faults,
        required=frozenset({"document"}),
        optional=frozenset({"point", "link", "note"}),
    )
    if mapping is None:
        return None
    words = {
        key: text_of(value_at(mapping, key), f"source {key}", faults)
        for key in ("document", "point", "link", "note")
    }
    if not words["point"] and not words["link"]:
        faults.add(
            node.line,
            "the source does not say where in the document the words stand",
            write="add `point:` (article, paragraph, row) or `link:`",
        )
    return Source(**words)


def _read_prohibits(
    node: Marked | None, named: Named, faults: Faults
) -> Definition | None:
    name = text_of(node, "prohibits", faults)
    if node is None or not name:
        return None
    if name not in named.definitions:
        faults.add(
            node.line,
            f"{name!r} is not in definitions, or could not be read there",
            write=nearest_words(name, named.definitions),
        )
        return None
    return named.definitions[name]


def _read_by(node: Marked | None, named: Named, faults: Faults) -> tuple[str, ...]:
    known = {party.key for party in named.parties}
    by: list[str] = []
    for item in items_of(node, "by", faults):
        key = text_of(item, "by", faults)
        if key and key not in known:
            faults.add(
                item.line,
                f"{key!r} is not in parties",
                write=nearest_words(key, known),
            )
        elif key in by:
            faults.add(item.line, f"{key!r} stands twice", write="name it once")
        elif key:
            by.append(key)
    return tuple(by)


def _read_gravity(node: Marked | None, faults: Faults) -> tuple[tuple[str, int], ...]:
    mapping = any_mapping(node, "gravity", faults) if node is not None else None
    if mapping is None:
        return ()
    grades: list[tuple[str, int]] = []
    for name, (line, value) in mapping.entries.items():
        verify_name(name, "gravity", line, faults)
        count = count_of(value, f"gravity {name}", faults)
        if count is not None and grades and count <= grades[-1][1]:
            faults.add(
                line,
                f"{name} begins at {count}, not above {grades[-1][0]}",
                write="write the grades from light to heavy, each with a higher count",
            )
        elif count is not None:
            grades.append((name, count))
    return tuple(grades)


__all__ = ["CLAUSE_KEYS", "OPTIONAL_CLAUSE_KEYS", "Named", "read_clauses"]
