"""truce score: how right the rest of truce is, on data whose truth is known."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from truce.app import begin_exercise, read_file
from truce.canonical import Json
from truce.cli._output import answer, errors_as_codes, progress
from truce.cli.record import AsJson
from truce.cli.replay import Data
from truce.identifiers import FeedName
from truce.observations.model import Observation
from truce.scoring.exercise import score_json, score_played
from truce.scoring.pairs import CuratedPair, PairScore, score_pairs
from truce.sources import files_of
from truce.workflows.intake.seal_delivery import bytes_of_file

app = typer.Typer(help="Scores.", no_args_is_help=True)

_CURATED = (FeedName("bellingcat_civharm"), FeedName("eyes_on_russia"))


@app.callback()
def scores() -> None:
    """Scores."""


@app.command()
def pairs(
    data: Data,
    listed: Annotated[
        bool, typer.Option("--list", help="Also list the pairs, for hand reading.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Entries of two curated catalogues: is what they share fused, and only that."""
    with errors_as_codes():
        observations = _curated(data)
        found = score_pairs(observations)
    figures: dict[str, Json] = found.as_json()
    lines = [f"{name:30} {value}" for name, value in figures.items()]
    lists = _lists(found)
    if listed:
        lines += [f"{name}: {row}" for name, rows in lists.items() for row in rows]
    answer(figures | (lists if listed else {}), as_json=as_json, text="\n".join(lines))


@app.command()
def exercise(
    seed: Annotated[int, typer.Option(min=0, help="Which story.")] = 1,
    days: Annotated[int, typer.Option(min=1, help="How long.")] = 10,
    as_json: AsJson = False,
) -> None:
    """The built-in exercise: how much of its truth the picture holds."""
    with errors_as_codes(), tempfile.TemporaryDirectory() as scratch:
        with begin_exercise(Path(scratch) / "record", seed=seed, days=days) as playing:
            with progress("playing") as on_progress:
                playing.play(on_progress=on_progress)
            opened = playing.opened
            incidents = opened.source.incidents_at(opened.store.count())
        found = score_json(score_played(incidents, seed, days))
    figures = {"seed": seed, "days": days} | found
    lines = [f"{name:30} {value}" for name, value in figures.items()]
    answer(figures, as_json=as_json, text="\n".join(lines))


def _lists(found: PairScore) -> dict[str, list[str]]:
    return {
        "consistent": [_line(pair) for pair in found.consistent],
        "distinct": [_line(pair) for pair in found.distinct],
    }


def _line(pair: CuratedPair) -> str:
    fused = "fused" if pair.is_fused_with_link else "apart"
    without = "fused" if pair.is_fused_without_link else "apart"
    return (
        f"{pair.first} {pair.second} {pair.distance_m:.0f} m, {pair.gap} apart; "
        f"{fused} with the link, {without} without"
    )


def _curated(data: Path) -> tuple[Observation, ...]:
    return tuple(
        observation
        for file in files_of(data, _CURATED)
        for observation in read_file(file.feed, bytes_of_file(file.path)).observations
    )


__all__ = ["app"]
