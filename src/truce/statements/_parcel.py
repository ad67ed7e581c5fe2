"""A payload that carries bytes as they came: one line of JSON, then the bytes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from truce.canonical import canonical_json, json_from_bytes
from truce.errors import InvalidStatement, InvalidValue
from truce.instants import instant_from_text

_LABEL_SIZE_MAX: Final = 65_536
# As many as 10**18 has: no payload is larger, no log longer.
_DIGITS_MAX: Final = 19


def parcel(label: Mapping[str, str], content: bytes) -> bytes:
    """The label in canonical JSON, a line feed, and the content untouched."""
    return canonical_json(dict(label)) + b"\n" + content


def opened_parcel(
    payload: bytes, fields: tuple[str, ...]
) -> tuple[dict[str, str], bytes]:
    """The label, which must have these text fields and may have others, and the
    content.

    Raises:
        InvalidStatement: the payload is no parcel, or a field is missing.
    """
    line, gap, _ = payload[:_LABEL_SIZE_MAX].partition(b"\n")
    try:
        label = json_from_bytes(line) if gap else None
    except InvalidValue as error:
        raise InvalidStatement(f"payload's label is {error}") from error
    if not isinstance(label, dict):
        raise InvalidStatement("payload has no label: expected a line of JSON first")
    missing = [name for name in fields if not isinstance(label.get(name), str)]
    if missing:
        raise InvalidStatement(f"payload's label lacks {', '.join(missing)}")
    return label, payload[len(line) + 1 :]


def instant_in(label: Mapping[str, str], name: str) -> datetime:
    """The instant that a label's field states.

    Raises:
        InvalidStatement: it states none.
    """
    try:
        return instant_from_text(label[name])
    except InvalidValue as error:
        raise InvalidStatement(f"payload's label: {name}: {error}") from error


def count_in(label: Mapping[str, str], name: str) -> int:
    """The count that a label's field states, in decimal digits.

    Raises:
        InvalidStatement: it states none.
    """
    text = label[name]
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS_MAX):
        raise InvalidStatement(
            f"payload's label: {name} is {text[:40]!r}, expected decimal digits"
        )
    return int(text)


__all__ = ["count_in", "instant_in", "opened_parcel", "parcel"]
