"""Payloads of identity statements: read strictly, into one form."""

from typing import TypeVar

import msgspec

from truce.canonical import json_from_bytes
from truce.errors import InvalidValue

_Form = TypeVar("_Form")


def read_payload(payload: bytes, form: type[_Form]) -> _Form:
    """What a payload writes, in the form given.

    Raises:
        InvalidValue: it is no JSON, or of another form.
    """
    try:
        return msgspec.convert(json_from_bytes(payload), form)
    except msgspec.ValidationError as error:
        raise InvalidValue(str(error)) from error


def verify_one_form(payload: bytes, expected: bytes) -> None:
    """Returns where the payload is canonical JSON and holds nothing else.

    Two readers would else keep different ones of what it says twice, or one would heed
    what the other passes over, and they would know different makers.

    Raises:
        InvalidValue: it is not.
    """
    if payload != expected:
        raise InvalidValue(
            "it is not canonical JSON, or holds more than docs/spec/record.md, 5, asks"
        )


__all__ = ["read_payload", "verify_one_form"]
