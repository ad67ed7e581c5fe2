"""Errors as pages and as JSON: what was wrong, what was expected, what to do."""

import logging
from typing import Any, Final

from litestar import Request, Response
from litestar.exceptions import HTTPException

from truce.errors import TruceError, code_of
from truce.web.frame import plain_frame
from truce.web.guard import with_headers
from truce.web.rendering import page
from truce.web.site import Site

_LOG: Final = logging.getLogger("truce.web")
_KEYS: Final = {400: "bad", 403: "refused", 404: "missing", 405: "refused", 409: "no"}
_DOWN: Final = 503
# Addresses that machines read.
_PLAIN: Final = ("/api/", "/map/", "/events", "/export/")


def fault_from_truce(
    request: Request[Any, Any, Any], error: TruceError
) -> Response[Any]:
    """An error of our tree, its status from the one table of codes."""
    return _fault(request, code_of(error).http_status, str(error))


def fault_from_http(
    request: Request[Any, Any, Any], error: HTTPException
) -> Response[Any]:
    """An error of the protocol: no such address, no such method."""
    return _fault(request, error.status_code, error.detail)


def fault_from_bug(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Our own bug: logged whole, told in a sentence that gives nothing away."""
    _LOG.error("%s %s broke", request.method, request.url.path, exc_info=error)
    return _fault(request, 500, "The error is in the server's log; try again.")


def _fault(request: Request[Any, Any, Any], status: int, detail: str) -> Response[Any]:
    # Faults do not pass the server's own last step, which sets the headers.
    return with_headers(_told(request, status, detail))


def _told(request: Request[Any, Any, Any], status: int, detail: str) -> Response[Any]:
    if request.url.path.startswith(_PLAIN):
        return Response({"error": detail, "status": status}, status_code=status)
    media_type = "text/html; charset=utf-8"
    try:
        text = _page(request, status, detail)
    except TruceError:
        # The record cannot even be asked for the frame around the page.
        text, media_type = f"{status}: {detail}\n", "text/plain; charset=utf-8"
    return Response(text, status_code=status, media_type=media_type)


def _page(request: Request[Any, Any, Any], status: int, detail: str) -> str:
    site: Site = request.app.state.site
    key = _KEYS.get(status, "down" if status == _DOWN else "broken")
    values = {"status": status, "detail": detail, "status_key": key}
    return page(site, plain_frame(request, site), "fault.html", **values)


__all__ = ["fault_from_bug", "fault_from_http", "fault_from_truce"]
