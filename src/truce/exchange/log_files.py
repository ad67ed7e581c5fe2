"""Serving a record's files, read-only: what mirrors, witnesses and verifiers ask for.

| path | served as |
|---|---|
| `log/checkpoint`, `witnessed/checkpoint`, `timestamps/...` | never from a cache |
| `log/tile/...` | for good: what a tile says never changes |
| `payloads/N` | only where told to, only on this machine; in parts as well |

Only paths of this list are looked up at all, so no name of a file comes from outside.
Tiles and payloads that the checkpoint does not cover are not there: a commit or a
taking-over that has not ended wrote them, and they may yet change.

Source: docs/spec/record.md, 1; C2SP tlog-tiles v1.0.0, parameters; RFC 9110, 14.
"""

import asyncio
import logging
import os
import re
import stat
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

from truce.errors import InvalidInput, TruceError
from truce.exchange._listening import listening
from truce.record.log import checkpoint_bytes
from truce.record.note import checkpoint_from_note
from truce.record.sealing.commit import is_leftover

_LOG: Final = logging.getLogger("truce.exchange.log_files")
_CHUNK: Final = 256 * 1024
_NUMBER: Final = r"(x[0-9]{3}/){0,6}[0-9]{3}"
_NOTES: Final = re.compile(r"(log|witnessed)/checkpoint|timestamps/index")
_STAMPS: Final = re.compile(r"timestamps/[1-9][0-9]{0,17}\.(note|tsr)")
_TILES: Final = re.compile(
    rf"log/tile/(entries|[0-7])/{_NUMBER}(\.p/[1-9][0-9]{{0,2}})?"
)
_PAYLOADS: Final = re.compile(rf"payloads/{_NUMBER}")
_TEXT: Final = "text/plain; charset=utf-8"
_BYTES: Final = "application/octet-stream"
# A year is the longest that caches are asked for. Source: RFC 8246, and tlog-tiles,
# which asks for a long time and `immutable`.
_FOR_GOOD: Final = "public, max-age=31536000, immutable"
_FRESH: Final = "no-cache"
# A copy may fill a gap in a group later, so a group is asked for anew.
_PRIVATE: Final = "no-store"
_RANGE: Final = re.compile(r"bytes=(?P<start>[0-9]{1,18})-(?P<last>[0-9]{0,18})")
# The names of this machine itself.
LOOPBACK_HOSTS: Final = frozenset({"127.0.0.1", "localhost"})

_Message = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[_Message]]
_Send = Callable[[_Message], Awaitable[None]]


class _Kind(NamedTuple):
    """How a file is served."""

    media_type: str
    caching: str


class _Found(NamedTuple):
    """A file, open."""

    file: BinaryIO
    size: int
    kind: _Kind


