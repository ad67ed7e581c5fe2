"""Running the server beside the rest of a process, and asking it for a page."""

import asyncio
import gc
import http.client
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from granian.constants import Interfaces
from granian.server.embed import Server

from truce.errors import Unavailable
from truce.picture import PictureSource
from truce.release import Gate
from truce.web.server import close_streams, make_web, warm_up
from truce.web.site import DailyReport

# A server on this machine that is not up by then will not be.
_START_TRIES: Final = 100
_START_WAIT_S: Final = 0.1
_FETCH_TIMEOUT_S: Final = 30.0
# A record's incidents live for as long as its server. Python looks through all of them
# for every few thousand new ones, which made an answer of 25,600 features take 0.81 s
# instead of 0.15 s; reference counting frees what answers leave behind all the same.
_COLLECT_AFTER: Final = (100_000, 50, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a server needs to serve one record."""

    source: PictureSource
    gate: Gate
    clock: Callable[[], datetime]
    report: DailyReport | None


@contextmanager
def served(page: Page, host: str, port: int) -> Iterator[str]:
    """Serves a record while inside; answers the address. Port 0 takes a free one.

    Raises:
        Unavailable: the port is taken, or the server did not come up.
    """
    port = _free_port(host, port)
    web = make_web(
        page.source, clock=page.clock, gate=page.gate, report=page.report, hosts=(host,)
    )
    server = Server(
        web,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        log_enabled=False,
    )
    loop = asyncio.new_event_loop()
    thread = threading.Thread(
        target=loop.run_until_complete, args=(server.serve(),), daemon=True
    )
    collected_after = gc.get_threshold()
    gc.set_threshold(*_COLLECT_AFTER)
    thread.start()
    try:
        _wait_until_up(host, port, thread)
        warm_up(web)
        yield f"http://{host}:{port}"
    finally:
        close_streams(web)
        loop.call_soon_threadsafe(server.stop)
        thread.join(timeout=10.0)
        gc.set_threshold(*collected_after)


def fetch(address: str) -> str:
    """The text of a page, as any reader would get it.

    Raises:
        Unavailable: the server did not answer, or not with a page.
    """
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(
        parts.hostname or "", parts.port, timeout=_FETCH_TIMEOUT_S
    )
    try:
        connection.request("GET", parts.path or "/")
        answer = connection.getresponse()
        body = answer.read().decode("utf-8")
    except OSError as error:
        raise Unavailable(f"{address}: {error}", is_retry_safe=True) from error
    finally:
        connection.close()
    if answer.status != http.client.OK:
        raise Unavailable(f"{address} answered {answer.status}", is_retry_safe=True)
    return body


def _free_port(host: str, port: int) -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Unavailable(
                f"{host}:{port}: {error.strerror}; set TRUCE_PORT to another port",
                is_retry_safe=True,
            ) from error
        return int(probe.getsockname()[1])


def _wait_until_up(host: str, port: int, thread: threading.Thread) -> None:
    pause = threading.Event()
    for _ in range(_START_TRIES):
        try:
            with socket.create_connection((host, port), timeout=1.0):
                return
        except OSError:
            if not thread.is_alive():
                break
            pause.wait(_START_WAIT_S)
    raise Unavailable(f"the server on {host}:{port} did not start", is_retry_safe=True)


__all__ = ["Page", "fetch", "served"]
