"""Who is reading, as far as a connection tells, and from which moment a reader's page
reads.
"""

import ipaddress
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from truce.errors import InvalidQuery
from truce.instants import verify_instant
from truce.record import Role
from truce.release.coarsen import DAY, HOUR, start_of
from truce.release.model import Reader

# Source: the house plan, "Release": monitors and the Commission; the cell's desks.
# Whoever is in neither list (a sensor, an operator, an auditor) reads as the public.
_MECHANISM: Final = frozenset(
    {
        Role.PATROL_MONITOR,
        Role.WATCH_OFFICER,
        Role.ANALYST,
        Role.REPORTING_OFFICER,
        Role.LEGAL_ADVISER,
        Role.COMMISSIONER,
        Role.SECRETARIAT,
    }
)
_CELL: Final = frozenset({Role.CELL_OFFICER, Role.FORCE_PLANNER, Role.AID_MANAGER})


def reader_from_roles(roles: Iterable[Role]) -> Reader:
    """For whom somebody with these roles reads; PUBLIC without any.

    Who is of a party reads for the parties whatever other role they were given:
    belligerents are whom the floors are made for.
    """
    held = frozenset(roles)
    if Role.PARTY in held:
        return Reader.PARTIES
    if held & _MECHANISM:
        return Reader.MECHANISM
    return Reader.CELL if held & _CELL else Reader.PUBLIC


def reader_from_request(
    peer: str, asked: str | None, *, is_forwarded: bool = False
) -> Reader:
    """The reader a request is answered for: never one who is shown more than `peer` may
    be.

    `peer` is the address at the other end of the connection, never the Host header,
    which the asker writes. On loopback that is MECHANISM, anywhere else PUBLIC until
    people can sign in. `asked` (a reader's name, any case) may only lower it.
    `is_forwarded` says that the request carries a Forwarded or X-Forwarded header: then
    a proxy on this machine is the peer, and who is behind it is not known.

    Raises:
        InvalidQuery: no reader is called so.
    """
    most = Reader.PUBLIC
    if _is_loopback(peer) and not is_forwarded:
        most = Reader.MECHANISM
    if asked is None or not asked.strip():
        return most
    wanted = reader_from_text(asked)
    return max(most, wanted, key=lambda reader: reader.rank)


def reader_from_text(text: str) -> Reader:
    """The reader that a text names, in any case.

    Raises:
        InvalidQuery: no reader is called so.
    """
    try:
        return Reader(text.strip().upper())
    except ValueError as error:
        expected = ", ".join(reader.value for reader in Reader)
        raise InvalidQuery(
            f"reader is {text[:40]!r}, expected one of {expected}"
        ) from error


def _is_loopback(peer: str) -> bool:
    try:
        address = ipaddress.ip_address(peer.strip("[]"))
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def cut_for(reader: Reader, now: datetime) -> datetime:
    """The moment as of which a page for this reader should read the record.

    A thing that is learned of late appears when the record learns of it. Read as of the
    last full hour (CELL, PARTIES) or day in UTC (PUBLIC), and many appear together, so
    that nobody can match one with the minute at which somebody posted or stated
    something.

    Raises:
        InvalidValue: `now` has no zone.
    """
    moment = verify_instant(now)
    if reader is Reader.MECHANISM:
        return moment
    return start_of(moment, DAY if reader is Reader.PUBLIC else HOUR)


__all__ = [
    "cut_for",
    "reader_from_request",
    "reader_from_roles",
    "reader_from_text",
]
