"""Every error truce raises on purpose.

    TruceError
    ├── InvalidInput              bad input: what was found, what was expected, where
    │   ├── InvalidValue          a value object outside its valid range
    │   │   ├── DoubledKey        JSON in which a key stands twice
    │   │   └── NotFinite         JSON with NaN or an infinity
    │   ├── InvalidDelivery       raw bytes that cannot be taken or read
    │   ├── InvalidStatement      an envelope, header or payload that may not be sealed
    │   │   └── RefusedStatement  one that was handed in; its `code` says why
    │   ├── InvalidAgreement      a text whose clauses cannot be run
    │   ├── InvalidQuery          a question that has no meaning
    │   └── InvalidRecord         a folder that is no record, or contradicts itself
    ├── Unavailable               the world failed; `is_retry_safe` says what to do
    │   ├── UnavailableRecord     another writer holds it, the disk is full, ...
    │   └── OutcomeUnknown        it may or may not have happened; look first
    └── AnswerIsNo                the check was made and the answer is no
        └── ProofFails            a proof, signature or commitment does not hold; its
                                  `code` says which

Our own bugs are `AssertionError` and `RuntimeError`, and crash. The exit code and the
HTTP status of each kind are one table: `truce.errors.CODES`.
"""

from enum import StrEnum
from typing import NamedTuple


class RefusalCode(StrEnum):
    """Why a statement that was handed in was refused.

    Source: docs/spec/record.md, 10.
    """

    BAD_COMMITMENT = "bad-commitment"
    BAD_SIGNATURE = "bad-signature"
    DELEGATION_ENDED = "delegation-ended"
    ENTRY_TOO_LARGE = "entry-too-large"
    ENVELOPE_FORM = "envelope-form"
    ENVELOPE_TYPE = "envelope-type"
    FALSE_APPROVAL = "false-approval"
    HEADER_FORM = "header-form"
    JSON_DOUBLED_KEY = "json-doubled-key"
    JSON_NOT_FINITE = "json-not-finite"
    KIND_REFUSED = "kind-refused"
    PAYLOAD_TOO_LARGE = "payload-too-large"
    QUORUM_SHORT = "quorum-short"
    REPLAYED = "replayed"
    REVOKED_KEY = "revoked-key"
    UNKNOWN_KEY = "unknown-key"
    UNKNOWN_MAKER = "unknown-maker"
    WRONG_RECORD = "wrong-record"


class ProofCode(StrEnum):
    """What about a proof does not hold. Source: docs/spec/record.md, 10."""

    FORM = "proof-form"
    KIND = "proof-kind"
    LENGTH = "proof-length"
    PAYLOAD = "proof-payload"
    ROOT = "proof-root"
    SIGNATURE = "proof-signature"
    WITNESSES = "proof-witnesses"


class TruceError(Exception):
    """Root of the tree; never raised itself."""


class InvalidInput(TruceError):
    """Bad input: the message names what was found, what was expected, where, what to
    do.
    """


class InvalidValue(InvalidInput):
    """A value object outside its valid range."""


class DoubledKey(InvalidValue):
    """JSON in which a key stands twice: two readers may keep different ones."""


class NotFinite(InvalidValue):
    """JSON with NaN or an infinity, which no other language has to accept."""


class InvalidDelivery(InvalidInput):
    """Raw bytes that cannot be taken or read."""


class InvalidStatement(InvalidInput):
    """An envelope, header or payload that may not be sealed."""


class RefusedStatement(InvalidStatement):
    """A statement that was handed in and may not be sealed; nothing was written."""

    def __init__(self, message: str, *, code: RefusalCode) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class InvalidAgreement(InvalidInput):
    """An agreement whose clauses cannot be run."""


class InvalidQuery(InvalidInput):
    """A question that has no meaning, or asks for what does not exist."""


class InvalidRecord(InvalidInput):
    """A folder that is no record, or a record that contradicts itself."""


class Unavailable(TruceError):
    """The world failed. `is_retry_safe` says whether the same call may simply be made
    again.
    """

    def __init__(self, message: str, *, is_retry_safe: bool) -> None:
        super().__init__(message)
        self.is_retry_safe = is_retry_safe


class UnavailableRecord(Unavailable):
    """Another writer holds the record, the disk is full, or a file cannot be read."""


class OutcomeUnknown(Unavailable):
    """It may or may not have happened: look before trying again."""

    def __init__(self, message: str) -> None:
        super().__init__(message, is_retry_safe=False)


class AnswerIsNo(TruceError):
    """The check was made and the answer is no."""


class ProofFails(AnswerIsNo):
    """A proof, signature or commitment does not hold."""

    def __init__(self, message: str, *, code: ProofCode = ProofCode.FORM) -> None:
        super().__init__(message)
        self.code = code


class Code(NamedTuple):
    """How one kind of error leaves the process and the server."""

    exit_code: int
    http_status: int


# Exit codes: 0 done, 1 the answer is no, 2 bad input or usage, 3 the outside world
# failed.
CODES: dict[type[TruceError], Code] = {
    AnswerIsNo: Code(1, 409),
    InvalidInput: Code(2, 400),
    Unavailable: Code(3, 503),
}


def code_of(error: TruceError) -> Code:
    """The exit code and HTTP status of an error, by its kind."""
    for kind, code in CODES.items():
        if isinstance(error, kind):
            return code
    raise RuntimeError(
        f"{type(error).__name__} stands outside the three kinds of error"
    )


__all__ = [
    "CODES",
    "AnswerIsNo",
    "Code",
    "DoubledKey",
    "InvalidAgreement",
    "InvalidDelivery",
    "InvalidInput",
    "InvalidQuery",
    "InvalidRecord",
    "InvalidStatement",
    "InvalidValue",
    "NotFinite",
    "OutcomeUnknown",
    "ProofCode",
    "ProofFails",
    "RefusalCode",
    "RefusedStatement",
    "TruceError",
    "Unavailable",
    "UnavailableRecord",
    "code_of",
]
