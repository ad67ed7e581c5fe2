"""truce export: statements with all that it takes to check them, for a court."""

from pathlib import Path
from typing import Annotated, Final

import typer

from truce import __version__
from truce.app import gate_of, wall_clock
from truce.canonical import Json
from truce.cli._opening import record_opened
from truce.cli._output import answer, errors_as_codes
from truce.cli.record import AsJson, Folder
from truce.errors import InvalidInput
from truce.exchange.content_credentials import C2paCredentials
from truce.exchange.rfc3161 import OfflineStamps
from truce.identifiers import StatementIndex
from truce.instants import verify_instant
from truce.picture import Desk, dossier_of
from truce.record import Record
from truce.release import Reader
from truce.workflows.custody.export import STATEMENTS_MAX, Outside, export_evidence

# Digits of a position that any log could hold.
_DIGITS_MAX: Final = 18


def export(
    folder: Folder,
    out: Annotated[
        Path, typer.Argument(help="The package; its name holds the record's kind.")
    ],
    statements: Annotated[
        str, typer.Option(help="Which statements, such as 3,7-9.")
    ] = "",
    incident: Annotated[
        str, typer.Option(help="Those that an incident rests on, by its id.")
    ] = "",
    reader: Annotated[Reader, typer.Option(help="For whom.")] = Reader.MECHANISM,
    as_zip: Annotated[bool, typer.Option("--zip", help="As one ZIP.")] = False,
    as_json: AsJson = False,
) -> None:
    """Writes an evidence package: the bytes as they came, proofs, and the verifier."""
    with errors_as_codes():
        chosen = [*_indexes(statements), *_of_incident(folder, incident)]
        record = Record.opened(folder)
        exported = export_evidence(
            record,
            chosen,
            _zip_name(out) if as_zip else out,
            reader=reader,
            exported_at=wall_clock(),
            outside=Outside(
                stamps=OfflineStamps(()),
                credentials=C2paCredentials(),
                software=f"truce {__version__}",
            ),
            is_zip=as_zip,
        )
    kind = record.founding.kind
    rows: list[Json] = [
        {
            "statement": one.index,
            "kind": one.kind,
            "bytes": one.given.value,
            "file": one.file,
            "proof": one.proof,
            "credentials": one.credentials,
        }
        for one in exported.statements
    ]
    lines = [f"{kind.upper()} evidence in {exported.path}, {exported.file_count} files"]
    for one in exported.statements:
        told = f", content credentials {one.credentials}" if one.credentials else ""
        lines.append(
            f"statement {one.index}: {one.kind}: {one.file or one.given}{told}"
        )
    answer(
        {
            "kind": kind.value,
            "origin": record.origin,
            "path": str(exported.path),
            "files": exported.file_count,
            "statements": rows,
        },
        as_json=as_json,
        text="\n".join(lines),
    )


def _zip_name(out: Path) -> Path:
    return out if out.suffix == ".zip" else out.with_name(f"{out.name}.zip")


def _indexes(text: str) -> list[int]:
    """The positions that a text such as `3,7-9` names; none of an empty one."""
    found: list[int] = []
    for part in text.split(",") if text else ():
        first, dash, last = part.partition("-")
        ends = (first, last) if dash else (first, first)
        if not all(
            end.isascii() and end.isdigit() and len(end) <= _DIGITS_MAX for end in ends
        ):
            raise InvalidInput(
                f"--statements has {part[:40]!r}, expected positions such as 3,7-9"
            )
        start, end = int(ends[0]), int(ends[1])
        if not start <= end < start + STATEMENTS_MAX:
            raise InvalidInput(
                f"--statements has {part}, expected a range that rises and names at "
                f"most {STATEMENTS_MAX}"
            )
        found += range(start, end + 1)
    return found


def _of_incident(folder: Path, incident: str) -> tuple[StatementIndex, ...]:
    """The statements that an incident rests on today, those that deny it included."""
    if not incident:
        return ()
    with record_opened(folder) as opened:
        desk = Desk(opened.source, gate=gate_of(opened))
        now = desk.now(verify_instant(opened.now(wall_clock())))
        picture = desk.picture(Reader.MECHANISM, now)
        return dossier_of(opened.source, picture, incident).statements


def add_to(app: typer.Typer) -> None:
    """Adds this command to the command line."""
    app.command()(export)


__all__ = ["add_to"]
