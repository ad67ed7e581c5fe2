"""Serving an application beside the rest of a process."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from granian.constants import Interfaces
from granian.server.embed import Server

from truce.errors import Unavailable

# A server on this machine that is not up by then will not be.
_START_TRIES: Final = 100
_START_WAIT_S: Final = 0.1


@contextmanager
def listening(application: Any, host: str, port: int) -> Iterator[str]:
    """Serves an ASGI application while inside; answers the address. Port 0 takes a free
    one.

    Raises:
        Unavailable: the port is taken, or the server did not come up.
    """
    port = _free_port(host, port)
    server = Server(
        application,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        log_enabled=False,
    )
    loop = asyncio.new_event_loop()
    thread = threading.Thread(
        target=loop.run_until_complete, args=(server.serve(),), daemon=True
    )
    thread.start()
    try:
        _wait_until_up(host, port, thread)
        yield f"http://{host}:{port}"
    finally:
        loop.call_soon_threadsafe(server.stop)
        thread.join(timeout=10.0)
        if not thread.is_alive():
            loop.close()


def _free_port(host: str, port: int) -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Unavailable(
                f"{host}:{port}: {error.strerror}; choose another port",
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


__all__ = ["listening"]
