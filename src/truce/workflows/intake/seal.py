"""Sealing statements of any kind, once their makers are found to be allowed to."""

from collections.abc import Sequence

from truce.errors import InvalidStatement
from truce.identifiers import StatementIndex
from truce.record import RecordWriter, Unsealed
from truce.statements import assess_maker, kind_of


def seal(
    writer: RecordWriter, statements: Sequence[Unsealed]
) -> tuple[StatementIndex, ...]:
    """Seals statements in one commit; answers their indexes once they are durable.

    Raises:
        InvalidStatement: an unknown kind, or makers that may not state theirs; every
            fault is named and nothing was sealed.
    """
    reasons: list[str] = []
    for statement in statements:
        kind = kind_of(statement.kind, statement.schema)
        maker = writer.record.participants.by_id.get(statement.by)
        if maker is None:
            reasons.append(f"{statement.by} is not enrolled; enrol them first")
        else:
            reasons.extend(assess_maker(maker, kind))
    if reasons:
        raise InvalidStatement("; ".join(dict.fromkeys(reasons)))
    return writer.seal(statements)


__all__ = ["seal"]
