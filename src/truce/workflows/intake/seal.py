"""Sealing statements of any kind, once their makers are found to be allowed to."""

from collections.abc import Sequence

from truce.errors import InvalidStatement
from truce.identifiers import StatementIndex
from truce.record import IDENTITY_KINDS, Record, RecordWriter, Unsealed
from truce.statements import Method, assess_maker, kind_of, verify_payload


def seal(
    writer: RecordWriter, statements: Sequence[Unsealed]
) -> tuple[StatementIndex, ...]:
    """Seals statements in one commit; answers their indexes once they are durable.

    Raises:
        InvalidStatement: an unknown kind, makers that may not state theirs, or payloads
            that nobody could read; every fault is named and nothing was sealed.
    """
    reasons: list[str] = []
    for statement in statements:
        kind = kind_of(statement.kind, statement.schema)
        makers, by = writer.record.participants, statement.by
        if by not in makers.by_id:
            reasons.append(f"{by} is not enrolled; enrol them first")
        elif kind.name not in IDENTITY_KINDS:
            reasons.extend(assess_maker(by, makers.roles_of(by, writer.now()), kind))
        try:
            verify_payload(kind, statement.payload)
        except InvalidStatement as error:
            reasons.append(f"{statement.kind} by {statement.by}: {error}")
    reasons += _methods_stated_again(writer.record, statements)
    if reasons:
        raise InvalidStatement("; ".join(dict.fromkeys(reasons)))
    return writer.seal(statements)


def _methods_stated_again(record: Record, statements: Sequence[Unsealed]) -> list[str]:
    """Why methods may not be stated: a record that changed its method could not be
    read.

    Gap: a better method needs a record of its own (a study) until histories can hold
    two.
    """
    stating = [s for s in statements if s.kind == "method"]
    if not stating:
        return []
    stated = {
        Method.from_payload(record.payload(StatementIndex(index))).name
        for index, entry in enumerate(record.entries())
        if entry.header.kind == "method"
    }
    reasons = []
    for statement in stating:
        name = Method.from_payload(statement.payload).name
        if name in stated:
            reasons.append(
                f"method {name} is stated in this record already; "
                "re-analyse under another one in a study of its own"
            )
        stated.add(name)
    return reasons


__all__ = ["seal"]
