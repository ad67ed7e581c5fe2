"""Canonical bytes: the one way a value is written before it is signed or hashed."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, cast

import rfc8785

from truce.errors import InvalidValue

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


def sha256_hex(data: bytes) -> str:
    """SHA-256 in lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()


__all__ = ["Json", "canonical_json", "sha256_hex"]
