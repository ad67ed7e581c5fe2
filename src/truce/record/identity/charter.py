"""A record's charter: how many founders decide, who may state what, who sees what."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from msgspec import Struct

from truce.canonical import Json
from truce.errors import InvalidValue
from truce.record.identity.participants import Role

FOUNDING: Final = "founding"
ENROLMENT: Final = "enrolment"
REVOCATION: Final = "revocation"
DELEGATION: Final = "delegation"
CHARTER: Final = "charter"
# Statements that say who may state. Without their payloads nobody can tell the makers
# of those that follow. Who may state these is not in a table but a rule: see makers.py.
IDENTITY_KINDS: Final = frozenset(
    {FOUNDING, ENROLMENT, REVOCATION, DELEGATION, CHARTER}
)
_KIND: Final = re.compile(r"[a-z][a-z0-9-]{0,62}")
Rights = Mapping[str, frozenset[Role]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Charter:
    """What founders agreed on, until they replace it.

    `quorum` founders must approve a decision; `rights` holds the roles that may state
    each kind, and a kind that is not in it may be stated by nobody; `release_policy` is
    a text that the record only keeps (`truce.release` reads it), empty for none.
    """

    quorum: int = 1
    rights: Rights = field(default_factory=dict)
    release_policy: str = ""

    def __post_init__(self) -> None:
        frozen = MappingProxyType(dict(self.rights))
        object.__setattr__(self, "rights", frozen)
        if self.quorum < 1:
            raise InvalidValue(f"quorum is {self.quorum}, expected at least 1")
        for kind in self.rights:
            if not _KIND.fullmatch(kind) or kind in IDENTITY_KINDS:
                raise InvalidValue(
                    f"rights of kind {kind[:80]!r}: expected small letters, digits and "
                    "hyphens, and none of the kinds that the record decides itself"
                )


class WrittenCharter(Struct, forbid_unknown_fields=True):
    """A charter as a payload writes it."""

    quorum: int
    release_policy: str
    rights: dict[str, list[str]]

    def read(self) -> Charter:
        """The charter.

        Raises:
            InvalidValue: a quorum below 1, or a kind that cannot be in it.
            ValueError: a role is unknown.
        """
        return Charter(
            quorum=self.quorum,
            rights={
                kind: frozenset(Role(role) for role in roles)
                for kind, roles in self.rights.items()
            },
            release_policy=self.release_policy,
        )


def json_from_charter(charter: Charter) -> dict[str, Json]:
    """A charter as a payload writes it."""
    rights: dict[str, Json] = {
        kind: sorted(role.value for role in roles)
        for kind, roles in charter.rights.items()
    }
    return {
        "quorum": charter.quorum,
        "release_policy": charter.release_policy,
        "rights": rights,
    }


__all__ = [
    "CHARTER",
    "DELEGATION",
    "ENROLMENT",
    "FOUNDING",
    "IDENTITY_KINDS",
    "REVOCATION",
    "Charter",
    "Rights",
    "WrittenCharter",
    "json_from_charter",
]
