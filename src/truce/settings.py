"""The settings of one process, read once from the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from truce.errors import InvalidValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting, with its default. Each is read from `TRUCE_` and its name."""

    # Where `truce run` keeps its records, under the folder it was called from.
    records: Path = Path("records")
    # Loopback: whoever reads there counts as the mechanism's own staff.
    host: str = "127.0.0.1"
    port: int = 8080
    # The built-in exercise's seed: another one is another story on the same land.
    seed: int = 1
    days: int = 10

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> Self:
        """The settings that the environment states.

        Raises:
            InvalidValue: a number is none, or out of its range; all faults are named.
        """
        given = os.environ if environment is None else environment
        faults: list[str] = []
        settings = cls(
            records=Path(given.get("TRUCE_RECORDS", "records")),
            host=given.get("TRUCE_HOST", "127.0.0.1"),
            port=_number(given, "TRUCE_PORT", (8080, 0, 65_535), faults),
            seed=_number(given, "TRUCE_SEED", (1, 0, 2**31 - 1), faults),
            days=_number(given, "TRUCE_DAYS", (10, 1, 60), faults),
        )
        if faults:
            raise InvalidValue("; ".join(faults))
        return settings


def _number(
    given: Mapping[str, str],
    name: str,
    default_and_range: tuple[int, int, int],
    faults: list[str],
) -> int:
    default, lowest, highest = default_and_range
    text = given.get(name, str(default))
    if text.isascii() and text.isdigit() and lowest <= int(text) <= highest:
        return int(text)
    faults.append(f"{name} is {text!r}, expected a number from {lowest} to {highest}")
    return default


__all__ = ["Settings"]
