"""The one answer for everything withheld from a reader, and for what does not exist."""

from functools import lru_cache
from typing import Final

from truce.release.model import Reader, Withheld

_SENTENCES: Final = {
    Reader.MECHANISM: "There is nothing by that name, or only named readers see it.",
    Reader.CELL: "There is nothing by that name, or the cell may not see it, or not "
    "yet: outgoing fire and weapons are shown as 5 km cells from one hour after their "
    "hour; sources, texts and persons never.",
    Reader.PARTIES: "There is nothing by that name, or the parties may not see it, or "
    "not yet: impacts are shown after one hour, outgoing fire and weapons as 10 km "
    "cells from 24 hours after their day, findings when they were served; sources, "
    "texts and persons never.",
    Reader.PUBLIC: "There is nothing by that name, or the public may not see it, or "
    "not yet: impacts are shown as 5 km cells after 24 hours, outgoing fire and "
    "weapons by province and week from 14 days after their week; sources, texts and "
    "persons never.",
}


@lru_cache(maxsize=8)
def withheld_from(reader: Reader) -> Withheld:
    """What is said to a reader who asks for anything that is withheld or does not
    exist.
    """
    return Withheld(
        reader=reader,
        why=_SENTENCES[reader],
        why_key=f"release.refused.{reader.value.lower()}",
    )


__all__ = ["withheld_from"]
