"""Statement files: how a maker who holds their own key hands a statement in.

One line of canonical JSON with the signed envelope and the salt, a line feed, and the
payload. Whatever is wrong with one has a code of its own, and is found before anything
is written.

Source: docs/spec/record.md, 10.
"""

from binascii import Error as Base64Error
from binascii import a2b_base64, b2a_base64
from datetime import datetime
from typing import Final, NamedTuple

from truce.canonical import Json, json_from_bytes
from truce.errors import (
    DoubledKey,
    InvalidValue,
    NotFinite,
    ProofFails,
    RefusalCode,
    RefusedStatement,
)
from truce.record.envelope import (
    ENTRY_SIZE_MAX,
    PAYLOAD_SIZE_MAX,
    Envelope,
    Header,
    commitment_of,
    envelope_and_salt,
    header_from_bytes,
    new_salt,
    signed_envelope,
)
from truce.record.grammar import HEADER_TYPE
from truce.record.identity.makers import Makers
from truce.record.keys import SecretKey
from truce.record.payloads import SaltedPayload
from truce.record.sealing.unsealed import Unsealed
from truce.record.signatures import Signed

# An entry has at most 65,535 bytes, and the first line holds little beside it.
_LINE_SIZE_MAX: Final = 66_560
# A salt and its key take 19 bytes more than a sealing time of the shortest form.
_SALT_OVER_TIME: Final = 19


class HandedIn(NamedTuple):
    """A signed envelope and the payload that it commits to."""

    envelope: Envelope
    salted: SaltedPayload


def sign_statement(origin: str, statement: Unsealed, key: SecretKey) -> HandedIn:
    """A statement for the record of an origin line, signed, under a new salt.

    Raises:
        InvalidStatement: no header can hold it.
        RefusedStatement: its payload is over the limit.
    """
    salted = SaltedPayload(new_salt(), statement.payload)
    _verify_size(len(statement.payload))
    header = Header(
        record=origin,
        kind=statement.kind,
        schema=statement.schema,
        by=statement.by,
        stated_at=statement.stated_at,
        marking=statement.marking,
        commitment=commitment_of(*salted),
    )
    return HandedIn(signed_envelope(header, key), salted)


def statement_file(handed: HandedIn) -> bytes:
    """The bytes of a statement file."""
    line = b'{"envelope":%s,"salt":"%s"}\n' % (
        handed.envelope.raw,
        b2a_base64(handed.salted.salt, newline=False),
    )
    return line + handed.salted.payload


def statement_from_file(raw: bytes) -> HandedIn:
    """The statement that a file hands in; whether it may be sealed is not asked yet.

    Raises:
        RefusedStatement: its form is another; the code says what is wrong with it.
    """
    line, feed, payload = raw[: _LINE_SIZE_MAX + 1].partition(b"\n")
    if not feed:
        raise _refused(
            RefusalCode.ENVELOPE_FORM,
            f"no line feed in the first {_LINE_SIZE_MAX} bytes; expected a line of "
            "JSON with envelope and salt, then the payload (docs/spec/record.md, 10)",
        )
    _verify_size(len(raw) - len(line) - 1)
    payload = raw[len(line) + 1 :]
    try:
        # The usual case, read as one pattern; what does not fit is looked at closely.
        envelope, salt = envelope_and_salt(line)
    except ProofFails as error:
        _verify_entry_size(len(line) - _SALT_OVER_TIME)
        raise _fault_of(line, error) from error
    return HandedIn(envelope, SaltedPayload(salt, payload))


def verify_handed_in(
    handed: HandedIn, *, origin: str, makers: Makers, at: datetime
) -> Signed:
    """The signature that is left to check of a statement for the record of an origin
    line, to be sealed then, whose record, maker and payload are right.

    Raises:
        RefusedStatement: the first of these that does not hold, by its code.
    """
    envelope, header = handed.envelope, handed.envelope.header
    of = f"{header.kind} by {header.by}"
    if header.record != origin:
        raise _refused(
            RefusalCode.WRONG_RECORD,
            f"{of} is for the record {header.record}, this one is {origin}; sign it "
            "for this record",
        )
    left = makers.signed(envelope, at)
    if commitment_of(*handed.salted) != header.commitment:
        raise _refused(
            RefusalCode.BAD_COMMITMENT,
            f"{of}: payload and salt are not those that the header commits to; hand "
            "the file in as it was signed",
        )
    return left


def bad_signature(handed: HandedIn) -> RefusedStatement:
    """What a maker is told whose signature does not hold."""
    header = handed.envelope.header
    return _refused(
        RefusalCode.BAD_SIGNATURE,
        f"{header.kind} by {header.by}: the signature by {handed.envelope.key} does "
        "not hold; sign it anew, and hand it in unchanged",
    )


def _fault_of(line: bytes, error: ProofFails) -> RefusedStatement:
    """What exactly is wrong with a first line that is not in its one form."""
    try:
        fields = _json(line, RefusalCode.ENVELOPE_FORM)
        match fields:
            case {"envelope": dict(envelope), "salt": str()} if len(fields) == 2:
                kind = envelope.get("payloadType")
                if kind != HEADER_TYPE:
                    message = f"payloadType is {kind!r}, expected {HEADER_TYPE}"
                    return _refused(RefusalCode.ENVELOPE_TYPE, message)
                _verify_header(envelope.get("payload"))
                return _refused(RefusalCode.ENVELOPE_FORM, str(error))
    except RefusedStatement as fault:
        return fault
    return _refused(
        RefusalCode.ENVELOPE_FORM,
        f"found {sorted(fields)}, expected envelope and salt and nothing else",
    )


def _verify_header(encoded: Json) -> None:
    try:
        header = a2b_base64(str(encoded).encode(), strict_mode=True)
    except Base64Error as error:
        raise _refused(
            RefusalCode.ENVELOPE_FORM, f"the envelope's payload is not base64: {error}"
        ) from error
    _json(header, RefusalCode.HEADER_FORM)
    try:
        header_from_bytes(header)
    except ProofFails as error:
        raise _refused(RefusalCode.HEADER_FORM, str(error)) from error


def _json(raw: bytes, otherwise: RefusalCode) -> dict[str, Json]:
    try:
        value = json_from_bytes(raw)
    except DoubledKey as error:
        raise _refused(RefusalCode.JSON_DOUBLED_KEY, str(error)) from error
    except NotFinite as error:
        raise _refused(RefusalCode.JSON_NOT_FINITE, str(error)) from error
    except InvalidValue as error:
        raise _refused(otherwise, str(error)) from error
    if not isinstance(value, dict):
        raise _refused(
            otherwise, f"found {type(value).__name__}, expected a JSON object"
        )
    return value


def _verify_entry_size(size: int) -> None:
    if size > ENTRY_SIZE_MAX:
        raise _refused(
            RefusalCode.ENTRY_TOO_LARGE,
            f"its entry would have {size} bytes at least, at most {ENTRY_SIZE_MAX} fit "
            "a log; shorten the header",
        )


def _verify_size(size: int) -> None:
    if size > PAYLOAD_SIZE_MAX:
        raise _refused(
            RefusalCode.PAYLOAD_TOO_LARGE,
            f"payload has {size} bytes, at most {PAYLOAD_SIZE_MAX} can be sealed; hand "
            "it in as several statements",
        )


def _refused(code: RefusalCode, message: str) -> RefusedStatement:
    return RefusedStatement(message, code=code)


__all__ = [
    "HandedIn",
    "bad_signature",
    "sign_statement",
    "statement_file",
    "statement_from_file",
    "verify_handed_in",
]
