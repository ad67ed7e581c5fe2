"""Numbers, times and places as people read them, in one language and time zone."""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from truce.instants import Interval
from truce.picture.answer import Step
from truce.places import SIGMAS_95, Place, Position
from truce.wording import text

# Thousands are parted by a narrow space that does not break, decimals as each language
# writes them. Source: CLDR 45, symbols of en, uk and fr; ISO 80000-1 for the space.
_SPACE: Final = "\u202f"
_DECIMAL: Final = {"en": ".", "uk": ",", "fr": ","}
_LONG_SPAN: Final = timedelta(hours=20)


class Figures:
    """Writes values in one language and one time zone."""

    def __init__(self, language: str, zone: tzinfo) -> None:
        self.language = language
        self.zone = zone

    def number(self, value: int) -> str:
        """A whole number, its thousands parted."""
        return f"{value:,}".replace(",", _SPACE)

    def decimal(self, value: float, digits: int) -> str:
        """A number with a fixed count of decimals."""
        return f"{value:.{digits}f}".replace(".", _DECIMAL[self.language])

    def whole(self, value: float) -> str:
        """A number rounded to the nearest whole one."""
        return self.number(round(value))

    def percent(self, share: float) -> str:
        """A share in [0, 1] in hundredths; never 0 or 100 unless it is exactly that."""
        rounded = round(share * 100)
        if 0.0 < share < 1.0:
            rounded = min(99, max(1, rounded))
        return f"{rounded}{_SPACE}%"

    def kilometres(self, metres: float) -> str:
        """Metres in km, to two figures: an uncertainty is not known better."""
        km = metres / 1000.0
        if km >= 9.95:
            return self.number(round(km))
        return self.decimal(km, 1 if km >= 0.95 else 2)

    def coordinates(self, position: Position) -> str:
        """Latitude and longitude in degrees with letters, to 3 decimals (100 m)."""
        north = "N" if position.lat_deg >= 0 else "S"
        east = "E" if position.lon_deg >= 0 else "W"
        lat, lon = abs(position.lat_deg), abs(position.lon_deg)
        return f"{lat:.3f}°\u00a0{north} {lon:.3f}°\u00a0{east}"

    def moment(self, value: datetime) -> str:
        """A day and a minute, local."""
        return f"{self.day(value)} {self.clock(value)}"

    def day(self, value: datetime) -> str:
        """A day: 3 May 2031."""
        local = value.astimezone(self.zone)
        month = text(self.language, f"month.{local.month}")
        return f"{local.day}\u00a0{month} {local.year}"

    def weekday(self, value: datetime) -> str:
        """A day with its name: Saturday, 3 May 2031."""
        name = text(self.language, f"weekday.{value.astimezone(self.zone).weekday()}")
        return f"{name}, {self.day(value)}"

    def clock(self, value: datetime) -> str:
        """Hours and minutes, local."""
        return value.astimezone(self.zone).strftime("%H:%M")

    def span_short(self, interval: Interval) -> str:
        """An interval where the day is known already: 14:05-14:20, or ± 3 days."""
        if interval.duration >= _LONG_SPAN:
            return self._days(interval)
        start, end = self.clock(interval.start), self.clock(interval.end)
        return start if start == end else f"{start}–{end}"

    def span_long(self, interval: Interval) -> str:
        """An interval with its day, or its first and last day."""
        if interval.duration >= _LONG_SPAN:
            first = self.day(interval.start)
            last = self.day(interval.end - timedelta(microseconds=1))
            return first if first == last else f"{first} – {last}"
        first, last = self.moment(interval.start), self.clock(interval.end)
        if first.endswith(last):
            return first
        if self.day(interval.start) != self.day(interval.end):
            last = self.moment(interval.end)
        return f"{first}–{last}"

    def span_utc(self, interval: Interval, *, is_named: bool = True) -> str:
        """An interval in UTC in figures; `is_named` writes the zone behind it."""
        zone = " UTC" if is_named else ""
        start, end = interval.start.astimezone(UTC), interval.end.astimezone(UTC)
        first = start.strftime("%Y-%m-%d %H:%M")
        if first == end.strftime("%Y-%m-%d %H:%M"):
            return f"{first}{zone}"
        form = "%H:%M" if start.date() == end.date() else "%Y-%m-%d %H:%M"
        return f"{first}–{end.strftime(form)}{zone}"

    def local_input(self, value: datetime, *, seconds: bool = False) -> str:
        """A moment as a form's field holds it: local, without a zone."""
        local = value.astimezone(self.zone)
        return local.strftime("%Y-%m-%dT%H:%M:%S" if seconds else "%Y-%m-%dT%H:%M")

    def tick_text(self, at: datetime, step: Step) -> str:
        """What stands under a timeline: a clock at short steps, else a date."""
        local = at.astimezone(self.zone)
        month = text(self.language, f"month.{local.month}")
        if step is Step.YEAR:
            return str(local.year)
        if step is Step.MONTH:
            return f"{month} {local.year}"
        if step in (Step.DAY, Step.WEEK):
            return f"{local.day} {month}"
        if local.hour == 0 and local.minute == 0:
            return f"{local.day} {month}"
        return local.strftime("%H:%M")

    def _days(self, interval: Interval) -> str:
        days = max(1, round(interval.duration / timedelta(days=1)))
        if days == 1:
            return text(self.language, "span.day")
        return text(self.language, "span.days", count=days)


def radius_95_m(place: Place) -> float:
    """How far from its centre a place may lie (95 %), on its long axis, in metres."""
    return SIGMAS_95 * place.sigma_major_m


__all__ = ["Figures", "radius_95_m"]
