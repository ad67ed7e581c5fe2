"""Finding the place that a written name means.

1. Take the text as it stands, then its parts: outside brackets, each of several listed
   names.
2. Part the name from words such as oblast, raion, hromada, city.
3. Try the strictest likeness first: same sounds, same sounds as an older or other name,
   an adjective of the name, another language's spelling, same consonants, one slip of
   the pen. The first that finds anything answers; looser ones are not asked.
4. Keep what lies in `within`, and put the larger place first.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Final

from truce.gazetteer.areas import NEAREST_M_MAX, Areas, mean_position
from truce.gazetteer.model import Entry, EntryKind
from truce.gazetteer.spelling import (
    adjective_stem,
    adjective_stems,
    consonants,
    folded,
    foreign_readings,
    has_alike_vowels,
    is_one_slip_apart,
    skeleton,
)
from truce.gazetteer.words import Asked, readings, wording
from truce.places import Place, Position, distance_m, round_place

# Below these lengths a loose likeness says nothing: half of all short names are one
# slip apart.
_SLIP_LENGTH_MIN: Final = 6
_CONSONANTS_MIN: Final = 4
# Without `within`, so many different places of one loose likeness are no answer at all.
_LOOSE_MAX: Final = 3
# A place so many times as populous as the next of its name is the one that is meant.
_CLEAR_RATIO: Final = 10
# See `Gazetteer._is_common`.
_SMALL_BELOW: Final = 10_000
_COMMON_FROM: Final = 6
# A bare name means the town before the province that is named after it.
_RANK: Final = {
    EntryKind.SETTLEMENT: 0,
    EntryKind.PROVINCE: 1,
    EntryKind.DISTRICT: 2,
    EntryKind.COUNTRY: 3,
}
_KINDS: Final = {
    Asked.ANYTHING: frozenset(EntryKind),
    Asked.SETTLEMENT: frozenset({EntryKind.SETTLEMENT}),
    Asked.COMMUNITY: frozenset({EntryKind.SETTLEMENT}),
    Asked.DISTRICT: frozenset({EntryKind.DISTRICT}),
    Asked.PROVINCE: frozenset({EntryKind.PROVINCE}),
}
_AREAS: Final = frozenset({Asked.COMMUNITY, Asked.DISTRICT, Asked.PROVINCE})
_Index = dict[str, tuple[Entry, ...]]


class Gazetteer:
    """The places of one table; `entries` are in its order.

    `community_radius_m` and `district_radius_m` are the table's settings (see `table`):
    the radius in metres of a hromada or a district that is known only by the town it is
    named after.
    """

    def __init__(
        self,
        entries: Iterable[Entry],
        *,
        community_radius_m: float | None = None,
        district_radius_m: float | None = None,
    ) -> None:
        self.entries: tuple[Entry, ...] = tuple(entries)
        self._by_id = {entry.id: entry for entry in self.entries}
        self._radius_m = {
            Asked.COMMUNITY: community_radius_m,
            Asked.DISTRICT: district_radius_m,
        }
        self._answers: dict[tuple[str, str | None], tuple[Entry, ...]] = {}

    def entry(self, id_: str) -> Entry | None:
        """The entry of that id, or None."""
        return self._by_id.get(id_)

    def province_of(self, entry: Entry) -> Entry | None:
        """The province that the entry is or lies in, or None."""
        here: Entry | None = entry
        while here is not None and here.kind is not EntryKind.PROVINCE:
            here = self._by_id.get(here.parent_id)
        return here

    def province_at(
        self, position: Position, *, within_m: float = NEAREST_M_MAX
    ) -> Entry | None:
        """The province of the settlement nearest to the position.

        None if no settlement lies within `within_m` metres, or the nearest is in no
        province.
        """
        return self._areas.provinces_at((position,), within_m=within_m)[0]

    def provinces_at(
        self, positions: Sequence[Position], *, within_m: float = NEAREST_M_MAX
    ) -> tuple[Entry | None, ...]:
        """`province_at` for each position, in their order."""
        return self._areas.provinces_at(positions, within_m=within_m)

    def find(self, name: str, *, within: str | None = None) -> tuple[Entry, ...]:
        """The entries that the name may mean, best first; empty if it is unknown.

        `name` is in any of the three scripts and spellings, with or without words such
        as oblast, raion, hromada or city; an adjective (Umanskyi raion) finds what is
        named after the town. `within` is the province (or country) it must lie in,
        spelt as freely; an unknown `within` finds nothing. An empty `within` counts as
        None.
        """
        asked = (name.strip(), within.strip() or None if within else None)
        if asked not in self._answers:
            self._answers[asked] = self._find(*asked)
        return self._answers[asked]

    def place(self, name: str, *, within: str | None = None) -> Place | None:
        """The honest place for the name, or None if it is unknown.

        One clear best entry gives its own place. Where several settlements may be
        meant, the place spreads over all of them. Where a small one bears a name so
        common that its namesakes are mostly missing from the table, only the province
        is known. The place carries the source's own word.
        """
        found = self.find(name, within=within)
        if not found:
            return None
        best = found[0]
        rivals = tuple(e for e in found if e.kind is best.kind)
        province = self.province_of(best)
        if province is not None and within and self._is_common(best, name):
            return province.place(name=name)
        clear = len(rivals) == 1 or best.population >= (
            _CLEAR_RATIO * max(e.population for e in rivals[1:])
        )
        return best.place(name=name) if clear else _spread(rivals, name)

    def _is_common(self, entry: Entry, name: str) -> bool:
        """Whether a small settlement's name is borne by so many that another may be
        meant.

        Measured on the 5000 reports of Eyes on Russia that name a settlement and have
        coordinates: under 10 000 people and six or more namesakes, two names in three
        meant another village than the table's, which lists a fifth of them; with fewer
        namesakes, one in fifteen.
        """
        if entry.kind is not EntryKind.SETTLEMENT or entry.population >= _SMALL_BELOW:
            return False
        return any(
            self._namesakes[_sounds(reading)] >= _COMMON_FROM
            for reading in (*readings(name), entry.name_en)
        )

    def _find(self, name: str, within: str | None) -> tuple[Entry, ...]:
        """`find`, computed."""
        scope = self._scope(within) if within else None
        if scope is not None and not scope:
            return ()
        for reading in readings(name):
            found = self._find_reading(reading, scope)
            if found:
                return found
        return ()

    def _scope(self, within: str) -> frozenset[str]:
        """The ids of the provinces and countries that `within` may mean."""
        wide = frozenset({EntryKind.PROVINCE, EntryKind.COUNTRY})
        return frozenset(
            entry.id
            for reading in readings(within)
            for entry in self._alike(reading, wide, None, is_area=True)
        )

    def _find_reading(
        self, text: str, scope: frozenset[str] | None
    ) -> tuple[Entry, ...]:
        """The entries for one reading of a name."""
        read = wording(text)
        is_area = read.asked in _AREAS
        found = self._alike(text, _KINDS[read.asked], scope, is_area=is_area)
        if read.asked is Asked.COMMUNITY or (
            read.asked is Asked.DISTRICT and not found
        ):
            towns = self._alike(
                read.bare, _KINDS[Asked.SETTLEMENT], scope, is_area=is_area
            )
            found = self._surroundings(towns, read.asked)
        return found

    def _surroundings(self, towns: Sequence[Entry], asked: Asked) -> tuple[Entry, ...]:
        """The districts or communities named after the towns, as wide as the table
        says.
        """
        radius_m = self._radius_m[asked]
        if radius_m is None:
            return ()
        return tuple(
            replace(
                town,
                id=f"{town.id}/{asked}",
                kind=EntryKind.DISTRICT,
                radius_m=max(radius_m, town.radius_m),
            )
            for town in towns
        )

    def _alike(
        self,
        text: str,
        kinds: frozenset[EntryKind],
        scope: frozenset[str] | None,
        *,
        is_area: bool,
    ) -> tuple[Entry, ...]:
        """The entries of those kinds by the strictest likeness that finds any.

        Only an area is named by an adjective: Luhanske is a village, not Luhansk.
        """
        bare = wording(text).bare
        sounds = _sounds(text)
        looks: list[Iterable[Entry]] = []
        if bare != folded(text):
            looks.append(self._by_letters.get(folded(text), ()))
        named = self._by_sound.get(sounds, ())
        others = self._by_other_sound.get(sounds, ())
        # A province that kept the old name must not hide the town that bore it
        # (Dnipropetrovsk), but a town that bears it today comes before one that did.
        is_town = any(
            e.kind is EntryKind.SETTLEMENT for e in self._kept(named, kinds, scope)
        )
        looks.append(named if is_town else (*others, *named))
        if is_area:
            looks.append(self._by_adjective.get(adjective_stem(bare) or "-", ()))
        for look in looks:
            if found := self._kept(look, kinds, scope):
                return found
        for loose in (self._foreign, self._same_consonants, self._one_slip):
            found = self._kept(loose(sounds, bare), kinds, scope)
            if found and (scope is not None or len(found) <= _LOOSE_MAX):
                return found
        return ()

    def _kept(
        self,
        found: Iterable[Entry],
        kinds: frozenset[EntryKind],
        scope: frozenset[str] | None,
    ) -> tuple[Entry, ...]:
        """Those of the kinds and in the scope, the town first and the larger first."""
        kept = {
            entry.id: entry
            for entry in found
            if entry.kind in kinds and (scope is None or self._lies_in(entry, scope))
        }
        return tuple(
            sorted(kept.values(), key=lambda e: (_RANK[e.kind], -e.population, e.id))
        )

    def _lies_in(self, entry: Entry, scope: frozenset[str]) -> bool:
        """Whether the entry is, or lies in, one of the scope's entries."""
        here: Entry | None = entry
        while here is not None:
            if here.id in scope:
                return True
            here = self._by_id.get(here.parent_id)
        return False

    def _foreign(self, _: str, bare: str) -> Iterable[Entry]:
        """Entries whose names sound the same if read as another language does."""
        for reading in foreign_readings(bare):
            yield from self._by_sound.get(skeleton(reading), ())

    def _same_consonants(self, sounds: str, _: str) -> Iterable[Entry]:
        """Entries whose names differ in a vowel or two."""
        frame = consonants(sounds)
        if len(frame) < _CONSONANTS_MIN:
            return
        for candidate in self._sounds_by_consonants.get(frame, ()):
            if has_alike_vowels(sounds, candidate):
                yield from self._by_sound[candidate]

    def _one_slip(self, sounds: str, _: str) -> Iterable[Entry]:
        """Entries whose names sound the same but for one letter inside.

        The first and the last letter must hold: Luhanske is not Luhansk.
        """
        if len(sounds) < _SLIP_LENGTH_MIN:
            return
        for length in (len(sounds) - 1, len(sounds), len(sounds) + 1):
            for candidate in self._sounds_by_start.get((sounds[0], length), ()):
                if sounds[-1] == candidate[-1] and is_one_slip_apart(sounds, candidate):
                    yield from self._by_sound[candidate]

    @cached_property
    def _areas(self) -> Areas:
        """The settlements, ready to tell which is nearest."""
        return Areas(self.entries)

    @cached_property
    def _namesakes(self) -> Counter[str]:
        """How many settlements bear each name."""
        return Counter(
            _sounds(entry.name_en)
            for entry in self.entries
            if entry.kind is EntryKind.SETTLEMENT
        )

    @cached_property
    def _by_letters(self) -> _Index:
        """Entries by each folded name, words of administration included."""
        return self._indexed(_all_names, lambda name: (folded(name),))

    @cached_property
    def _by_sound(self) -> _Index:
        """Entries by the sound of their main names."""
        return self._indexed(_main_names, lambda name: (_sounds(name),))

    @cached_property
    def _by_other_sound(self) -> _Index:
        """Entries by the sound of their other names, old ones among them."""
        return self._indexed(
            lambda entry: entry.other_names, lambda name: (_sounds(name),)
        )

    @cached_property
    def _by_adjective(self) -> _Index:
        """Entries by the stems of the adjectives that may be made of their names."""
        return self._indexed(_all_names, _stems)

    @cached_property
    def _sounds_by_consonants(self) -> dict[str, tuple[str, ...]]:
        """The sounds of all main names by their consonants."""
        frames: dict[str, list[str]] = defaultdict(list)
        for sounds in sorted(self._by_sound):
            frames[consonants(sounds)].append(sounds)
        return {frame: tuple(sounds) for frame, sounds in frames.items()}

    @cached_property
    def _sounds_by_start(self) -> dict[tuple[str, int], tuple[str, ...]]:
        """The sounds of all names by first letter and length."""
        starts: dict[tuple[str, int], list[str]] = defaultdict(list)
        for sounds in sorted(self._by_sound):
            if sounds:
                starts[sounds[0], len(sounds)].append(sounds)
        return {start: tuple(sounds) for start, sounds in starts.items()}

    def _indexed(
        self,
        names_of: Callable[[Entry], Iterable[str]],
        keys_of: Callable[[str], Iterable[str]],
    ) -> _Index:
        """Entries by the keys of their names, in the table's order."""
        index: dict[str, dict[str, Entry]] = defaultdict(dict)
        for entry in self.entries:
            for name in names_of(entry):
                for key in keys_of(name):
                    index[key][entry.id] = entry
        return {key: tuple(entries.values()) for key, entries in index.items()}


