"""One named place of a gazetteer."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from truce.errors import InvalidValue
from truce.places import Place, PlaceBasis, Position, round_place


class EntryKind(StrEnum):
    """How large a thing the name stands for."""

    SETTLEMENT = "settlement"
    DISTRICT = "district"
    PROVINCE = "province"
    COUNTRY = "country"


_BASIS: Final = {
    EntryKind.SETTLEMENT: PlaceBasis.SETTLEMENT,
    EntryKind.DISTRICT: PlaceBasis.DISTRICT,
    EntryKind.PROVINCE: PlaceBasis.PROVINCE,
    EntryKind.COUNTRY: PlaceBasis.COUNTRY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A place with its names, as the disc of `radius_m` metres around `centre`.

    `name_uk` and `name_ru` are empty where the table has none. `parent_id` is the entry
    it lies in, or empty. `population` is 0 where nobody wrote it.
    """

    id: str
    kind: EntryKind
    name_en: str
    name_uk: str = ""
    name_ru: str = ""
    other_names: tuple[str, ...] = ()
    centre: Position
    radius_m: float
    parent_id: str = ""
    population: int = 0

    def __post_init__(self) -> None:
        if not self.name_en:
            raise InvalidValue(f"entry {self.id}: name_en is empty, expected a name")
        if not 0.0 < self.radius_m < 1e7:
            raise InvalidValue(
                f"entry {self.id}: radius_m is {self.radius_m}, expected above 0 and "
                "below 10 000 000"
            )
        if self.population < 0:
            raise InvalidValue(
                f"entry {self.id}: population is {self.population}, expected 0 or more"
            )

    @property
    def names(self) -> dict[str, str]:
        """The name by language (`en`, `uk`, `ru`), only those that are known."""
        named = {"en": self.name_en, "uk": self.name_uk, "ru": self.name_ru}
        return {language: name for language, name in named.items() if name}

    def name(self, language: str) -> str:
        """The name in that language, or the English one where it has none."""
        return self.names.get(language, self.name_en)

    def place(self, *, name: str = "") -> Place:
        """The honest place of something known to be somewhere in this entry.

        A disc of radius R, every spot alike, has the variance R*R/4 along each axis, so
        the normal that stands for it has sigma R/2. `name` is the source's own word;
        the English name if "".
        """
        return round_place(
            self.centre,
            sigma_m=self.radius_m / 2.0,
            basis=_BASIS[self.kind],
            name=name or self.name_en,
        )


__all__ = ["Entry", "EntryKind"]
