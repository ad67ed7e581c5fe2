"""Fault tests add up what they broke; `./dev test --faults` prints it."""

import json
import os
from pathlib import Path

import pytest
from tests.faults.counts import Counts

_COUNTS = Counts()


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
