"""A payload that carries bytes as they came: one line of JSON, then the bytes."""

import json
from collections.abc import Mapping
from typing import Final

from truce.canonical import canonical_json
from truce.errors import InvalidStatement

_LABEL_SIZE_MAX: Final = 65_536


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
        label = json.loads(line) if gap else None
    except ValueError as error:
        raise InvalidStatement(f"payload's label is not JSON: {error}") from error
    if not isinstance(label, dict):
        raise InvalidStatement("payload has no label: expected a line of JSON first")
    missing = [name for name in fields if not isinstance(label.get(name), str)]
    if missing:
        raise InvalidStatement(f"payload's label lacks {', '.join(missing)}")
    return label, payload[len(line) + 1 :]


__all__ = ["opened_parcel", "parcel"]
