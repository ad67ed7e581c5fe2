"""The members of a JSON object read into typed values, every fault remembered."""

import json
import math
from collections.abc import Mapping
from typing import NoReturn

from truce.canonical import Json
from truce.errors import InvalidValue
from truce.formats.fields import Fields


def json_from_line(text: str) -> Json:
    """The value that a line of JSON writes.

    Raises:
        InvalidValue: it is no JSON (RFC 8259), has a member twice, or nests too deep.
    """
    try:
        value: Json = json.loads(
            text, object_pairs_hook=_object, parse_constant=_refuse_constant
        )
    except RecursionError as error:
        raise InvalidValue("line is nested too deep, expected a flat object") from error
    except ValueError as error:
        raise InvalidValue(f"line is not JSON: {error}") from error
    return value


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    """Refuses a member given twice: readers disagree on which of the two counts."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member stands more than once")
    return members


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON number")


class Members(Fields):
    """Reads the members of one object and keeps every fault; others are let be."""

    __slots__ = ("_members",)

    def __init__(self, members: Mapping[str, Json]) -> None:
        super().__init__()
        self._members = members

    def has(self, name: str) -> bool:
        """Whether the member is there and not null."""
        return self._members.get(name) is not None

    def text_of(self, name: str, *, is_required: bool = False) -> str:
        """A text; empty where it is absent and may be."""
        value = self._members.get(name)
        if value is None and not is_required:
            return ""
        if not isinstance(value, str):
            self.fault(name, _shown(value), "a text")
            return ""
        # JSON can write half of a surrogate pair, which no UTF-8 file can hold.
        if not value.isascii() and any("\ud800" <= c <= "\udfff" for c in value):
            self.fault(name, ascii(value), "whole characters")
            return ""
        return self.filled(name, value) if is_required else value

    def number_of(
        self, name: str, *, low: float = -math.inf, high: float = math.inf
    ) -> float:
        """A finite number in [low, high], which must be there."""
        value = self._members.get(name)
        if isinstance(value, float | int) and not isinstance(value, bool):
            return self.number(name, repr(value), low=low, high=high)
        self.fault(name, _shown(value), "a number")
        return 0.0

    def number_or_none(
        self, name: str, *, low: float = -math.inf, high: float = math.inf
    ) -> float | None:
        """A finite number in [low, high], or None where the member is absent."""
        return self.number_of(name, low=low, high=high) if self.has(name) else None

    def whole_or_none(self, name: str, *, low: int, high: int) -> int | None:
        """A whole number in [low, high], or None where the member is absent."""
        if not self.has(name):
            return None
        value = self._members.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return self.whole(name, repr(value), low=low, high=high)
        self.fault(name, _shown(value), "a whole number")
        return None


def _shown(value: Json) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else type(value).__name__


__all__ = ["Members", "json_from_line"]
