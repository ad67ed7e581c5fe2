"""The languages, their tables of texts and their plural categories."""

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

Language = str
# English first: what nobody asks for otherwise.
LANGUAGES: Final[tuple[Language, ...]] = ("en", "uk", "fr")


def _english(count: int) -> str:
    return "one" if count == 1 else "other"


def _ukrainian(count: int) -> str:
    tens, ones = count % 100, count % 10
    if ones == 1 and tens != 11:
        return "one"
    if 2 <= ones <= 4 and not 12 <= tens <= 14:
        return "few"
    return "many"


def _french(count: int) -> str:
    return "one" if count in (0, 1) else "other"


# Which form of a noun goes with a whole number. Source: CLDR 45, cardinal plural rules
# of en, uk and fr ("many" of French, for whole millions, is written like "other").
PLURALS: Final[Mapping[Language, Callable[[int], str]]] = MappingProxyType(
    {"en": _english, "uk": _ukrainian, "fr": _french}
)
CATEGORIES: Final[Mapping[Language, tuple[str, ...]]] = MappingProxyType(
    {"en": ("one", "other"), "uk": ("one", "few", "many"), "fr": ("one", "other")}
)


# The tables of a language: pages, reasons of findings, reports.
_PARTS: Final = ("", "reason_", "report_")


@cache
def table(language: Language) -> Mapping[str, str]:
    """Every text of a language by its key.

    Raises:
        RuntimeError: a table holds something else than texts, or a key twice.
    """
    texts: dict[str, object] = {}
    for part in _PARTS:
        name = f"{part}{language}.toml"
        raw = files("truce.wording").joinpath(name).read_bytes()
        more = tomllib.loads(raw.decode("utf-8"))
        if twice := sorted(texts.keys() & more.keys()):
            raise RuntimeError(f"{name}: {', '.join(twice)} stands in another table")
        texts |= more
    wrong = sorted(key for key, value in texts.items() if not isinstance(value, str))
    if wrong:
        raise RuntimeError(f"{language}.toml: {', '.join(wrong)} is no text")
    return MappingProxyType({key: str(value) for key, value in texts.items()})


def language_from_header(header: str) -> Language:
    """The language that a browser's Accept-Language asks for most, or English.

    What cannot be read in the header is passed over. Source: RFC 9110, section 12.5.4.
    """
    wanted = []
    for part in header.split(","):
        tag, _, quality = part.strip().partition(";q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            continue
        wanted.append((-weight, tag.split("-")[0].lower()))
    known = (tag for weight, tag in sorted(wanted) if weight < 0 and tag in LANGUAGES)
    return next(known, LANGUAGES[0])


__all__ = [
    "CATEGORIES",
    "LANGUAGES",
    "PLURALS",
    "Language",
    "language_from_header",
    "table",
]
