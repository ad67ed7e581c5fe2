"""The files of a record at an address, as any web server serves them.

Source: docs/spec/record.md, 1; RFC 9110, 14 (ranges).
"""

import http.client
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Final

from truce.errors import Unavailable
from truce.exchange._fetching import TIMEOUT_S, asked, verify_address
from truce.exchange.tlog_tiles import LogAtAddress
from truce.record.merkle import NodeReader
from truce.workflows.mirroring.ports import NotGiven, Part

# Whoever gives less than this, on average after the first seconds, is as good as away:
# a bundle would take minutes, a large payload hours.
_BYTES_PER_S_MIN: Final = 8 * 1024
_CHUNK: Final = 1024 * 1024
# Not there, or not for everybody: both are answers, and asking again gives the same.
_NOT_GIVEN: Final = (
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.GONE,
)
_RANGE: Final = re.compile(r"bytes (?P<start>[0-9]{1,20})-[0-9]{1,20}/([0-9]{1,20}|\*)")


class RecordAtAddress:
    """The files of a record under its address, the one that `log/checkpoint` is under.

    Gap: each file is asked for over a connection of its own, which costs two or three
    round trips a file where the source is far away.
    """

    def __init__(self, url: str, *, timeout_s: float = TIMEOUT_S) -> None:
        self._url = verify_address(url)
        self._timeout_s = timeout_s

    @property
    def name(self) -> str:
        """The address."""
        return self._url

    def file(self, path: str, *, size_max: int) -> bytes | NotGiven:
        """A whole file.

        Raises:
            Unavailable: nobody answered in time, or with more than `size_max` bytes.
        """
        with self.part(path, start=0) as part:
            if isinstance(part, NotGiven):
                return part
            got = bytearray()
            while chunk := part.read(_CHUNK):
                got += chunk
                if len(got) > size_max:
                    raise Unavailable(
                        f"{self._url}/{path} answered more than {size_max} bytes",
                        is_retry_safe=True,
                    )
        return bytes(got)

    @contextmanager
    def part(self, path: str, *, start: int) -> Iterator[Part | NotGiven]:
        """A file from a byte on, or from its beginning where the server gives no parts.

        Raises:
            Unavailable: nobody answered in time, or neither with the file nor with a
                refusal. `Part.read` raises it too, where the file breaks off.
        """
        address = f"{self._url}/{path}"
        headers = {"Range": f"bytes={start}-"} if start else {}
        with asked(address, headers=headers, timeout_s=self._timeout_s) as answer:
            if answer.status in _NOT_GIVEN:
                yield NotGiven(reason=f"{answer.status} {answer.reason}")
                return
            if answer.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and start:
                # The file is no longer than that: it has other contents there.
                yield Part(start=start, read=lambda _size: b"")
                return
            yield Part(
                start=_start_of(answer, start, address),
                read=self._reader(answer, address),
            )

    def nodes(self, size: int) -> NodeReader:
        """Reads the hashes of the tree of that size, as they are served."""
        log = LogAtAddress(f"{self._url}/log", timeout_s=self._timeout_s)
        return log.nodes(size)

    def _reader(self, answer: http.client.HTTPResponse, address: str) -> "_Reader":
        return _Reader(answer, address, self._timeout_s)


class _Reader:
    """Reads an answer's body, which must not trickle and must not break off."""

    def __init__(
        self, answer: http.client.HTTPResponse, address: str, timeout_s: float
    ) -> None:
        self._answer = answer
        self._address = address
        self._until = time.monotonic() + timeout_s
        # What the server said is still to come; None where it said nothing.
        self._left = answer.length

    def __call__(self, size: int) -> bytes:
        try:
            chunk = self._answer.read1(size)
        except (OSError, http.client.HTTPException) as error:
            raise self._broken(str(error) or type(error).__name__) from error
        self._until += len(chunk) / _BYTES_PER_S_MIN
        if time.monotonic() > self._until:
            raise self._broken("it came too slowly")
        if self._left is not None:
            self._left -= len(chunk)
            if not chunk and self._left and size:
                raise self._broken(f"it broke off {self._left} bytes before its end")
        return chunk

    def _broken(self, reason: str) -> Unavailable:
        return Unavailable(f"{self._address}: {reason}", is_retry_safe=True)


def _start_of(answer: http.client.HTTPResponse, start: int, address: str) -> int:
    if answer.status == HTTPStatus.OK:
        return 0
    found = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
    if answer.status == HTTPStatus.PARTIAL_CONTENT and found is not None:
        if int(found["start"]) == start:
            return start
        raise Unavailable(
            f"{address} answered another part than was asked for", is_retry_safe=True
        )
    raise Unavailable(f"{address} answered {answer.status}", is_retry_safe=True)


__all__ = ["RecordAtAddress"]
