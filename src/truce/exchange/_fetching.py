"""Asking an address, bounded in size and in time."""

import http.client
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from truce.errors import InvalidInput, Unavailable

# One answer of a few kilobytes; whoever takes longer is as good as away.
TIMEOUT_S: Final = 10.0
_CHUNK: Final = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What an address answered."""

    status: int
    body: bytes


def fetched(
    address: str,
    *,
    size_max: int,
    body: bytes | None = None,
    timeout_s: float = TIMEOUT_S,
) -> Fetched:
    """What an address answers to GET, or to POST where there is a body.

    Redirects are not followed: an address that was checked must not lead elsewhere.

    Raises:
        InvalidInput: no http(s) address.
        Unavailable: nobody answered in time, or with more than `size_max` bytes.
    """
    until = time.monotonic() + timeout_s
    connection, target = _connection(address, timeout_s)
    try:
        method = "GET" if body is None else "POST"
        headers = {} if body is None else {"Content-Type": "text/plain; charset=utf-8"}
        connection.request(method, target, body=body, headers=headers)
        answer = connection.getresponse()
        got = bytearray()
        # A timeout of the connection starts anew with each byte; the whole must end.
        while chunk := answer.read1(_CHUNK):
            got += chunk
            if len(got) > size_max:
                raise Unavailable(
                    f"{address} answered more than {size_max} bytes",
                    is_retry_safe=True,
                )
            if time.monotonic() > until:
                raise TimeoutError(f"no whole answer within {timeout_s:g} s")
    except (OSError, http.client.HTTPException) as error:
        raise Unavailable(
            f"{address}: {error or type(error).__name__}", is_retry_safe=True
        ) from error
    finally:
        connection.close()
    return Fetched(status=answer.status, body=bytes(got))


@contextmanager
def asked(
    address: str, *, headers: Mapping[str, str], timeout_s: float = TIMEOUT_S
) -> Iterator[http.client.HTTPResponse]:
    """What an address answers to GET, its body unread; closed afterwards.

    Redirects are not followed, as in `fetched`.

    Raises:
        InvalidInput: no http(s) address.
        Unavailable: nobody answered in time.
    """
    connection, target = _connection(address, timeout_s)
    try:
        try:
            connection.request("GET", target, headers=dict(headers))
            answer = connection.getresponse()
        except (OSError, http.client.HTTPException) as error:
            raise Unavailable(
                f"{address}: {error or type(error).__name__}", is_retry_safe=True
            ) from error
        yield answer
    finally:
        connection.close()


def verify_address(address: str) -> str:
    """The address without a last slash.

    Raises:
        InvalidInput: no http(s) address.
    """
    try:
        parts = urlsplit(address)
        is_fine = parts.scheme in ("http", "https") and bool(parts.hostname)
        is_fine = is_fine and (parts.port is None or parts.port > 0)
    except ValueError:
        is_fine = False
    if not is_fine or any(c.isspace() or ord(c) < 33 for c in address):
        raise InvalidInput(
            f"address {address!r}: expected http://HOST[:PORT] or https://HOST[:PORT]"
        )
    return address.rstrip("/")


def _connection(
    address: str, timeout_s: float
) -> tuple[http.client.HTTPConnection, str]:
    parts = urlsplit(verify_address(address))
    kind = (
        http.client.HTTPSConnection
        if parts.scheme == "https"
        else http.client.HTTPConnection
    )
    return kind(parts.hostname or "", parts.port, timeout=timeout_s), parts.path or "/"


__all__ = ["TIMEOUT_S", "Fetched", "asked", "fetched", "verify_address"]
