"""truce timestamp: an outside authority's word for when a checkpoint existed."""

from pathlib import Path
from typing import Annotated

import typer

from truce.canonical import Json
from truce.cli._output import answer, errors_as_codes
from truce.cli.record import AsJson, Folder
from truce.errors import InvalidInput
from truce.exchange.rfc3161 import HttpAuthority, OfflineStamps, roots_from_file
from truce.instants import text_from_instant
from truce.record import Record
from truce.workflows.custody.ports import Stamp
from truce.workflows.custody.timestamp import (
    TimestampCheck,
    check_timestamps,
    timestamp_checkpoint,
)


def timestamp(
    folder: Folder,
    tsa: Annotated[
        str, typer.Option(help="The address of a time stamping authority (RFC 3161).")
    ] = "",
    verify: Annotated[
        bool, typer.Option("--verify", help="Check those that are kept.")
    ] = False,
    roots: Annotated[
        Path | None,
        typer.Option(help="Trusted root certificates, PEM; else this machine's own."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Has the record's checkpoint stamped, or checks the stamps that it has."""
    with errors_as_codes():
        if bool(tsa) == verify:
            raise InvalidInput("name one of --tsa URL (to ask) and --verify (to check)")
        stamps = OfflineStamps(roots_from_file(roots))
        record = Record.opened(folder)
        if verify:
            checks = check_timestamps(record, stamps)
        else:
            stamped = timestamp_checkpoint(record, HttpAuthority(tsa, stamps))
    if verify:
        _answer_checks(record, checks, as_json)
        return
    kept = stamped.kept
    stamp = stamps.read(kept.response)
    since = "" if stamped.is_new else ", as was kept already"
    answer(
        _head(record)
        | {"size": kept.size, "is_new": stamped.is_new}
        | _stamp_row(stamp),
        as_json=as_json,
        text=f"{_title(record)}: {kept.size} statements existed at "
        f"{text_from_instant(stamp.stamped_at)} by the word of {stamp.authority}"
        f"{since}",
    )


def _answer_checks(
    record: Record, checks: tuple[TimestampCheck, ...], as_json: bool
) -> None:
    """Ends with 1 where one does not hold, and where there is none: none shows
    nothing.
    """
    holds = bool(checks) and all(check.holds for check in checks)
    rows: list[Json] = [
        {"size": c.size, "holds": c.holds, "reason": c.reason, **_stamp_row(c.stamp)}
        for c in checks
    ]
    lines = [f"{_title(record)}, {len(checks)} timestamps kept"]
    for check in checks:
        at = text_from_instant(check.stamp.stamped_at) if check.stamp else "unreadable"
        lines.append(f"{check.size} statements: {at}: {check.reason or 'holds'}")
    if not checks:
        lines.append("no timestamp is kept; ask for one with --tsa URL")
    answer(
        _head(record) | {"timestamps": rows, "holds": holds},
        as_json=as_json,
        text="\n".join(lines),
    )
    raise typer.Exit(0 if holds else 1)


def _stamp_row(stamp: Stamp | None) -> dict[str, Json]:
    if stamp is None:
        return {"stamped_at": None, "accuracy_s": None, "authority": "", "serial": ""}
    return {
        "stamped_at": text_from_instant(stamp.stamped_at),
        "accuracy_s": stamp.accuracy.total_seconds() if stamp.accuracy else None,
        "authority": stamp.authority,
        "serial": str(stamp.serial),
    }


def _head(record: Record) -> dict[str, Json]:
    return {"kind": record.founding.kind.value, "origin": record.origin}


def _title(record: Record) -> str:
    return f"{record.founding.kind.upper()} record {record.origin}"


def add_to(app: typer.Typer) -> None:
    """Adds this command to the command line."""
    app.command()(timestamp)


__all__ = ["add_to"]
