"""What a written name asks for: the bare name, and whether it says town, district or
province.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from truce.gazetteer.spelling import folded


class Asked(StrEnum):
    """What the words beside a name say that it stands for."""

    ANYTHING = "anything"
    SETTLEMENT = "settlement"
    COMMUNITY = "community"
    DISTRICT = "district"
    PROVINCE = "province"


@dataclass(frozen=True, slots=True)
class Wording:
    """One reading of a written name: what it asks for, and the name without those
    words.
    """

    asked: Asked
    bare: str


# Words of administration in English, Ukrainian, Russian and the usual transcriptions,
# folded. The first kind that occurs wins: "Donetsk City municipality" is the town with
# what belongs to it.
_WORDS: Final = (
    (
        Asked.COMMUNITY,
        """hromada gromada громада громады територіальна territorialna terytorialna
        territorial community municipality тг otg отг""",
    ),
    (
        Asked.DISTRICT,
        "raion rayon rajon raions district districts район районі района р н county",
    ),
    (
        Asked.PROVINCE,
        """oblast oblasts obalst oblas olast область області области обл province region
        krai kraj край republic autonomous peninsula автономна автономная республика
        республіка governorate voivodeship""",
    ),
    (
        Asked.SETTLEMENT,
        """city town village settlement hamlet selo selyshche село селище місто город м
        г с смт пгт пос посёлок поселок m smt urban type rural міська сільська
        селищна""",
    ),
)
_KIND_OF: Final = {word: asked for asked, words in _WORDS for word in words.split()}
_RANK: Final = {asked: rank for rank, (asked, _) in enumerate(_WORDS)}
_BRACKETS: Final = re.compile(r"[(\[][^)\]]*[)\]]?")
_LISTED: Final = re.compile(
    r"\s*(?:[,;/]|\s(?:ta|and|та|и|і|або|or)\s)\s*", re.IGNORECASE
)


def wording(text: str) -> Wording:
    """What the whole text asks for; a name made only of such words stays as it is."""
    words = folded(text).split(" ")
    kinds = [_KIND_OF[word] for word in words if word in _KIND_OF]
    bare = " ".join(word for word in words if word not in _KIND_OF)
    if not kinds or not bare:
        return Wording(Asked.ANYTHING, folded(text))
    return Wording(min(kinds, key=_RANK.__getitem__), bare)


def readings(text: str) -> tuple[str, ...]:
    """The text itself, then its parts that may be the name: outside brackets, each
    listed name.

    "Bakhmut (Luhansk)" may be Bakhmut; "m. Pervomaisk ta Pervomaiska hromada" is
    either.
    """
    outside = _BRACKETS.sub(" ", text).strip()
    parts = [part.strip() for part in _LISTED.split(outside)]
    if len(parts) > 1:
        # The wider area is the honest one where a town and its surroundings are listed.
        parts.sort(key=lambda part: wording(part).asked is not Asked.COMMUNITY)
    found = dict.fromkeys(part for part in (text.strip(), outside, *parts) if part)
    return tuple(found)


__all__ = ["Asked", "Wording", "readings", "wording"]
