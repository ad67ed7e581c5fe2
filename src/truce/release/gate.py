"""What a gate is set up with: policy, names, provinces and precedents."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from truce.errors import InvalidValue
from truce.incidents.model import Incident
from truce.places import Position
from truce.release.cells import cell_centre, neighbours_of
from truce.release.model import Policy, Precedents, Provinces, Reader, ReleasedIncident
from truce.release.table import DEFAULT_POLICY

# Sixteen hexadecimal digits: of a million incidents two share a name with a chance of
# 3e-8.
_REFERENCE_SIZE: Final = 8
_KEY_SIZE_MIN: Final = 16
# More positions than any record of today holds; above it the memory is begun anew.
_REMEMBERED_MAX: Final = 200_000

# The version of the incident, from when it may be shown, and as what.
Remembered = tuple[Incident, datetime | None, ReleasedIncident | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """The settings of one record's gate; make one and keep it, for it remembers
    provinces.

    `naming_key` is a secret of the record, at least 16 bytes. From it come the names by
    which readers other than MECHANISM know incidents: an incident's own id can be
    guessed from the rows it was made of. Without a key those readers get no reference.

    Raises:
        InvalidValue: the naming key is too short to be one.
    """

    policy: Policy = DEFAULT_POLICY
    provinces: Provinces | None = None
    precedents: Precedents | None = None
    naming_key: bytes = b""
    _remembered: dict[Position | str, str | None] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    _released: dict[tuple[Reader, str], Remembered] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        if self.naming_key and not _KEY_SIZE_MIN <= len(self.naming_key) <= 64:
            raise InvalidValue(
                f"naming key has {len(self.naming_key)} bytes, expected "
                f"{_KEY_SIZE_MIN} to 64 random ones, or none"
            )

    @property
    def released(self) -> Mapping[tuple[Reader, str], Remembered]:
        """What was released before, by reader and incident id."""
        return self._released

    def remember_released(
        self,
        incident: Incident,
        reader: Reader,
        not_before: datetime | None,
        released: ReleasedIncident | None,
    ) -> None:
        """Keep what was made of one version of an incident, for as long as it holds."""
        if len(self._released) >= _REMEMBERED_MAX:
            self._released.clear()
        self._released[reader, incident.id] = (incident, not_before, released)

    def reference_of(self, name: str, reader: Reader) -> str:
        """The name by which a reader knows what the mechanism calls `name`.

        Two kinds of reader get names that neither can match. Source: keyed BLAKE2b, RFC
        7693.
        """
        if reader is Reader.MECHANISM:
            return name
        if not self.naming_key:
            return ""
        return hashlib.blake2b(
            name.encode(),
            digest_size=_REFERENCE_SIZE,
            key=self.naming_key,
            person=reader.value.encode(),
        ).hexdigest()

    def province_at(self, position: Position) -> str | None:
        """The province that holds a position; None where nobody knows provinces."""
        if self.provinces is None:
            return None
        if position not in self._remembered:
            self._remember(position, self.provinces.province_at(position))
        return self._remembered[position]

    def province_of_cell(self, cell: str) -> str | None:
        """The province that stands for a cell: that of its centre, not of the incident.

        That of the incident would tell on which side of a border in the cell it lies.
        Where the centre lies in none (at sea), the first neighbour's whose centre lies
        in one, in the order of their indices: still a function of the cell alone.
        """
        if self.provinces is None:
            return None
        if cell not in self._remembered:
            cells = (cell, *neighbours_of(cell))
            found = (self.provinces.province_at(cell_centre(near)) for near in cells)
            self._remember(cell, next((name for name in found if name), None))
        return self._remembered[cell]

    def _remember(self, place: Position | str, province: str | None) -> None:
        if len(self._remembered) >= _REMEMBERED_MAX:
            self._remembered.clear()
        self._remembered[place] = province


OPEN_GATE: Final = Gate()

__all__ = ["OPEN_GATE", "Gate"]
