"""truce report: the daily report, for any reader, and issuing it."""

from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated

import typer

from truce.app import OpenRecord, gate_of, open_writer, wall_clock
from truce.canonical import Json
from truce.cli._opening import record_opened
from truce.cli._output import ERRORS, answer, errors_as_codes
from truce.cli.record import AsJson, Folder
from truce.errors import InvalidInput
from truce.identifiers import StatementIndex
from truce.instants import text_from_instant, verify_instant
from truce.record import Record
from truce.release import Reader
from truce.reporting import DailyReport, render_html, report_json, report_name
from truce.wording import LANGUAGES, Language
from truce.workflows.custody.publish import publish_issued
from truce.workflows.reporting.daily import (
    issue_daily_report,
    issued_answer,
    issued_answers,
    make_daily_report,
)

app = typer.Typer(help="Reports with cut-off, reconciled.", no_args_is_help=True)


@app.callback()
def reports() -> None:
    """Reports with cut-off, reconciled."""


@app.command()
def daily(
    folder: Folder,
    day: Annotated[str, typer.Option(help="The day it closes on, e.g. 2031-05-09.")],
    cut_off: Annotated[str, typer.Option(help="Local time.")] = "19:30",
    reader: Annotated[Reader, typer.Option(help="For whom.")] = Reader.MECHANISM,
    language: Annotated[str, typer.Option(help="en, uk or fr.")] = "en",
    out: Annotated[
        Path | None, typer.Option(help="A folder for the page and the JSON.")
    ] = None,
    issue: Annotated[
        bool, typer.Option("--issue", help="Seal it in the record as given out.")
    ] = False,
) -> None:
    """The report of a day: JSON on standard output, or page and JSON in a folder."""
    with errors_as_codes():
        asked = _day(day), _time(cut_off), reader
        if issue:
            with open_writer(folder) as (writer, opened):
                report = _made(opened, *asked)
                index = issue_daily_report(
                    writer, report, known_count=opened.store.count(), clock=wall_clock
                )
                opened.follow()
                ERRORS.print(f"sealed as statement {index}")
        else:
            with record_opened(folder) as opened:
                report = _made(opened, *asked)
        _write(report, _language(language), out)


@app.command()
def issued(
    folder: Folder,
    statement: Annotated[
        int, typer.Option(help="Print this one's content, exactly as it was given.")
    ] = -1,
    publish: Annotated[
        Path | None, typer.Option(help="Write it into this folder, with a proof.")
    ] = None,
    reader: Annotated[
        Reader, typer.Option(help="To whom what is published was issued.")
    ] = Reader.PUBLIC,
    as_json: AsJson = False,
) -> None:
    """The answers that were issued: a list, or one as it was given out."""
    with errors_as_codes():
        record = Record.opened(folder)
        if publish is not None:
            _publish(record, statement, publish, reader, as_json)
            return
        if statement >= 0:
            given = issued_answer(record, StatementIndex(statement))
            typer.echo(given.content.decode())
            return
        found = issued_answers(record)
        rows: list[Json] = [
            {
                "statement": index,
                "subject": given.subject,
                "reader": given.reader,
                "as_of": text_from_instant(given.as_of),
                "known_count": given.known_count,
            }
            for index, given in found
        ]
        lines = [
            f"statement {index}: {given.subject} for {given.reader}"
            for index, given in found
        ]
        answer({"issued": rows}, as_json=as_json, text="\n".join(lines))


def _publish(
    record: Record, statement: int, folder: Path, reader: Reader, as_json: bool
) -> None:
    if statement < 0:
        raise InvalidInput("--publish needs --statement: name the one to publish")
    done = publish_issued(record, StatementIndex(statement), folder, reader=reader)
    answer(
        {
            "kind": record.founding.kind.value,
            "statement": done.statement,
            "subject": done.subject,
            "reader": reader.value,
            "file": str(done.path),
            "proof": str(done.proof),
            "named": [*done.named],
        },
        as_json=as_json,
        text=f"{done.path}\n{done.proof}\nthe proof names {', '.join(done.named)}",
    )


def _made(opened: OpenRecord, day: date, cut_off: time, reader: Reader) -> DailyReport:
    return make_daily_report(
        opened.source,
        day=day,
        cut_off=cut_off,
        reader=reader,
        now=verify_instant(opened.now(wall_clock())),
        gate=gate_of(opened),
    )


def _write(report: DailyReport, language: Language, out: Path | None) -> None:
    if out is None:
        typer.echo(report_json(report).decode())
        return
    out.mkdir(parents=True, exist_ok=True)
    page = out / report_name(report, f"{language}.html")
    page.write_text(render_html(report, language), encoding="utf-8")
    data = out / report_name(report, "json")
    data.write_bytes(report_json(report))
    typer.echo(f"{page}\n{data}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(f"--day is {text!r}, expected e.g. 2031-05-09") from error


def _time(text: str) -> time:
    try:
        return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 # a local time
    except ValueError as error:
        raise InvalidInput(f"--cut-off is {text!r}, expected e.g. 19:30") from error


def _language(text: str) -> Language:
    for language in LANGUAGES:
        if language == text:
            return language
    raise InvalidInput(f"--language is {text!r}, expected {', '.join(LANGUAGES)}")


__all__ = ["app"]
