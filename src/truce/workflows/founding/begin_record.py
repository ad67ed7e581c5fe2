"""Beginning a record: founding it, and sealing what it is read by."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from truce.agreement.load import load_agreement
from truce.agreement.model import Agreement
from truce.gazetteer import gazetteer_from_bytes
from truce.identifiers import ParticipantId, StatementIndex
from truce.record import (
    OPERATOR,
    Clock,
    RecordKind,
    RecordWriter,
    Role,
    Unsealed,
    found_record,
)
from truce.record.identity.founding import NO_WITNESSES
from truce.record.policy import policy_from_text
from truce.statements import (
    AgreementText,
    BaseMap,
    GazetteerTable,
    rights_by_kind,
)
from truce.workflows.founding.methods import methods_in_force
from truce.workflows.intake.seal import seal


@dataclass(frozen=True, slots=True, kw_only=True)
class Land:
    """What a record's texts are read by and its incidents are drawn on."""

    gazetteer: GazetteerTable
    base_map: BaseMap


def begin_record(
    folder: Path,
    *,
    kind: RecordKind,
    name: str,
    land: Land,
    clock: Clock,
    participants: Iterable[tuple[ParticipantId, str, tuple[Role, ...]]] = (),
    witness_policy: str = NO_WITNESSES,
) -> RecordWriter:
    """Founds a record and seals the method and the land it is read by.

    `witness_policy` stands for as long as the record does: see decision 0013.

    Raises:
        InvalidRecord: the folder is not empty.
        InvalidValue: the name, the gazetteer or the policy cannot be used.
        UnavailableRecord: the folder cannot be written.
    """
    gazetteer_from_bytes(land.gazetteer.table)
    policy_from_text(witness_policy, may_name_logs=False)
    writer = found_record(
        folder,
        kind=kind,
        name=name,
        clock=clock,
        participants=participants,
        rights=rights_by_kind(),
        witness_policy=witness_policy,
    )
    payloads = (
        *(("method", method.payload()) for method in methods_in_force()),
        ("gazetteer", land.gazetteer.payload()),
        ("base-map", land.base_map.payload()),
    )
    now = clock()
    seal(
        writer,
        [
            Unsealed(kind=kind_name, by=OPERATOR, payload=payload, stated_at=now)
            for kind_name, payload in payloads
        ],
    )
    return writer


def agreement_from_text(text: AgreementText) -> Agreement:
    """The agreement that a sealed text says, over the land of its record.

    Raises:
        InvalidAgreement: lists every fault of the text.
    """
    files = {"world.geojson": text.geography} if text.geography else {}
    return load_agreement(text.text, file=f"{text.agreement}.yaml", files=files)


def adopt_agreements(
    writer: RecordWriter, texts: Iterable[AgreementText], *, clock: Clock
) -> tuple[StatementIndex, ...]:
    """Seals agreements as in force in this record, once each was shown to be runnable.

    Raises:
        InvalidAgreement: a text has faults; none was sealed.
    """
    statements = []
    for text in texts:
        agreement_from_text(text)
        statements.append(
            Unsealed(
                kind="agreement",
                by=OPERATOR,
                payload=text.payload(),
                stated_at=clock(),
            )
        )
    return seal(writer, statements)


__all__ = ["Land", "adopt_agreements", "agreement_from_text", "begin_record"]
