"""Plays three days of the built-in exercise, serves its record, and plays on when told.

Prints its address; a line on standard input plays on until an incident is new; the end
of standard input ends it.
"""

import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from truce.app import Playing, ReportPages, begin_exercise, gate_of, wall_clock
from truce.web.serve import Page, served

SEED = 3
DAYS = 3


def play_until_new(playing: Playing) -> None:
    """Plays hour after hour until the picture holds an incident that it did not."""
    source, store = playing.opened.source, playing.opened.store
    before = {incident.id for incident in source.incidents_at(store.count())}
    while playing.play_next_hour():
        now = {incident.id for incident in source.incidents_at(store.count())}
        if now - before:
            return
    raise RuntimeError("the exercise is over and nothing new came")


def say(line: str) -> None:
    """One line to whoever started this process."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Plays, serves, obeys."""
    with (
        tempfile.TemporaryDirectory() as scratch,
        begin_exercise(Path(scratch) / "record", seed=SEED, days=DAYS) as playing,
    ):
        playing.play(until_last=timedelta(hours=12))
        opened = playing.opened
        gate = gate_of(opened)
        page = Page(
            source=opened.source,
            gate=gate,
            clock=lambda: opened.now(wall_clock()),
            report=ReportPages(opened, gate),
        )
        with served(page, "127.0.0.1", 0) as address:
            say(address)
            for _ in sys.stdin:
                play_until_new(playing)
                say("happened")


if __name__ == "__main__":
    main()
