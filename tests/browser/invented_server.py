"""Serves the invented record on loopback for browser tests, as truce serves others.

Run as a program: `python -m tests.browser.invented_server [COUNT]`. It prints its
address when it listens. A line `happen KIND` on standard input seals a new incident; it
answers `happened ID`. It stops when standard input ends.
"""

import logging
import sys
from datetime import timedelta

from tests.unit.picture.invented_picture import NOW, InventedPicture

from truce.observations.kinds import Kind
from truce.release import Gate
from truce.web.serve import Page, served


def main(count: int) -> None:
    """Serve until standard input ends."""
    logging.disable(logging.CRITICAL)
    source = InventedPicture(count=count)
    page = Page(source=source, gate=Gate(), clock=lambda: NOW, report=None)
    with served(page, "127.0.0.1", 0) as address:
        _tell(address)
        for line in sys.stdin:
            _, kind = line.split()
            incident = source.add_incident(NOW - timedelta(minutes=2), kind=Kind(kind))
            _tell(f"happened {incident.id}")


def _tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
