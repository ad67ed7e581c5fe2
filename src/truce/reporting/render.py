"""A report as a page to print and as a body for another page, in three languages."""

from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from truce.release.model import ReleasedFinding, ReleasedIncident
from truce.reporting.model import DailyReport, Figure
from truce.reporting.query import address_of
from truce.reporting.window import zone_from_name
from truce.wording import Language, counted, reason_text, text

# More incidents than this make no page that anybody prints; JSON holds them all.
LISTED_MAX: Final = 500
# Beside its figure a line names this many incidents; the annex names the rest.
INLINE_MAX: Final = 6
# Between thousands: English writes a comma, the others a no-break space.
_GROUPING: Final = {"en": ",", "uk": "\u00a0", "fr": "\u202f"}
# Characters that turn the direction of what follows, or cannot be seen: a source's text
# could make a line read as another. Source: Unicode 15, UAX 9 section 2; UTR 36.
_UNSEEN: Final = dict.fromkeys(
    (
        *range(0x09),
        *range(0x0B, 0x20),
        *range(0x7F, 0xA0),
        0x00AD,
        0x061C,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        0xFEFF,
    ),
    "\ufffd",
)


def render_html(report: DailyReport, language: Language) -> str:
    """The report as one page that needs no other file, for screens and A4 paper."""
    return _render("daily.html", report, language)


def render_body(report: DailyReport, language: Language) -> Markup:
    """The report's body for a page that includes `stylesheet()` itself; already
    escaped."""
    return Markup(_render("_daily.html", report, language))  # escaped above


@cache
def stylesheet() -> str:
    """The styles of a report; every rule is within `.daily-report`."""
    return _read("daily.css")


def seen_text(value: str) -> str:
    """A text with unseen and turning characters made visible."""
    return value.translate(_UNSEEN)


def _read(name: str) -> str:
    return files("truce.reporting").joinpath("templates", name).read_text("utf-8")


@cache
def _environment() -> Environment:
    return Environment(
        loader=FunctionLoader(_read),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: seen_text(value) if type(value) is str else value,
    )


def _render(name: str, report: DailyReport, language: Language) -> str:
    words = _Words(report, language)
    return (
        _environment()
        .get_template(name)
        .render(report=report, css=Markup(stylesheet()), **words.helpers())
    )


class _Words:
    """How a report's values are written in one language and its own time zone."""

    def __init__(self, report: DailyReport, language: Language) -> None:
        self.report = report
        self.language = language
        self.zone = zone_from_name(report.time_zone)

    def helpers(self) -> dict[str, Any]:
        """What the templates call."""
        names: tuple[Callable[..., Any], ...] = (
            self.t,
            self.counted,
            self.number,
            self.moment,
            self.local,
            self.day,
            self.label,
            self.reason,
            self.place,
            self.percent,
        )
        return {function.__name__: function for function in names} | {
            "address": _address,
            "language": self.language,
            "inline_max": INLINE_MAX,
            "listed_max": LISTED_MAX,
        }

    def t(self, key: str, **values: object) -> str:
        """The text of a key."""
        return text(self.language, key, **values)

    def counted(self, key: str, count: int) -> str:
        """The form of a text that goes with a count."""
        return counted(self.language, key, count)

    def number(self, value: int) -> str:
        """A whole number with its thousands apart."""
        return f"{value:,}".replace(",", _GROUPING[self.language])

    def moment(self, value: datetime) -> str:
        """A moment to the minute in the report's zone."""
        return value.astimezone(self.zone).strftime("%Y-%m-%d %H:%M")

    def local(self, value: datetime) -> str:
        """A moment with the offset from UTC that its zone has then."""
        here = value.astimezone(self.zone)
        offset = here.isoformat(timespec="minutes")[-6:]
        return f"{here:%Y-%m-%d %H:%M} (UTC{offset})"

    def day(self, value: date) -> str:
        """A date with its weekday and month in words."""
        month = self.t(f"report.month.{value.month}")
        weekday = self.t(f"weekday.{value.weekday()}")
        return self.t(
            "report.date", weekday=weekday, day=value.day, month=month, year=value.year
        )

    def label(self, label: str, label_key: str) -> str:
        """The text of a row's key, or its label where it has none."""
        return self.t(label_key) if label_key else label

    def reason(self, finding: ReleasedFinding) -> str:
        """A finding's reason in this language where there is one, else in English."""
        return reason_text(
            self.language,
            finding.reason_key,
            finding.reason_values,
            default=finding.reason,
        )

    def place(self, one: ReleasedIncident) -> str:
        """Where an incident was, as far as it is shown."""
        if one.position is None:
            return one.province or self.t("report.province.none")
        lat, lon = one.position.lat_deg, one.position.lon_deg
        where = (
            f"{abs(lat):.3f}°\u00a0{'NS'[lat < 0]},\u00a0"
            f"{abs(lon):.3f}°\u00a0{'EW'[lon < 0]}"
        )
        return f"{one.province}, {where}" if one.province else where

    def percent(self, share: float) -> str:
        """A probability in whole hundredths."""
        return f"{share * 100:.0f}\u00a0%"


def _address(figure: Figure) -> str:
    return address_of(figure.query)


__all__ = [
    "INLINE_MAX",
    "LISTED_MAX",
    "render_body",
    "render_html",
    "seen_text",
    "stylesheet",
]
