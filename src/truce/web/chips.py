"""The filters of a page as chips: what is asked, and the address without it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from truce.picture.question import (
    NO_PROVINCE,
    moment_from_text,
    pairs_from_question,
)
from truce.web.figures import Figures
from truce.web.frame import LEDGER, OWN, Frame
from truce.web.site import Site
from truce.wording import text

# Values that are words of ours, and where their texts stand.
_WORDS: Final[Mapping[str, str]] = {
    "kind": "kind.",
    "state": "state.",
    "band": "band.",
    "verdict": "verdict.",
    "outcome": "report.column.",
    "change": "report.change.",
}
_MOMENTS: Final = frozenset({"from", "to", "since"})
_NO_FILTERS: Final = frozenset({"sort", "page"})


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter: its name, its value in words, and where the page is without it."""

    name: str
    label: str
    value: str
    address: str


def chips_of(site: Site, frame: Frame, *names: str) -> tuple[Chip, ...]:
    """What the address asks by these names, in their order.

    A line of a ledger and the moment since which it counts are left out together.
    """
    say = _value_writer(site, frame)
    asked = (
        *pairs_from_question(frame.question),
        *(pair for pair in frame.pairs if pair[0] in (*OWN, *LEDGER) and pair[1]),
    )
    return tuple(
        Chip(
            name=name,
            label=text(frame.language, f"filter.{name}"),
            value=say(name, value),
            address=_without(frame, name, value),
        )
        for wanted in names
        for name, value in asked
        if name == wanted and name not in _NO_FILTERS
    )


def _without(frame: Frame, name: str, value: str) -> str:
    if name in LEDGER:
        return frame.without(*LEDGER)
    # A moment or a number may be written in several ways; a word in one only.
    is_one_of_many = name in ("kind", "state", "feed", "province", "band")
    return frame.without(name, value=value if is_one_of_many else None)


def _value_writer(site: Site, frame: Frame) -> Callable[[str, str], str]:
    figures = Figures(frame.language, site.desk.zone)

    def say(name: str, value: str) -> str:
        if name in _WORDS:
            return text(frame.language, f"{_WORDS[name]}{value}")
        if name in _MOMENTS:
            return figures.moment(moment_from_text(value, site.desk.zone))
        if name == "province" and value == NO_PROVINCE:
            return text(frame.language, "report.province.none")
        return value

    return say


__all__ = ["Chip", "chips_of"]
