"""The server put together: routes, dependencies, errors, headers."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final

from litestar import Litestar, Request
from litestar.config.compression import CompressionConfig
from litestar.datastructures import CacheControlHeader, State
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.static_files import create_static_files_router

from truce.errors import TruceError
from truce.picture import Desk, PictureSource
from truce.release.gate import OPEN_GATE, Gate
from truce.release.model import Reader
from truce.release.readers import reader_from_request
from truce.web import agreements, events, incidents, pictures, records, reports
from truce.web.faults import fault_from_bug, fault_from_http, fault_from_truce
from truce.web.guard import LOOPBACK_HOSTS, verify_host, with_headers
from truce.web.handlers import frame_here
from truce.web.rendering import STATIC, static_digest
from truce.web.site import DailyReport, ReaderRule, Site

# Files carry a digest in their address, so a year is safe.
# Source: RFC 8246 (immutable responses).
_KEPT: Final = CacheControlHeader(public=True, max_age=31_536_000, immutable=True)
# Level 3: a tenth of the size of features in half the time of level 6. A stream of
# events must not wait for a block to fill, and fonts are compressed already.
_SMALLER: Final = CompressionConfig(
    backend="gzip", gzip_compress_level=3, exclude=["^/events", r"\.woff2$"]
)


def make_web(
    source: PictureSource,
    *,
    clock: Callable[[], datetime],
    readers: ReaderRule = reader_from_request,
    gate: Gate = OPEN_GATE,
    report: DailyReport | None = None,
    hosts: Iterable[str] = (),
) -> Litestar:
    """The pages of one record as an ASGI application.

    `clock` answers the present moment, aware. `readers` decides for whom a request is
    answered. `hosts` are the names besides this machine's own that it answers to.
    Without a `report` there is no desk for reports.
    """
    site = Site(
        desk=Desk(source, gate=gate),
        readers=readers,
        clock=clock,
        report=report,
        hosts=LOOPBACK_HOSTS | {host.lower() for host in hosts},
    )

    def verify(request: Request[Any, Any, Any]) -> None:
        verify_host(request.headers.get("host", ""), site.hosts)

    return Litestar(
        route_handlers=[*_routes(), _static()],
        dependencies={
            "site": Provide(lambda: site, sync_to_thread=False),
            "frame": Provide(frame_here, sync_to_thread=False),
        },
        exception_handlers={
            TruceError: fault_from_truce,
            HTTPException: fault_from_http,
            Exception: fault_from_bug,
        },
        before_request=verify,
        after_request=with_headers,
        state=State({"site": site}),
        compression_config=_SMALLER,
        openapi_config=None,
        # How to log is for the process to decide, not for its pages.
        logging_config=None,
    )


def close_streams(web: Litestar) -> None:
    """End the streams of events of a server that is about to stop.

    Browsers keep theirs open for as long as a page is shown, and a server that stops
    waits for what it has begun.
    """
    site: Site = web.state.site
    site.closing.set()


def warm_up(web: Litestar) -> None:
    """Make the mechanism's picture of now, so that nobody waits for the first one."""
    site: Site = web.state.site
    site.desk.picture(Reader.MECHANISM, site.desk.now(site.clock()))


def _routes() -> list[Any]:
    rooms = (agreements, events, incidents, pictures, records, reports)
    return [route for room in rooms for route in room.ROUTES]


def _static() -> Any:
    return create_static_files_router(
        path=f"/static/{static_digest()}",
        directories=[STATIC],
        cache_control=_KEPT,
    )


__all__ = ["close_streams", "make_web", "warm_up"]
