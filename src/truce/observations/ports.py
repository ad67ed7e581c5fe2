"""What reading needs from the gazetteer."""

from typing import Protocol

from truce.places import Place


class PlaceEntry(Protocol):
    """One place that a name may mean."""

    def place(self, *, name: str = "") -> Place:
        """The area that the name stands for; `name` is the source's own word for it."""
        ...


class PlaceNames(Protocol):
    """Names of places, in any of their scripts, and the areas that they stand for."""

    def find(self, name: str, *, within: str | None = None) -> tuple[PlaceEntry, ...]:
        """The places that a name may mean, best first; empty where none is known.

        `within` is the name of the province or country that it must lie in.
        """
        ...


__all__ = ["PlaceEntry", "PlaceNames"]
