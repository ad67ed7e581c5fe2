"""Who takes part in a record, with which keys and roles: the statements that say so."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from truce.canonical import Json, canonical_json
from truce.errors import InvalidRecord, InvalidStatement, InvalidValue
from truce.identifiers import KeyId, ParticipantId
from truce.record.keys import PublicKey

FOUNDING: Final = "founding"
ENROLMENT: Final = "enrolment"
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


class RecordKind(StrEnum):
    """What a record is a record of. The three never mix."""

    REAL = "real"
    EXERCISE = "exercise"
    STUDY = "study"


class Role(StrEnum):
    """What a participant's key may state; see `truce.statements`."""

    OPERATOR = "operator"
    INTAKE = "intake"
    CONTRIBUTOR = "contributor"
    LEGAL_ADVISER = "legal-adviser"
    REPORTING_OFFICER = "reporting-officer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """A person, body, sensor or service with a key and roles in the record."""

    id: ParticipantId
    name: str
    key: PublicKey
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Founding:
    """The first statement: what the record is, whose key signs its checkpoints, who
    begins.
    """

    kind: RecordKind
    name: str
    log_key: PublicKey
    participants: tuple[Participant, ...]

    @property
    def origin(self) -> str:
        """The origin line. It names the kind, and the key, so that no other log can
        pose as it.
        """
        return f"truce/{self.kind}/{self.name}/{self.log_key.id}"


@dataclass(slots=True)
class Participants:
    """Who was enrolled so far; a key counts from the statement after the one that
    enrolled it.
    """

    by_id: dict[ParticipantId, Participant] = field(default_factory=dict)
    by_key: dict[KeyId, Participant] = field(default_factory=dict)

    def enrol(self, participants: Iterable[Participant]) -> None:
        """Takes up participants.

        Raises:
            InvalidStatement: an id or a key is already taken.
        """
        for participant in participants:
            if participant.id in self.by_id or participant.key.id in self.by_key:
                raise InvalidStatement(
                    f"participant {participant.id}: its id or key is already enrolled; "
                    "enrol it once, under an id of its own"
                )
            self.by_id[participant.id] = participant
            self.by_key[participant.key.id] = participant


def verify_record_name(name: str) -> str:
    """The same name.

    Raises:
        InvalidValue: it is not lower-case letters, digits and hyphens (at most 63).
    """
    if not _NAME.fullmatch(name):
        raise InvalidValue(
            f"record name {name!r}: expected lower-case letters, digits and hyphens, "
            "at most 63, the first no hyphen; e.g. kestrel-strait"
        )
    return name


def founding_payload(founding: Founding) -> bytes:
    """The founding statement's payload, version 1."""
    return canonical_json(
        {
            "record_kind": founding.kind,
            "name": founding.name,
            "log_key": founding.log_key.raw.hex(),
            "participants": _written(founding.participants),
        }
    )


def founding_from_payload(payload: bytes) -> Founding:
    """The founding that a payload states.

    Raises:
        InvalidRecord: the payload is no founding.
    """
    try:
        fields = json.loads(payload)
        return Founding(
            kind=RecordKind(fields["record_kind"]),
            name=verify_record_name(fields["name"]),
            log_key=PublicKey(raw=bytes.fromhex(fields["log_key"])),
            participants=_read(fields["participants"]),
        )
    except (ValueError, KeyError, TypeError, InvalidValue) as error:
        raise InvalidRecord(f"statement 0 is no founding: {error}") from error


def enrolment_payload(participants: Iterable[Participant]) -> bytes:
    """An enrolment statement's payload, version 1."""
    return canonical_json({"participants": _written(participants)})


def enrolment_from_payload(payload: bytes) -> tuple[Participant, ...]:
    """The participants that an enrolment states.

    Raises:
        InvalidStatement: the payload is no enrolment.
    """
    try:
        return _read(json.loads(payload)["participants"])
    except (ValueError, KeyError, TypeError, InvalidValue) as error:
        raise InvalidStatement(f"payload is no enrolment: {error}") from error


def _written(participants: Iterable[Participant]) -> list[Json]:
    return [
        {
            "id": participant.id,
            "name": participant.name,
            "key": participant.key.raw.hex(),
            "roles": [role.value for role in participant.roles],
        }
        for participant in participants
    ]


def _read(rows: Iterable[Mapping[str, str]]) -> tuple[Participant, ...]:
    return tuple(
        Participant(
            id=ParticipantId(row["id"]),
            name=row["name"],
            key=PublicKey(raw=bytes.fromhex(row["key"])),
            roles=tuple(Role(role) for role in row["roles"]),
        )
        for row in rows
    )


__all__ = [
    "ENROLMENT",
    "FOUNDING",
    "Founding",
    "Participant",
    "Participants",
    "RecordKind",
    "Role",
    "enrolment_from_payload",
    "enrolment_payload",
    "founding_from_payload",
    "founding_payload",
    "verify_record_name",
]