def _spread(entries: Sequence[Entry], name: str) -> Place:
    """One round place with the mean and the spread of entries that are as likely."""
    centre = mean_position([entry.centre for entry in entries])
    variance = sum(
        (distance_m(centre, entry.centre) ** 2 + entry.radius_m**2 / 2.0) / 2.0
        for entry in entries
    ) / len(entries)
    return round_place(
        centre,
        sigma_m=math.sqrt(variance),
        basis=entries[0].place().basis,
        name=name,
    )


def _main_names(entry: Entry) -> tuple[str, ...]:
    """The names in the three languages; of an area, every name it has.

    A town's other names are often those of a village that it swallowed, and such a
    village elsewhere must come first. The few areas of a table have no such trouble.
    """
    names = tuple(entry.names.values())
    return names if entry.kind is EntryKind.SETTLEMENT else names + entry.other_names


def _all_names(entry: Entry) -> tuple[str, ...]:
    """Every name the table has for the entry."""
    return (*entry.names.values(), *entry.other_names)


def _sounds(name: str) -> str:
    """The skeleton of the bare name; its letters where its script has none."""
    bare = wording(name).bare
    return skeleton(bare) or bare


def _stems(name: str) -> frozenset[str]:
    """The stems of the adjectives made of a name, and its own if it is one."""
    bare = wording(name).bare
    own = adjective_stem(bare)
    return adjective_stems(bare) | ({own} if own else frozenset())


__all__ = ["Gazetteer"]
