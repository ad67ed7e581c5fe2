"""Reports: the daily one, written by whoever the server was given for it."""

from datetime import date, timedelta

from litestar import Response, get
from litestar.exceptions import NotFoundException
from markupsafe import Markup

from truce.errors import InvalidQuery
from truce.reporting.render import stylesheet
from truce.web.frame import Frame
from truce.web.handlers import FrameHere, SiteHere, html
from truce.web.site import Site


@get("/reports/daily", sync_to_thread=True)
def daily(site: SiteHere, frame: FrameHere) -> Response[str]:
    """The report of a day; of yesterday unless the address names another."""
    if site.report is None:
        raise NotFoundException("no report is made of this record")
    day = day_asked(site, frame)
    body = site.report(
        day=day, reader=frame.reader, language=frame.language, as_of=frame.as_of
    )
    # The report escapes what it quotes (`DailyReport`); escaping again would show tags.
    return html(
        site, frame, "report.html", desk="reports", report_day=day, body=Markup(body)
    )


@get("/reports/daily.css", sync_to_thread=False)
def style() -> Response[str]:
    """How reports look."""
    return Response(stylesheet(), media_type="text/css; charset=utf-8")


def day_asked(site: Site, frame: Frame) -> date:
    """The day that the address names, or the last whole one.

    Raises:
        InvalidQuery: it names no day.
    """
    asked = frame.one("day")
    if not asked:
        return frame.as_of.instant.astimezone(site.desk.zone).date() - timedelta(days=1)
    try:
        return date.fromisoformat(asked)
    except ValueError as error:
        raise InvalidQuery(
            f"day is {asked!r}, expected a date such as 2026-01-06"
        ) from error


ROUTES = (daily, style)

__all__ = ["ROUTES", "day_asked"]
