"""Reads the vectors, and says what an answer to one is."""

import base64
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent
# What a vector or a world says, as JSON says it.
Told = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a reader says of a vector.

    `codes` are those of all faults found; `told` is what it says of a valid one, and
    for whole records `statements` are those it blames.
    """

    is_valid: bool
    codes: tuple[str, ...] = ()
    statements: tuple[int | None, ...] = ()
    told: Told = field(default_factory=dict)


def table(name: str) -> Told:
    """A whole file of vectors."""
    text = (FOLDER / f"{name}.json").read_text(encoding="utf-8")
    found: Told = json.loads(text)
    return found


def vectors(name: str) -> list[Told]:
    """The vectors of a file."""
    found: list[Told] = table(name)["vectors"]
    return found


def bytes_of(value: Any) -> bytes:
    """The bytes that a vector writes; see README.md, Bytes."""
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, list):
        return b"".join(map(bytes_of, value))
    if "repeat" in value:
        return bytes_of(value["repeat"]) * int(value["count"])
    return base64.b64decode(value["base64"], validate=True)


def hashes_of(values: list[str]) -> tuple[bytes, ...]:
    """The hashes of a path."""
    return tuple(base64.b64decode(value, validate=True) for value in values)


def write_files(folder: Path, files: Told) -> Path:
    """Writes the files of a record and answers its folder."""
    for name, value in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes_of(value))
    return folder
