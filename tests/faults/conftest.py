"""Fault tests add up what they broke; `./dev test --faults` prints it."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from tests.faults.counts import Counts

_COUNTS = Counts()


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """A folder in memory where there is one: what is flushed here and what is not is
    the tests' own affair, and the disk would only make them wait.
    """
    memory = Path("/dev/shm")  # a folder of its own is made in it
    is_there = memory.is_dir() and os.access(memory, os.W_OK)
    with TemporaryDirectory(dir=memory if is_there else None) as folder:
        yield Path(folder)


@pytest.fixture
def counts() -> Counts:
    """The counts of this run."""
    return _COUNTS


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Leaves the counts where the command that asked for them finds them."""
    path = os.environ.get("TRUCE_FAULT_COUNTS")
    if path:
        failed = session.testsfailed
        told = {
            **_COUNTS.total,
            "passed": session.testscollected - failed,
            "failed": failed,
        }
        Path(path).write_text(json.dumps(told), encoding="utf-8")
