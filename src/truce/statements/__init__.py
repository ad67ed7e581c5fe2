"""What may be stated: the kinds of statement, their payloads, and who may make them.

In: typed payloads. Out: payload bytes for the record, and typed payloads from them.

Always: every kind is in one registry with its version and the roles that may state it;
what was signed is read back as bytes and never written again.

Not decided here: how a statement is sealed, or what follows from it.
"""

from truce.statements.answers import IssuedAnswer
from truce.statements.deliveries import Delivery
from truce.statements.methods import Method
from truce.statements.registry import (
    KINDS,
    StatementKind,
    assess_maker,
    kind_of,
    rights_by_kind,
    verify_payload,
)
from truce.statements.texts import AgreementText, BaseMap, GazetteerTable

__all__ = [
    "KINDS",
    "AgreementText",
    "BaseMap",
    "Delivery",
    "GazetteerTable",
    "IssuedAnswer",
    "Method",
    "StatementKind",
    "assess_maker",
    "kind_of",
    "rights_by_kind",
    "verify_payload",
]
