"""Finding commitments that stand in a log twice, in 24 bytes a statement."""

from array import array
from collections.abc import Iterator

import numpy as np


class Twice:
    """Takes the commitments of a log in order, then answers which stood before.

    Compares 128 of their 256 bits. To make two that agree in those takes 2**64 tries
    of whoever signs both, and earns them a fault against their own statements.
    """

    def __init__(self) -> None:
        self._parts = bytearray()
        self._indexes = array("Q")

    def add(self, index: int, commitment: bytes) -> None:
        """Takes the commitment of a statement; statements come in rising order."""
        self._parts += commitment[:16]
        self._indexes.append(index)

    def found(self) -> Iterator[tuple[int, int]]:
        """(statement, the first one that had its commitment), for each that repeats."""
        if len(self._indexes) < 2:
            return
        parts = np.frombuffer(self._parts, np.uint64).reshape(-1, 2)
        # Stable, so that of equal ones the first in the log comes first.
        order = np.lexsort((parts[:, 1], parts[:, 0]))
        ranked = parts[order]
        repeats = (ranked[1:] == ranked[:-1]).all(axis=1)
        first = 0
        for place in np.nonzero(repeats)[0].tolist():
            if place == 0 or not repeats[place - 1]:
                first = int(order[place])
            yield self._indexes[int(order[place + 1])], self._indexes[first]


__all__ = ["Twice"]
