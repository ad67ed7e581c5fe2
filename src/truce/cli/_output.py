"""What all commands do alike: one answer on standard output, errors as codes."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from truce.canonical import Json
from truce.errors import TruceError, Unavailable, code_of

ERRORS = Console(stderr=True, highlight=False, soft_wrap=True)


def answer(value: Json, *, as_json: bool, text: str) -> None:
    """Prints the answer: as one JSON object, or as text for people."""
    line = json.dumps(value, ensure_ascii=False, sort_keys=False) if as_json else text
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def fail(error: TruceError) -> NoReturn:
    """Says what went wrong on standard error and ends with the code of its kind."""
    ERRORS.print(f"truce: {error}", style="bold red", markup=False)
    raise typer.Exit(code_of(error).exit_code)


@contextmanager
def errors_as_codes() -> Iterator[None]:
    """Turns truce's own errors into messages and exit codes; bugs still crash.

    What the system itself refuses (a path too long, a folder that is a file, a full
    disk) is the outside world's failure and names its path.
    """
    try:
        yield
    except TruceError as error:
        fail(error)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        reason = error.strerror or str(error)
        fail(Unavailable(f"{place}{reason}; nothing more was done", is_retry_safe=True))


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error, told (done, in all); silent where nobody watches."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=ERRORS, transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


__all__ = ["ERRORS", "answer", "errors_as_codes", "fail", "progress"]
