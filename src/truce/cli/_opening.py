"""Opening a record for a command: with a bar while its state is brought up to date."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from truce.app import OpenRecord, open_record
from truce.cli._output import progress


@contextmanager
def record_opened(folder: Path) -> Iterator[OpenRecord]:
    """The record in a folder, its state up to date; the bar is gone by then.

    Raises:
        InvalidRecord: the folder holds no record.
    """
    with ExitStack() as stack:
        with progress("reading") as on_progress:
            opened = stack.enter_context(open_record(folder, on_progress=on_progress))
        yield opened


__all__ = ["record_opened"]
