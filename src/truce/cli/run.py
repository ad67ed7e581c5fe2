"""truce run and serve: the built-in exercise through the whole chain, and the pages."""

import shutil
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final

import typer

from truce.app import (
    OpenRecord,
    ReportPages,
    begin_exercise,
    gate_of,
    wall_clock,
)
from truce.canonical import Json
from truce.cli._opening import record_opened
from truce.cli._output import ERRORS, answer, errors_as_codes, progress
from truce.cli.record import AsJson, Folder
from truce.compliance.model import Verdict
from truce.errors import OutcomeUnknown
from truce.picture.ports import AsOf
from truce.settings import Settings
from truce.web.serve import Page, fetch, served

# The last day of the exercise is played while somebody watches: an hour of it every so
# many seconds.
_SECONDS_AN_HOUR: Final = 8.0


def serve(
    folder: Folder,
    host: Annotated[str, typer.Option(help="Loopback unless told otherwise.")] = "",
    port: Annotated[
        int, typer.Option(min=-1, max=65_535, help="0 takes any free one.")
    ] = -1,
) -> None:
    """Serves the pages of a record until it is stopped."""
    with errors_as_codes():
        settings = Settings.read()
        with record_opened(folder) as opened:
            at = host or settings.host, settings.port if port < 0 else port
            with served(_page(opened), *at) as address:
                ERRORS.print(f"{_title(opened)} on {address} (stop with Ctrl-C)")
                while True:
                    time.sleep(1.0)
                    opened.follow()


def run(
    once: Annotated[
        bool, typer.Option("--once", help="Play all, fetch the page, stop.")
    ] = False,
    folder: Annotated[
        Path | None, typer.Option(help="Keep the record in this new folder.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Plays the built-in exercise through the whole chain and serves the picture."""
    with errors_as_codes():
        settings = Settings.read()
        if once:
            with tempfile.TemporaryDirectory() as scratch:
                summary = _once(settings, folder or Path(scratch) / "exercise")
            answer(summary, as_json=as_json, text=_summary_text(summary))
        else:
            _watch(settings, folder or _fresh(settings.records / "exercise"))


def _once(settings: Settings, folder: Path) -> dict[str, Json]:
    """Plays everything, serves on a free port, fetches the page, and sums up."""
    started = time.monotonic()
    with begin_exercise(folder, seed=settings.seed, days=settings.days) as playing:
        with progress("playing") as on_progress:
            playing.play(on_progress=on_progress)
        with served(_page(playing.opened), settings.host, 0) as address:
            page = fetch(f"{address}/")
        if playing.opened.source.record_name not in page:
            raise OutcomeUnknown(f"{address}/ did not show the record's name")
        return _summary(playing.opened) | {
            "seconds": round(time.monotonic() - started, 2)
        }


def _watch(settings: Settings, folder: Path) -> None:
    """Plays all but the last day, serves, and plays the last day on while watched."""
    with begin_exercise(folder, seed=settings.seed, days=settings.days) as playing:
        with progress("playing") as on_progress:
            playing.play(until_last=timedelta(days=1), on_progress=on_progress)
        opened = playing.opened
        with served(_page(opened), settings.host, settings.port) as address:
            ERRORS.print(f"{_title(opened)} on {address} (stop with Ctrl-C)")
            ERRORS.print("the last day is played on while you watch")
            while True:
                time.sleep(_SECONDS_AN_HOUR)
                playing.play_next_hour()


def _page(opened: OpenRecord) -> Page:
    gate = gate_of(opened)
    return Page(
        source=opened.source,
        gate=gate,
        clock=lambda: opened.now(wall_clock()),
        report=ReportPages(opened, gate),
    )


def _summary(opened: OpenRecord) -> dict[str, Json]:
    count = opened.store.count()
    now = opened.now(wall_clock())
    as_of = AsOf(count=count, instant=now)
    findings = opened.source.findings(as_of)
    return {
        "kind": opened.source.record_kind.value,
        "statements": count,
        "incidents": len(opened.source.incidents(as_of)),
        "alleged_breaches": sum(f.verdict is Verdict.BREACHED for f in findings),
    }


def _summary_text(summary: dict[str, Json]) -> str:
    return "\n".join(f"{name:18} {value}" for name, value in summary.items())


def _title(opened: OpenRecord) -> str:
    return f"{opened.source.record_kind.value.upper()} {opened.source.record_name}"


def _fresh(folder: Path) -> Path:
    """The folder, emptied of an earlier run of the built-in exercise."""
    if (folder / "log" / "checkpoint").exists():
        ERRORS.print(f"removing the earlier run in {folder}")
        shutil.rmtree(folder)
    return folder


def add_to(app: typer.Typer) -> None:
    """Adds these commands to the command line."""
    app.command()(run)
    app.command()(serve)


__all__ = ["add_to"]
