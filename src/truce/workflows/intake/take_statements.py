"""Taking in statements that their makers signed elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass

from truce.errors import InvalidStatement, RefusalCode, RefusedStatement
from truce.identifiers import StatementIndex
from truce.record import IDENTITY_KINDS, HandedIn, RecordWriter, statement_from_file
from truce.statements import assess_maker, kind_of, verify_payload


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """What became of one statement file: its index, or why it was refused."""

    name: str
    index: StatementIndex | None = None
    refusal: RefusedStatement | None = None


def take_statements(
    writer: RecordWriter, files: Sequence[tuple[str, bytes]]
) -> tuple[TakenIn, ...]:
    """Seals statement files, each by itself: one that is refused stops no other.

    Raises:
        UnavailableRecord: the disk refused; the file at hand and those after it were
            not sealed.
        OutcomeUnknown: the disk failed with the file at hand: look before handing it
            in again. A second sealing would be refused as a replay.
    """
    return tuple(_taken(writer, name, raw) for name, raw in files)


def _taken(writer: RecordWriter, name: str, raw: bytes) -> TakenIn:
    try:
        handed = statement_from_file(raw)
        _verify_kind(writer, handed)
        (index,) = writer.take([handed])
    except RefusedStatement as refusal:
        return TakenIn(name=name, refusal=refusal)
    return TakenIn(name=name, index=index)


def _verify_kind(writer: RecordWriter, handed: HandedIn) -> None:
    """Returns where the maker may state this kind, and the payload can be read.

    Another record's statement, and a maker who is not enrolled, are left to the record,
    which knows them by codes of their own.
    """
    header = handed.envelope.header
    makers = writer.record.participants
    if header.by not in makers.by_id or header.record != writer.record.origin:
        return
    try:
        kind = kind_of(header.kind, header.schema)
        verify_payload(kind, handed.salted.payload)
        reasons: tuple[str, ...] = ()
        if kind.name not in IDENTITY_KINDS:
            roles = makers.roles_of(header.by, writer.now())
            reasons = assess_maker(header.by, roles, kind)
    except InvalidStatement as error:
        reasons = (str(error),)
    if reasons:
        raise RefusedStatement("; ".join(reasons), code=RefusalCode.KIND_REFUSED)


__all__ = ["TakenIn", "take_statements"]
