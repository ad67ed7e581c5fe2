"""truce init, ingest, verify, digest, rebuild: a record and what goes into it."""

from pathlib import Path
from typing import Annotated

import typer

from truce.app import open_record, open_writer, rebuild, shipped_land, wall_clock
from truce.canonical import Json
from truce.cli._output import answer, errors_as_codes, progress
from truce.errors import InvalidInput
from truce.identifiers import FeedName, ParticipantId
from truce.observations.read import FEEDS
from truce.record import OPERATOR, RecordKind, finish_commits, verify_record
from truce.record.identity.founding import NO_WITNESSES
from truce.record.policy import founding_policy_from_bytes
from truce.statements import Delivery
from truce.workflows.checking.digest import picture_digest, state_digest
from truce.workflows.founding.begin_record import begin_record
from truce.workflows.intake.seal_delivery import bytes_of_file, seal_deliveries

Folder = Annotated[Path, typer.Argument(help="The record's folder.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")]


def init(
    folder: Folder,
    kind: Annotated[RecordKind, typer.Option(help="What it is a record of.")],
    name: Annotated[
        str, typer.Option(help="What people call it; the folder's name if not given.")
    ] = "",
    policy: Annotated[
        Path | None,
        typer.Option(help="Whose cosignatures count: truce witness policy."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Begins a record: founds it, and seals the method and the land it is read by."""
    with errors_as_codes():
        rules = (
            founding_policy_from_bytes(bytes_of_file(policy))
            if policy
            else NO_WITNESSES
        )
        writer = begin_record(
            folder,
            kind=kind,
            name=name or folder.resolve().name,
            land=shipped_land(),
            clock=wall_clock,
            witness_policy=rules,
        )
        origin, size = writer.record.origin, writer.record.size
        writer.close()
    answer(
        {"origin": origin, "kind": kind.value, "statements": size},
        as_json=as_json,
        text=f"{kind.value.upper()} record {origin} begun with {size} statements",
    )


def ingest(
    folder: Folder,
    files: Annotated[list[Path], typer.Argument(help="The files to deliver.")],
    feed: Annotated[str, typer.Option(help=f"One of {', '.join(sorted(FEEDS))}.")],
    by: Annotated[str, typer.Option(help="Who delivers.")] = OPERATOR,
    as_json: AsJson = False,
) -> None:
    """Seals files as deliveries of a feed, then reads them into the picture."""
    with errors_as_codes(), open_writer(folder) as (writer, opened):
        if FeedName(feed) not in FEEDS:
            raise InvalidInput(
                f"feed {feed!r} is not known, expected one of "
                f"{', '.join(sorted(FEEDS))}"
            )
        deliveries = [
            (
                ParticipantId(by),
                Delivery(
                    feed=FeedName(feed),
                    file_name=path.name,
                    received_at=wall_clock(),
                    raw=bytes_of_file(path),
                ),
            )
            for path in files
        ]
        sealed = seal_deliveries(writer, deliveries)
        with progress("reading") as on_progress:
            opened.follow(on_progress=on_progress)
        counts = [
            line
            for line in opened.store.deliveries(opened.record.size)
            if line.statement in sealed
        ]
        quarantined = opened.store.quarantined(opened.record.size)
    rows: list[dict[str, Json]] = [
        {
            "statement": line.statement,
            "file": line.file_name,
            "read": line.rows_read,
            "accepted": line.accepted,
            "quarantined": line.quarantined,
            "duplicates": line.duplicates,
            "reasons": [
                {"line": fault.line, "reason": fault.reason}
                for fault in quarantined.get(line.statement, ())
            ],
        }
        for line in counts
    ]
    lines = []
    for line in counts:
        lines.append(
            f"statement {line.statement}: {line.file_name}: read {line.rows_read}, "
            f"accepted {line.accepted}, quarantined {line.quarantined}, "
            f"duplicates {line.duplicates}"
        )
        faults = quarantined.get(line.statement, ())
        lines += [f"  line {fault.line}: {fault.reason}" for fault in faults]
    answer({"deliveries": rows}, as_json=as_json, text="\n".join(lines))


def verify(
    folder: Folder,
    expect: Annotated[
        RecordKind | None, typer.Option(help="The kind of record it should be.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Checks the whole record; ends with 1 and names the statement where it fails."""
    with errors_as_codes(), progress("verifying") as on_progress:
        finish_commits(folder)
        found = verify_record(folder, on_progress=on_progress)
    kind = found.origin.split("/")[1] if found.origin.count("/") >= 3 else "unknown"
    is_expected = expect is None or kind == expect
    faults = [
        {"statement": f.statement, "where": f.where, "reason": f.reason}
        for f in found.faults
    ]
    lines = [f"{kind.upper()} record {found.origin}, {found.size} statements"]
    lines += [
        (f"statement {f.statement}: " if f.statement is not None else "")
        + f"{f.where}: {f.reason}"
        for f in found.faults
    ]
    if not is_expected:
        lines.append(f"expected a record of kind {expect}")
    holds = not faults and is_expected
    lines.append("every statement holds" if holds else "this record does not hold")
    answer(
        {
            "kind": kind,
            "origin": found.origin,
            "statements": found.size,
            "holds": holds,
            "faults": [*faults],
        },
        as_json=as_json,
        text="\n".join(lines),
    )
    raise typer.Exit(0 if holds else 1)


def digest(
    folder: Folder,
    picture: Annotated[
        bool,
        typer.Option(
            "--picture", help="Of today's picture, whatever order it came in."
        ),
    ] = False,
    batch: Annotated[int, typer.Option(min=1, help="Statements read at a time.")] = 256,
    state: Annotated[
        Path | None, typer.Option(help="Where to keep the state it is computed from.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Prints a fingerprint of everything computed from the record."""
    with errors_as_codes(), open_record(folder, state=state, batch=batch) as opened:
        compute = picture_digest if picture else state_digest
        found = compute(opened.store, opened.source)
        origin = opened.record.origin
    of = "picture" if picture else "state"
    answer({"origin": origin, of: found}, as_json=as_json, text=found)


def rebuild_state(folder: Folder, as_json: AsJson = False) -> None:
    """Throws the state away, makes it again from the record, and prints its digest."""
    with errors_as_codes(), progress("reading") as on_progress:
        found = rebuild(folder, on_progress=on_progress)
    answer({"state": found}, as_json=as_json, text=found)


def add_to(app: typer.Typer) -> None:
    """Adds these commands to the command line."""
    for command in (init, ingest, verify, digest):
        app.command()(command)
    app.command("rebuild")(rebuild_state)


__all__ = ["AsJson", "Folder", "add_to"]
