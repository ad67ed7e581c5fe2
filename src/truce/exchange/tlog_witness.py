"""Witnesses over HTTP: serving one, and the line to others.

| request | answers |
|---|---|
| `POST /add-checkpoint` | a cosignature, as C2SP tlog-witness has it |
| `GET /HASH/checkpoint` | the note last cosigned of a log; HASH is of its origin |
| `GET /HASH/split-view` | the first evidence against that log's key |
| `POST /add-split-view` | takes evidence from anybody, once it is shown to hold |

The last three are truce's own: C2SP leaves open how witnesses are compared.
Source: C2SP tlog-witness (c2sp.org/tlog-witness).
"""

import logging
from http import HTTPStatus
from typing import Any, Final

from litestar import Litestar, Request, Response, get, post
from litestar.exceptions import HTTPException
from litestar.params import FromPath, RawBody

from truce.errors import Unavailable
from truce.exchange._fetching import TIMEOUT_S, fetched, verify_address
from truce.exchange._listening import listening
from truce.exchange.tlog_tiles import LogAtAddress
from truce.record.note import NOTE_SIZE_MAX
from truce.record.witnessing.split_view import SPLIT_VIEW_SIZE_MAX
from truce.record.witnessing.witness import REQUEST_SIZE_MAX, origin_hash
from truce.workflows.witnessing.cosign import PLAIN, Answer, WitnessDesk
from truce.workflows.witnessing.ports import Reply

_LOG: Final = logging.getLogger("truce.exchange.tlog_witness")


def witness_web(desk: WitnessDesk) -> Litestar:
    """A witness as an ASGI application."""

    # Handlers wait for the disk, so each runs in a thread and not in the loop.
    @post(
        "/add-checkpoint",
        request_max_body_size=REQUEST_SIZE_MAX,
        sync_to_thread=True,
        status_code=HTTPStatus.OK,
    )
    def add_checkpoint(body: RawBody) -> Response[bytes]:
        return _response(desk.add_checkpoint(body))

    @post(
        "/add-split-view",
        request_max_body_size=SPLIT_VIEW_SIZE_MAX,
        sync_to_thread=True,
        status_code=HTTPStatus.OK,
    )
    def add_split_view(body: RawBody) -> Response[bytes]:
        return _response(desk.take_split_view(body))

    @get("/{hashed:str}/checkpoint", sync_to_thread=True)
    def checkpoint(hashed: FromPath[str]) -> Response[bytes]:
        return _response(desk.checkpoint(hashed))

    @get("/{hashed:str}/split-view", sync_to_thread=True)
    def split_view(hashed: FromPath[str]) -> Response[bytes]:
        return _response(desk.split_view(hashed))

    return Litestar(
        route_handlers=[add_checkpoint, add_split_view, checkpoint, split_view],
        exception_handlers={
            Unavailable: _fault_from_world,
            HTTPException: _fault_from_http,
            Exception: _fault_from_bug,
        },
        openapi_config=None,
        logging_config=None,
    )


class WitnessesOverHttp:
    """The line to witnesses and logs elsewhere; see `WitnessLine`."""

    def __init__(self, *, timeout_s: float = TIMEOUT_S) -> None:
        self._timeout_s = timeout_s

    def add_checkpoint(self, url: str, body: bytes) -> Reply:
        """Hands a checkpoint in, with its proof.

        Raises:
            Unavailable: nobody answers, or not within bounds.
        """
        found = fetched(
            f"{verify_address(url)}/add-checkpoint",
            size_max=NOTE_SIZE_MAX,
            body=body,
            timeout_s=self._timeout_s,
        )
        return Reply(status=found.status, body=found.body)

    def latest(self, url: str, origin: str) -> bytes | None:
        """The note that a witness last cosigned of a log; None for nothing yet.

        Raises:
            Unavailable: nobody answers, or neither with a note nor with 404.
        """
        address = f"{verify_address(url)}/{origin_hash(origin)}/checkpoint"
        found = fetched(address, size_max=NOTE_SIZE_MAX, timeout_s=self._timeout_s)
        if found.status == HTTPStatus.NOT_FOUND:
            return None
        if found.status != HTTPStatus.OK:
            raise Unavailable(f"{address} answered {found.status}", is_retry_safe=True)
        return found.body

    def warn(self, url: str, split_view: bytes) -> None:
        """Hands a split view to another witness.

        Raises:
            Unavailable: it did not take it.
        """
        address = f"{verify_address(url)}/add-split-view"
        found = fetched(
            address,
            size_max=NOTE_SIZE_MAX,
            body=split_view,
            timeout_s=self._timeout_s,
        )
        if found.status != HTTPStatus.OK:
            raise Unavailable(f"{address} answered {found.status}", is_retry_safe=True)

    def log_at(self, url: str) -> LogAtAddress:
        """The log at an address."""
        return LogAtAddress(url, timeout_s=self._timeout_s)


def _response(answer: Answer) -> Response[bytes]:
    return Response(
        answer.body,
        status_code=answer.status,
        headers={
            # Set as it is: Litestar would add a charset, which the standard has not.
            "Content-Type": answer.media_type,
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _told(status: int, message: str) -> Response[bytes]:
    body = f"{message}\n".encode()
    return _response(Answer(status=status, body=body, media_type=PLAIN))


def _fault_from_world(
    _request: Request[Any, Any, Any], error: Unavailable
) -> Response[bytes]:
    """The disk failed: nothing was given, and the asker may ask again."""
    _LOG.error("the witness could not remember: %s", error)
    return _told(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "the witness cannot write what it would cosign; nothing was cosigned",
    )


def _fault_from_http(
    _request: Request[Any, Any, Any], error: HTTPException
) -> Response[bytes]:
    return _told(error.status_code, error.detail)


def _fault_from_bug(
    request: Request[Any, Any, Any], error: Exception
) -> Response[bytes]:
    _LOG.error("%s %s broke", request.method, request.url.path, exc_info=error)
    return _told(HTTPStatus.INTERNAL_SERVER_ERROR, "the error is in the server's log")


__all__ = [
    "WitnessesOverHttp",
    "listening",
    "verify_address",
    "witness_web",
]
