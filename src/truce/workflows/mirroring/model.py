"""What is asked of a mirror, and what came of a look at a source."""

from dataclasses import dataclass, field
from enum import StrEnum

from truce.record.note import VerifierKey
from truce.record.witnessing.split_view import SplitView


class Standing(StrEnum):
    """How a source stands to the copy."""

    GREW = "grew"
    UNCHANGED = "unchanged"
    SHRANK = "shrank"
    SPLIT = "split"
    NOT_WITNESSED = "not-witnessed"

    @property
    def is_fine(self) -> bool:
        """Whether the copy is what the source shows, as far as was asked."""
        return self in {Standing.GREW, Standing.UNCHANGED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is asked of a mirror.

    `key` is the log's, where it is known from elsewhere.
    """

    key: VerifierKey | None = None
    takes_payloads: bool = True
    fills_gaps: bool = False
    requires_witnesses: bool = False


@dataclass(slots=True, kw_only=True)
class Mirrored:
    """What came of one look at a source.

    `not_served` counts the payloads of new statements that the source did not give,
    `filled` those that came later; `is_key_trusted` says that nothing but the source
    itself vouched for the key.
    """

    key: VerifierKey
    standing: Standing
    size_before: int
    size: int
    is_key_trusted: bool = False
    not_served: int = 0
    not_served_reasons: tuple[str, ...] = ()
    left_out: int = 0
    filled: int = 0
    witnessed_size: int | None = None
    timestamps: int = 0
    split_view: SplitView | None = None
    notes: list[str] = field(default_factory=list)


__all__ = ["Mirrored", "Standing", "Terms"]
