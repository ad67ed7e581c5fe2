"""truce replay: history run through the whole chain, always as a study."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from truce.app import (
    OpenRecord,
    attached,
    sealed_study,
    wall_clock,
)
from truce.canonical import Json
from truce.cli._output import ERRORS, answer, errors_as_codes, progress
from truce.cli.record import AsJson
from truce.record import RecordKind, RecordWriter
from truce.scoring.corridors import confusion, corridor_row
from truce.sources import files_of
from truce.workflows.study.replay_corridors import (
    CorridorAnswer,
    adopt_corridors,
    corridor_answers,
)

app = typer.Typer(help="History, as a study.", no_args_is_help=True)

Data = Annotated[Path, typer.Option(help="The folder that holds one folder a feed.")]


@app.callback()
def replays() -> None:
    """History, as a study."""


@app.command()
def corridors(
    data: Data,
    folder: Annotated[
        Path | None, typer.Option(help="Keep the study record in this new folder.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """The corridors of 2022: each with its finding, beside how its source coded it."""
    with errors_as_codes(), replayed(data, folder) as (writer, opened):
        origin = writer.record.origin
        answers = corridor_answers(opened.store, opened.source, as_of=wall_clock())
    rows = [corridor_row(answer) for answer in answers]
    table = confusion(rows)
    answer(
        {
            "kind": RecordKind.STUDY.value,
            "origin": origin,
            "corridors": [_row(one) for one in answers],
            "confusion": table,
        },
        as_json=as_json,
        text="\n".join(_line(one) for one in answers)
        + "\n"
        + json.dumps(table, indent=1),
    )


@contextmanager
def replayed(
    data: Path, folder: Path | None
) -> Iterator[tuple[RecordWriter, OpenRecord]]:
    """A study record of every feed's files, with the corridors as its agreements."""
    with tempfile.TemporaryDirectory() as scratch:
        place = folder or Path(scratch) / "study"
        writer = sealed_study(place, "corridors-2022", files_of(data))
        ERRORS.print(f"STUDY {writer.record.origin}")
        try:
            with attached(writer) as opened:
                adopt_corridors(writer, opened.store, clock=wall_clock)
                with progress("reading") as on_progress:
                    opened.follow(on_progress=on_progress)
                yield writer, opened
        finally:
            writer.close()


def _row(one: CorridorAnswer) -> Json:
    return {
        "id": one.agreement,
        "title": one.title,
        "day": one.day,
        "verdict": one.verdict.value,
        "reason": one.reason,
        "incidents": [str(incident) for incident in one.incidents],
        "seen_share": one.seen_share,
        "hours_known": one.has_stated_hours,
        "coded_outcome": one.outcome_word,
    }


def _line(one: CorridorAnswer) -> str:
    return (
        f"{one.agreement}  {one.day}  {one.verdict.value:12}  "
        f"coded {one.outcome_word}\n"
        f"    {one.title}: {one.reason}"
    )


__all__ = ["app", "replayed"]
