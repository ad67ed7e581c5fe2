"""truce score: how right the rest of truce is, on data whose truth is known."""

from pathlib import Path
from typing import Annotated

import typer

from truce.app import read_file
from truce.cli._output import answer, errors_as_codes
from truce.cli.record import AsJson
from truce.cli.replay import Data
from truce.identifiers import FeedName
from truce.observations.model import Observation
from truce.scoring.pairs import pairs_json, pairs_text, score_pairs
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
    answer(pairs_json(found, listed=listed), as_json=as_json, text=pairs_text(found))


def _curated(data: Path) -> tuple[Observation, ...]:
    return tuple(
        observation
        for file in files_of(data, _CURATED)
        for observation in read_file(file.feed, bytes_of_file(file.path)).observations
    )


__all__ = ["app"]
