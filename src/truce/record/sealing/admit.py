"""Which of the statements that wait for a commit may be sealed in it."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from truce.errors import RefusalCode, RefusedStatement
from truce.identifiers import StatementIndex
from truce.record.envelope import ENTRY_SIZE_MAX, Entry, sealed_entry
from truce.record.payloads import SaltedPayload
from truce.record.sealing.handed_in import HandedIn


def entries_once(
    statements: Iterable[HandedIn],
    sealed: Mapping[bytes, StatementIndex | None],
    now: datetime,
) -> list[tuple[Entry, SaltedPayload]]:
    """The entries of one caller's statements; `sealed` says what is in the log already.

    Raises:
        RefusedStatement: one is there already, or stands twice, or fits no log.
    """
    own: dict[bytes, StatementIndex] = {}
    pairs = []
    for each in statements:
        commitment = each.envelope.header.commitment
        before = own.get(commitment, sealed[commitment])
        pairs.append((_entry_of(each, before, now), each.salted))
        own[commitment] = StatementIndex(-1)
    return pairs


def _entry_of(handed: HandedIn, before: StatementIndex | None, now: datetime) -> Entry:
    header = handed.envelope.header
    if before is not None:
        place = "in this very commit" if before < 0 else f"as statement {before}"
        raise RefusedStatement(
            f"{header.kind} by {header.by}: its commitment is sealed already, {place}; "
            "sign it anew if it is to be stated again",
            code=RefusalCode.REPLAYED,
        )
    entry = sealed_entry(handed.envelope, now)
    if len(entry.raw) > ENTRY_SIZE_MAX:
        raise RefusedStatement(
            f"{header.kind} by {header.by}: entry has {len(entry.raw)} bytes, at most "
            f"{ENTRY_SIZE_MAX} fit a log; shorten its names",
            code=RefusalCode.ENTRY_TOO_LARGE,
        )
    return entry


__all__ = ["entries_once"]
