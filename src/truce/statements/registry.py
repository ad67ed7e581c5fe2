"""Every kind of statement, its version, and the roles that may make it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from truce.errors import InvalidStatement
from truce.record import ENROLMENT, FOUNDING, Participant, Role
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
        _kind(FOUNDING, Role.OPERATOR),
        _kind(ENROLMENT, Role.OPERATOR),
        _kind("delivery", Role.INTAKE, Role.CONTRIBUTOR),
        _kind("method", Role.OPERATOR),
        _kind("gazetteer", Role.OPERATOR),
        _kind("base-map", Role.OPERATOR),
        _kind("agreement", Role.OPERATOR, Role.LEGAL_ADVISER),
        _kind("issued-answer", Role.OPERATOR, Role.REPORTING_OFFICER),
    )
}


def kind_of(name: str, schema: int) -> StatementKind:
    """The kind of that name.

    Raises:
        InvalidStatement: truce knows no such kind, or not this version of it.
    """
    kind = KINDS.get(name)
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


# What each kind's payload is read by; the record reads its own two kinds.
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


def assess_maker(maker: Participant, kind: StatementKind) -> tuple[str, ...]:
    """Why a participant may not state this kind; empty where it may."""
    if kind.roles.isdisjoint(maker.roles):
        needed = " or ".join(sorted(kind.roles))
        held = ", ".join(maker.roles)
        return (f"{maker.id} is {held} and may not state {kind.name}: needs {needed}",)
    return ()


__all__ = ["KINDS", "StatementKind", "assess_maker", "kind_of", "verify_payload"]
