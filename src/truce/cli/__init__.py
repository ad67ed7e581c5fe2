"""The command line: parse, call one workflow, print, map errors to exit codes.

In: words. Out: one answer on standard output (with --json one JSON object), progress on
standard error, and an exit code: 0 done, 1 the answer is no, 2 bad input or usage,
3 the outside world failed and a retry is safe.

Always: the same verbs and the same JSON as over HTTP; errors are sentences.

Not decided here: anything; every command calls what decides.
"""

import typer

from truce.cli import (
    agreement,
    export,
    incidents,
    record,
    replay,
    report,
    run,
    score,
    timestamp,
)

app = typer.Typer(
    name="truce",
    help="The working machinery of a ceasefire: one record, many desks.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for noun in (record, incidents, timestamp, export, run):
    noun.add_to(app)
app.add_typer(agreement.app, name="agreement")
app.add_typer(replay.app, name="replay")
app.add_typer(report.app, name="report")
app.add_typer(score.app, name="score")


def main() -> None:
    """The console script."""
    app()


__all__ = ["app", "main"]
