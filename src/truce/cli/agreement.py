"""truce agreement: checking texts, building corridors, adopting them in a record."""

from pathlib import Path
from typing import Annotated

import typer

from truce.agreement.build_corridors import build_corridors
from truce.agreement.load import faults_of_agreement
from truce.app import open_writer, read_file, wall_clock
from truce.canonical import Json
from truce.cli._output import answer, errors_as_codes
from truce.cli.record import AsJson, Folder
from truce.errors import InvalidInput
from truce.identifiers import AgreementId, FeedName
from truce.sources import files_of
from truce.statements import AgreementText
from truce.workflows.founding.begin_record import adopt_agreements
from truce.workflows.intake.seal_delivery import bytes_of_file

app = typer.Typer(help="The text as data.", no_args_is_help=True)


@app.command()
def build(
    template: Annotated[str, typer.Argument(help="corridor-2022")],
    data: Annotated[Path, typer.Option(help="The folder that holds the feeds.")],
    out: Annotated[Path, typer.Option(help="Where to write the texts.")],
    as_json: AsJson = False,
) -> None:
    """Writes real agreements from data, by a template: one YAML file each."""
    with errors_as_codes():
        if template != "corridor-2022":
            raise InvalidInput(f"template {template!r}: expected corridor-2022")
        (file,) = files_of(data, [FeedName("corridors_2022")])
        reading = read_file(file.feed, bytes_of_file(file.path))
        built = build_corridors(reading.notices)
        out.mkdir(parents=True, exist_ok=True)
        for corridor in built:
            (out / corridor.file_name).write_bytes(corridor.text)
    refused: list[Json] = [
        {"line": q.line, "reason": q.reason} for q in reading.quarantined
    ]
    answer(
        {
            "agreements": len(built),
            "rows": reading.rows_read,
            "quarantined": refused,
        },
        as_json=as_json,
        text=f"{len(built)} agreements from {reading.rows_read} rows written to {out}",
    )


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="YAML texts.")],
    geography: Annotated[
        Path | None, typer.Option(help="GeoJSON of the land that the text names.")
    ] = None,
) -> None:
    """Names every fault of each text; ends with 1 where there is one."""
    with errors_as_codes():
        world = {"world.geojson": bytes_of_file(geography)} if geography else {}
        faults = [
            fault
            for path in files
            for fault in faults_of_agreement(
                bytes_of_file(path), file=str(path), files=world
            )
        ]
    for fault in faults:
        typer.echo(str(fault))
    typer.echo(f"{len(files)} texts, {len(faults)} faults")
    raise typer.Exit(1 if faults else 0)


@app.command()
def adopt(
    folder: Folder,
    files: Annotated[list[Path], typer.Argument(help="YAML texts.")],
    geography: Annotated[
        Path | None, typer.Option(help="GeoJSON of the land that the texts name.")
    ] = None,
) -> None:
    """Seals texts as in force in a record."""
    with errors_as_codes(), open_writer(folder) as (writer, opened):
        world = bytes_of_file(geography) if geography else b""
        texts = [
            AgreementText(
                agreement=AgreementId(path.stem),
                text=bytes_of_file(path),
                geography=world,
            )
            for path in files
        ]
        sealed = adopt_agreements(writer, texts, clock=wall_clock)
        opened.follow()
    typer.echo(f"{len(sealed)} agreements sealed")


__all__ = ["app"]
