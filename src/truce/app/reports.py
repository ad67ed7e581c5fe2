"""The daily report as the pages show it."""

from datetime import date, time
from typing import Final

from truce.app.opened import OpenRecord
from truce.picture import AsOf
from truce.release import Gate, Reader
from truce.reporting import render_body
from truce.wording import language_from_header
from truce.workflows.reporting.daily import make_daily_report

# As the OSCE's monitoring mission in Ukraine closed its days. Source: its daily
# reports.
CUT_OFF: Final = time(19, 30)


class ReportPages:
    """Writes a record's daily reports for pages, each checked before it is shown."""

    def __init__(self, opened: OpenRecord, gate: Gate) -> None:
        self._opened = opened
        self._gate = gate

    def __call__(self, *, day: date, reader: Reader, language: str, as_of: AsOf) -> str:
        """The report's body as safe HTML.

        Raises:
            InvalidQuery: the day is not over.
            InvalidInput: the report's figures disagree, so it is not shown.
        """
        report = make_daily_report(
            self._opened.source,
            day=day,
            cut_off=CUT_OFF,
            reader=reader,
            now=as_of.instant,
            gate=self._gate,
        )
        return str(render_body(report, language_from_header(language)))


__all__ = ["CUT_OFF", "ReportPages"]
