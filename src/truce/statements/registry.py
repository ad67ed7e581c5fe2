"""Every kind of statement, its version, and the roles that may make it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from truce.errors import InvalidStatement
from truce.identifiers import ParticipantId
from truce.record import IDENTITY_KINDS, Role
from truce.statements.answers import IssuedAnswer
from truce.statements.deliveries import Delivery
from truce.statements.methods import Method
from truce.statements.texts import AgreementText, BaseMap, GazetteerTable


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementKind:
    """One kind: its name, the version of its payload, and who may state it."""

    name: str
    schema: int
    roles: frozenset[Role]


def _kind(name: str, *roles: Role) -> StatementKind:
    return StatementKind(name=name, schema=1, roles=frozenset(roles))


KINDS: Final = {
    kind.name: kind
    for kind in (
        _kind("delivery", Role.INTAKE, Role.CONTRIBUTOR),
        _kind("method", Role.OPERATOR),
        _kind("gazetteer", Role.OPERATOR),
        _kind("base-map", Role.OPERATOR),
        _kind("agreement", Role.OPERATOR, Role.LEGAL_ADVISER),
        _kind("issued-answer", Role.OPERATOR, Role.REPORTING_OFFICER),
    )
}
# The record's own kinds: who may state them is a rule and no table.
IDENTITY: Final = {kind: _kind(kind) for kind in sorted(IDENTITY_KINDS)}


def rights_by_kind() -> dict[str, frozenset[Role]]:
    """The roles that may state each kind, as truce would have them.

    A record's charter holds its own table. It may be narrower; where it is wider, truce
    still seals nothing that this one refuses.
    """
    return {kind.name: kind.roles for kind in KINDS.values()}


def kind_of(name: str, schema: int) -> StatementKind:
    """The kind of that name.

    Raises:
        InvalidStatement: truce knows no such kind, or not this version of it.
    """
    kind = KINDS.get(name) or IDENTITY.get(name)
    if kind is None:
        raise InvalidStatement(
            f"statement of kind {name!r}; expected one of {', '.join(sorted(KINDS))}"
        )
    if schema != kind.schema:
        raise InvalidStatement(
            f"statement of kind {name} has schema {schema}; this version of truce "
            f"reads {kind.schema}; use a newer one"
        )
    return kind


# What each kind's payload is read by; the record reads its own.
_READERS: Final[Mapping[str, Callable[[bytes], object]]] = MappingProxyType(
    {
        "delivery": Delivery.from_payload,
        "method": Method.from_payload,
        "gazetteer": GazetteerTable.from_payload,
        "base-map": BaseMap.from_payload,
        "agreement": AgreementText.from_payload,
        "issued-answer": IssuedAnswer.from_payload,
    }
)


def verify_payload(kind: StatementKind, payload: bytes) -> None:
    """Returns where a payload of this kind can be read: once sealed, it stays for ever.

    Raises:
        InvalidStatement: it cannot.
    """
    if kind.name in _READERS:
        _READERS[kind.name](payload)


def assess_maker(
    id_: ParticipantId, roles: Collection[Role], kind: StatementKind
) -> tuple[str, ...]:
    """Why somebody with these roles may not state this kind; empty where they may."""
    if kind.roles.isdisjoint(roles):
        needed = " or ".join(sorted(kind.roles))
        held = ", ".join(sorted(roles)) or "without a role"
        return (f"{id_} is {held} and may not state {kind.name}: needs {needed}",)
    return ()


__all__ = [
    "KINDS",
    "StatementKind",
    "assess_maker",
    "kind_of",
    "rights_by_kind",
    "verify_payload",
]
