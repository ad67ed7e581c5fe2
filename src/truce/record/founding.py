"""Who takes part in a record, with which keys and roles: the statements that say so."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from truce.canonical import Json, canonical_json, json_from_bytes
from truce.errors import InvalidRecord, InvalidStatement, InvalidValue
from truce.identifiers import ParticipantId
from truce.record.keys import PublicKey, verify_key
from truce.record.policy import policy_from_text

FOUNDING: Final = "founding"
ENROLMENT: Final = "enrolment"
# No witness is asked. Source: C2SP tlog-policy, quorum.
NO_WITNESSES: Final = "quorum none\n"
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


class RecordKind(StrEnum):
    """What a record is a record of. The three never mix."""

    REAL = "real"
    EXERCISE = "exercise"
    STUDY = "study"


class Role(StrEnum):
    """What somebody does in a mission, and so what their key may state.

    Which kinds a role may state: `truce.statements`; what it may read:
    `truce.release.readers`. A founder decides over keys and roles with the others.
    """

    OPERATOR = "operator"
    FOUNDER = "founder"
    INTAKE = "intake"
    SENSOR = "sensor"
    CONTRIBUTOR = "contributor"
    PATROL_MONITOR = "patrol-monitor"
    WATCH_OFFICER = "watch-officer"
    ANALYST = "analyst"
    REPORTING_OFFICER = "reporting-officer"
    LEGAL_ADVISER = "legal-adviser"
    COMMISSIONER = "commissioner"
    SECRETARIAT = "secretariat"
    CELL_OFFICER = "cell-officer"
    FORCE_PLANNER = "force-planner"
    AID_MANAGER = "aid-manager"
    AUDITOR = "auditor"
    PARTY = "party"


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

    `witness_policy` says when a checkpoint counts as witnessed, as a C2SP tlog-policy.
    """

    kind: RecordKind
    name: str
    log_key: PublicKey
    participants: tuple[Participant, ...]
    witness_policy: str = NO_WITNESSES

    @property
    def origin(self) -> str:
        """The origin line. It names the kind, and the key, so that no other log can
        pose as it.
        """
        return f"truce/{self.kind}/{self.name}/{self.log_key.long_id}"


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


def verify_participant_id(id_: str) -> ParticipantId:
    """The same id. It also names the file that keeps the participant's key.

    Raises:
        InvalidValue: it is not lower-case letters, digits and hyphens (at most 63).
    """
    if not _NAME.fullmatch(id_):
        raise InvalidValue(
            f"participant id {id_!r}: expected lower-case letters, digits and hyphens, "
            "at most 63, the first no hyphen; e.g. patrol-7"
        )
    return ParticipantId(id_)


def founding_payload(founding: Founding) -> bytes:
    """The founding statement's payload, version 1."""
    return canonical_json(
        {
            "record_kind": founding.kind,
            "name": founding.name,
            "log_key": founding.log_key.raw.hex(),
            "participants": _written(founding.participants),
            "witness_policy": founding.witness_policy,
        }
    )


def founding_from_payload(payload: bytes) -> Founding:
    """The founding that a payload states.

    Raises:
        InvalidRecord: the payload is no founding.
    """
    try:
        fields = _object(json_from_bytes(payload))
        found = Founding(
            kind=RecordKind(_text(fields, "record_kind")),
            name=verify_record_name(_text(fields, "name")),
            log_key=verify_key(PublicKey(raw=bytes.fromhex(_text(fields, "log_key")))),
            participants=_read(fields),
            witness_policy=_policy(fields),
        )
        _verify_one_form(payload, founding_payload(found))
    except (ValueError, InvalidValue) as error:
        raise InvalidRecord(f"statement 0 is no founding: {error}") from error
    return found


def enrolment_payload(participants: Iterable[Participant]) -> bytes:
    """An enrolment statement's payload, version 1."""
    return canonical_json({"participants": _written(participants)})


def enrolment_from_payload(payload: bytes) -> tuple[Participant, ...]:
    """The participants that an enrolment states.

    Raises:
        InvalidStatement: the payload is no enrolment.
    """
    try:
        found = _read(_object(json_from_bytes(payload)))
        _verify_one_form(payload, enrolment_payload(found))
    except (ValueError, InvalidValue) as error:
        raise InvalidStatement(f"payload is no enrolment: {error}") from error
    return found


def _verify_one_form(payload: bytes, expected: bytes) -> None:
    """Returns where the payload is canonical JSON and holds nothing else.

    Two readers would else keep different ones of what it says twice, or one would heed
    what the other passes over, and they would know different makers.
    """
    if payload != expected:
        raise InvalidValue(
            "it is not canonical JSON, or holds more than docs/spec/record.md, 5, asks"
        )


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


def _read(fields: Mapping[str, Json]) -> tuple[Participant, ...]:
    return tuple(_participant(_object(row)) for row in _list(fields, "participants"))


def _participant(row: Mapping[str, Json]) -> Participant:
    return Participant(
        id=verify_participant_id(_text(row, "id")),
        name=_text(row, "name"),
        key=verify_key(PublicKey(raw=bytes.fromhex(_text(row, "key")))),
        roles=tuple(Role(str(role)) for role in _list(row, "roles")),
    )


def _policy(fields: Mapping[str, Json]) -> str:
    text = _text(fields, "witness_policy")
    policy_from_text(text, may_name_logs=False)
    return text


def _object(value: Json) -> Mapping[str, Json]:
    if not isinstance(value, dict):
        raise InvalidValue(f"found {type(value).__name__}, expected an object")
    return value


def _list(fields: Mapping[str, Json], name: str) -> list[Json]:
    value = fields.get(name)
    if not isinstance(value, list):
        raise InvalidValue(f"{name} is {type(value).__name__}, expected a list")
    return value


def _text(fields: Mapping[str, Json], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str):
        raise InvalidValue(f"{name} is {type(value).__name__}, expected a text")
    return value


__all__ = [
    "ENROLMENT",
    "FOUNDING",
    "NO_WITNESSES",
    "Founding",
    "Participant",
    "RecordKind",
    "Role",
    "enrolment_from_payload",
    "enrolment_payload",
    "founding_from_payload",
    "founding_payload",
    "verify_participant_id",
    "verify_record_name",
]
