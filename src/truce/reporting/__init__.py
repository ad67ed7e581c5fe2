"""Daily reports: frozen at a cut-off, reconciled, and every figure with its question.

In: what the record knew at two cut-offs, as plain values (`ReportInput`), and the
reader for whom it is made. Out: a `DailyReport` of frozen values, and from it a page, a
page's body or JSON.

Always holds: everything in it passed release as of its cut-off, so that a day's opening
total is the day before's closing total; every figure carries the question that gives
it; no time but the cut-offs enters its figures; `reconcile` lists every disagreement.

Not decided here: whether a report is issued (workflows refuse one with disagreements),
who signs it, what an incident or a finding is, and what a reader may see (release).
"""

from truce.reporting.daily import daily_report
from truce.reporting.model import (
    Change,
    DailyReport,
    Figure,
    Known,
    Query,
    ReportInput,
    Subject,
)
from truce.reporting.plain import report_json, report_name
from truce.reporting.reconcile import reconcile
from truce.reporting.render import render_body, render_html, stylesheet
from truce.reporting.window import moments_for, report_window

__all__ = [
    "Change",
    "DailyReport",
    "Figure",
    "Known",
    "Query",
    "ReportInput",
    "Subject",
    "daily_report",
    "moments_for",
    "reconcile",
    "render_body",
    "render_html",
    "report_json",
    "report_name",
    "report_window",
    "stylesheet",
]