class LogFiles:
    """A record's files as an ASGI application."""

    def __init__(self, folder: Path, *, has_payloads: bool) -> None:
        self._folder = folder
        self._has_payloads = has_payloads

    async def __call__(self, scope: _Message, receive: _Receive, send: _Send) -> None:
        """Answers one request."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        if scope["type"] != "http":
            return
        headers = {name.lower(): value for name, value in scope["headers"]}
        if scope["method"] not in {"GET", "HEAD"}:
            refused = HTTPStatus.METHOD_NOT_ALLOWED
            await _refuse(send, refused, {"Allow": "GET, HEAD"})
            return
        if self._has_payloads and not _is_for_us(headers.get(b"host", b"")):
            await _refuse(send, HTTPStatus.FORBIDDEN)
            return
        found = await asyncio.to_thread(self._found, str(scope["path"]).lstrip("/"))
        if found is None:
            await _refuse(send, HTTPStatus.NOT_FOUND)
            return
        with found.file:
            wanted = headers.get(b"range", b"").decode("latin-1")
            await _give(send, found, wanted, is_head=scope["method"] == "HEAD")

    def _found(self, path: str) -> _Found | None:
        kind = self._kind(path)
        try:
            if kind is None or not self._is_covered(path):
                return None
            file = (self._folder / path).open("rb")
        except (OSError, TruceError) as error:
            if not isinstance(error, FileNotFoundError):
                _LOG.warning("%s: %s", path, error)
            return None
        told = os.fstat(file.fileno())
        if not stat.S_ISREG(told.st_mode):
            file.close()
            return None
        return _Found(file, told.st_size, kind)

    def _kind(self, path: str) -> _Kind | None:
        if _NOTES.fullmatch(path):
            return _Kind(_TEXT, _FRESH)
        if _STAMPS.fullmatch(path):
            return _Kind(_TEXT if path.endswith(".note") else _BYTES, _FOR_GOOD)
        if _TILES.fullmatch(path):
            return _Kind(_BYTES, _FOR_GOOD)
        if self._has_payloads and _PAYLOADS.fullmatch(path):
            return _Kind(_BYTES, _PRIVATE)
        return None

    def _is_covered(self, path: str) -> bool:
        if not path.startswith(("log/tile/", "payloads/")):
            return True
        size = checkpoint_from_note(checkpoint_bytes(self._folder)).size
        return not is_leftover(path, size)


def verify_may_serve(host: str, *, has_payloads: bool) -> None:
    """Returns where a record's files may be served on a host.

    Raises:
        InvalidInput: payloads are not public, and the host is not this machine alone.
    """
    if has_payloads and host not in LOOPBACK_HOSTS:
        raise InvalidInput(
            f"payloads are not public and are served on this machine only, not on "
            f"{host}; serve without them, or on 127.0.0.1"
        )


def _is_for_us(host: bytes) -> bool:
    """Whether a request names this machine: a page elsewhere can point a name of its
    own at it, and so have a reader's browser fetch what is not public.
    """
    return host.decode("latin-1").rsplit(":", 1)[0].lower() in LOOPBACK_HOSTS


async def _give(send: _Send, found: _Found, wanted: str, *, is_head: bool) -> None:
    start, end, status = 0, found.size, HTTPStatus.OK
    asked = _RANGE.fullmatch(wanted)
    # Several ranges, or one from the end, are answered with the whole, as the standard
    # allows. Source: RFC 9110, 14.2.
    if asked is not None:
        start = int(asked["start"])
        end = min(found.size, int(asked["last"] or found.size) + 1)
        status = HTTPStatus.PARTIAL_CONTENT
        if start >= end:
            extra = {"Content-Range": f"bytes */{found.size}"}
            await _refuse(send, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, extra)
            return
    headers = {
        "Content-Type": found.kind.media_type,
        "Cache-Control": found.kind.caching,
        "Content-Length": str(end - start),
        "Accept-Ranges": "bytes",
        "X-Content-Type-Options": "nosniff",
    }
    if status is HTTPStatus.PARTIAL_CONTENT:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{found.size}"
    await _begin(send, status, headers)
    found.file.seek(start)
    while start < end and not is_head:
        size = min(_CHUNK, end - start)
        chunk = await asyncio.to_thread(found.file.read, size)
        if not chunk:
            break
        start += len(chunk)
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _refuse(
    send: _Send, status: HTTPStatus, extra: dict[str, str] | None = None
) -> None:
    body = f"{status.value} {status.phrase}\n".encode()
    headers = {
        "Content-Type": _TEXT,
        "Cache-Control": "no-store",
        "Content-Length": str(len(body)),
        "X-Content-Type-Options": "nosniff",
    }
    await _begin(send, status, headers | (extra or {}))
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def _begin(send: _Send, status: HTTPStatus, headers: dict[str, str]) -> None:
    encoded = [(name.lower().encode(), text.encode()) for name, text in headers.items()]
    start = {"type": "http.response.start", "status": int(status), "headers": encoded}
    await send(start)


async def _live(receive: _Receive, send: _Send) -> None:
    """The server's start and end, of which nothing follows here."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


__all__ = ["LOOPBACK_HOSTS", "LogFiles", "listening", "verify_may_serve"]
