"""Serves the invented record on loopback for browser tests, as truce serves others.

Run as a program: `python -m tests.browser.invented_server PORT`. It prints `ready`
when it listens. A line `happen KIND` on standard input seals a new incident; it answers
`happened ID`.
"""

import asyncio
import functools
import logging
import sys
import threading
from collections.abc import Callable
from datetime import timedelta

from granian.constants import Interfaces
from granian.server.embed import Server
from tests.unit.picture.invented_picture import NOW, InventedPicture

from truce.observations.kinds import Kind
from truce.web import make_web


def main(port: int, count: int) -> None:
    """Serve until standard input ends."""
    logging.disable(logging.CRITICAL)
    source = InventedPicture(count=count)

    def report(**asked: object) -> str:
        return f"<p>Invented report of {asked['day']}.</p>"

    web = make_web(source, clock=lambda: NOW, report=report)
    server = Server(
        web,
        address="127.0.0.1",
        port=port,
        interface=Interfaces.ASGI,
        log_enabled=False,
    )

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        stop = functools.partial(loop.call_soon_threadsafe, server.stop)
        threading.Thread(target=_obey, args=(source, stop), daemon=True).start()
        loop.call_later(0.5, _tell, "ready")
        await server.serve()

    asyncio.run(serve())


def _tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _obey(source: InventedPicture, stop: Callable[[], object]) -> None:
    for line in sys.stdin:
        _, kind = line.split()
        incident = source.add_incident(NOW - timedelta(minutes=2), kind=Kind(kind))
        _tell(f"happened {incident.id}")
    stop()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 300)
