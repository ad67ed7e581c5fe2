"""Canonical bytes: the one way a value is written before it is signed or hashed."""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn, cast

import rfc8785

from truce.errors import DoubledKey, InvalidValue, NotFinite

# Read-only, so that a list of texts is a list of values as well.
Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]


def canonical_json(value: Json) -> bytes:
    """The value as JSON in the one form that everybody writes alike.

    Raises:
        InvalidValue: NaN, infinity, or an integer beyond 2**53, which JSON readers
        disagree on.
    Source: RFC 8785 (JSON Canonicalization Scheme).
    """
    try:
        return rfc8785.dumps(cast(Any, value))
    except rfc8785.CanonicalizationError as error:
        raise InvalidValue(f"value cannot be written canonically: {error}") from error


def json_from_bytes(raw: bytes) -> Json:
    """The value that bytes write as JSON, where every reader reads the same one.

    Raises:
        DoubledKey: a key is given twice.
        NotFinite: NaN, an infinity, or a number so large that it is read as one.
        InvalidValue: no JSON, or nested too deep.
    """
    try:
        value: Json = json.loads(
            raw,
            object_pairs_hook=_without_doubles,
            parse_constant=_no_constant,
            parse_float=_finite,
        )
    except (ValueError, RecursionError) as error:
        raise InvalidValue(f"not JSON: {error}") from error
    return value


def _without_doubles(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    # Two readers may keep different ones of a doubled key, and so read different
    # statements.
    if len({name for name, _ in pairs}) != len(pairs):
        raise DoubledKey("JSON holds the same key twice")
    return dict(pairs)


def _no_constant(word: str) -> NoReturn:
    raise NotFinite(f"{word} is no JSON number")


def _finite(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise NotFinite(f"{digits[:40]} is too large for a number")
    return value


def sha256_hex(data: bytes) -> str:
    """SHA-256 in lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()


__all__ = ["Json", "canonical_json", "json_from_bytes", "sha256_hex"]
