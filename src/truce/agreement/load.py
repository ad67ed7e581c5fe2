"""The bytes of an agreement as an `Agreement`, or every fault of it at once."""

from collections.abc import Mapping as Files
from typing import Final

from truce.agreement.faults import Fault, Faults, error_from_faults
from truce.agreement.model import Agreement, InForce, Party, Status, TextKind
from truce.agreement.read_clauses import Named, read_clauses
from truce.agreement.read_definitions import read_definitions, read_watching
from truce.agreement.read_geography import read_geography
from truce.agreement.read_times import read_in_force
from truce.agreement.read_values import (
    any_mapping,
    choice_of,
    mapping_of,
    name_of,
    text_of,
    value_at,
    verify_name,
)
from truce.agreement.read_yaml import Mapping, Marked, read_yaml
from truce.identifiers import AgreementId

# The form of the text that this loader reads; a later one gets a number of its own.
FORMAT: Final = "1"

REQUIRED_KEYS: Final = frozenset(
    {
        "format",
        "agreement",
        "title",
        "text",
        "status",
        "in force",
        "parties",
        "geography",
        "definitions",
        "watching",
        "clauses",
    }
)

OPTIONAL_KEYS: Final = frozenset({"proposed by", "note"})


def load_agreement(
    data: bytes, *, file: str, files: Files[str, bytes] | None = None
) -> Agreement:
    """The agreement that the text says.

    `file` is the name used in messages. `files` are the GeoJSON files that the text may
    name; `world.geojson` among them is the geography of the record it is run in.

    Raises:
        InvalidAgreement: lists every fault with file, line, clause and what to write.
    """
    agreement, faults = _read(data, file, files or {})
    if faults or agreement is None:
        raise error_from_faults(faults)
    return agreement


def faults_of_agreement(
    data: bytes, *, file: str, files: Files[str, bytes] | None = None
) -> tuple[Fault, ...]:
    """Every fault of the text, by line; empty if it can be run."""
    return _read(data, file, files or {})[1]


def _read(
    data: bytes, file: str, files: Files[str, bytes]
) -> tuple[Agreement | None, tuple[Fault, ...]]:
    faults = Faults(file=file)
    root = read_yaml(data, faults)
    agreement = None if root is None else _read_agreement(root, files, faults)
    assert agreement is not None or faults.found, "a text without faults has a meaning"
    return agreement, faults.in_order()


def _read_agreement(
    root: Marked, files: Files[str, bytes], faults: Faults
) -> Agreement | None:
    top = mapping_of(
        root,
        "the agreement",
        faults,
        required=REQUIRED_KEYS,
        optional=OPTIONAL_KEYS,
    )
    if top is None:
        return None
    _verify_format(value_at(top, "format"), faults)
    identifier = name_of(value_at(top, "agreement"), "agreement", faults)
    title = text_of(value_at(top, "title"), "title", faults)
    text_kind = choice_of(value_at(top, "text"), "text", TextKind, faults)
    status = choice_of(value_at(top, "status"), "status", Status, faults)
    proposed_by = text_of(value_at(top, "proposed by"), "proposed by", faults)
    parties = _read_parties(value_at(top, "parties"), faults)
    areas = read_geography(value_at(top, "geography"), files, faults)
    definitions = read_definitions(value_at(top, "definitions"), faults)
    watching = read_watching(value_at(top, "watching"), faults)
    times = read_in_force(value_at(top, "in force"), faults)
    if times is None:
        return None
    named = Named(
        parties=parties,
        areas=areas,
        definitions=definitions,
        in_force=times[0],
        zone=times[1],
    )
    clauses = read_clauses(value_at(top, "clauses"), named, faults)
    _verify_ended(status, top, times[0], faults)
    if faults.found or text_kind is None or status is None or watching is None:
        return None
    return Agreement(
        id=AgreementId(identifier),
        title=title,
        text_kind=text_kind,
        status=status,
        proposed_by=proposed_by,
        parties=parties,
        zone=times[1],
        in_force=times[0],
        areas=tuple(areas.values()),
        definitions=tuple(definitions.values()),
        watching=watching,
        clauses=clauses,
    )


def _verify_format(node: Marked | None, faults: Faults) -> None:
    text = text_of(node, "format", faults)
    if node is not None and text and text != FORMAT:
        faults.add(node.line, f"format is {text!r}", write=f"write `format: {FORMAT}`")


def _verify_ended(
    status: Status | None, top: Mapping, in_force: InForce, faults: Faults
) -> None:
    if status is Status.ENDED and in_force.end is None:
        faults.add(
            top.entries["in force"][0],
            "the agreement has ended, but not its time in force",
            write="add `to:`",
        )


def _read_parties(node: Marked | None, faults: Faults) -> tuple[Party, ...]:
    mapping = any_mapping(node, "parties", faults) if node is not None else None
    parties = []
    for key, (line, value) in mapping.entries.items() if mapping is not None else ():
        verify_name(key, "party", line, faults)
        inner = mapping_of(value, f"party {key}", faults, required=frozenset({"name"}))
        name = text_of(value_at(inner, "name"), f"name of party {key}", faults)
        parties.append(Party(key=key, name=name))
    return tuple(parties)


__all__ = [
    "FORMAT",
    "OPTIONAL_KEYS",
    "REQUIRED_KEYS",
    "faults_of_agreement",
    "load_agreement",
]
