"""A report that was issued is given again as it was, whatever is known by now."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from truce.app import begin_exercise
from truce.cli import app

SEED = 5


@pytest.fixture(scope="module")
def exercise(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two days of an exercise."""
    folder = tmp_path_factory.mktemp("issued") / "exercise"
    with begin_exercise(folder, seed=SEED, days=2) as playing:
        playing.play()
    return folder


def call(*words: str | Path) -> Any:
    """What a command prints as JSON; it must succeed."""
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_what_was_issued_is_given_again_as_it_was(exercise: Path) -> None:
    """The report of a day is sealed for two readers and read back byte for byte."""
    given = {}
    for reader in ("MECHANISM", "PUBLIC"):
        given[reader] = call(
            "report", "daily", exercise, "--day", "2031-05-05", "--reader", reader,
            "--issue",
        )  # fmt: skip
    listed = call("report", "issued", exercise, "--json")["issued"]
    assert [row["reader"] for row in listed] == ["MECHANISM", "PUBLIC"]
    for row in listed:
        again = call("report", "issued", exercise, "--statement", row["statement"])
        assert again == given[row["reader"]]
        assert again["record_kind"] == "exercise"
    result = CliRunner().invoke(app, ["verify", str(exercise)])
    assert result.exit_code == 0


def test_another_statement_is_no_issued_answer(exercise: Path) -> None:
    """Asking for the founding as a report is a mistake, and is told."""
    words = ["report", "issued", str(exercise), "--statement", "0"]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 2
    assert "is no issued answer" in result.output
