"""A participant: a person, body, sensor or service with a key and roles."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from msgspec import Struct

from truce.canonical import Json
from truce.errors import InvalidValue
from truce.identifiers import ParticipantId
from truce.record.keys import PublicKey, verify_key

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


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
    """A person, body, sensor or service with a key and roles in the record.

    `of` is the nation (`fr`) or party that it belongs to; empty for none. Who has no
    roles has left.
    """

    id: ParticipantId
    name: str
    key: PublicKey
    roles: tuple[Role, ...]
    of: str = ""


class WrittenParticipant(Struct, forbid_unknown_fields=True):
    """A participant as a payload writes it. Source: docs/spec/record.md, 5."""

    id: str
    key: str
    name: str
    of: str
    roles: list[str]

    def read(self) -> Participant:
        """The participant.

        Raises:
            InvalidValue: its id, key, roles or nation have another form.
            ValueError: its key is not hexadecimal, or a role is unknown.
        """
        return participant_from_texts(
            self.id, self.key, self.name, self.of, roles=self.roles
        )


def participant_from_texts(
    id_: str, key: str, name: str, of: str, *, roles: Iterable[str]
) -> Participant:
    """The participant that a row's texts name.

    Raises:
        InvalidValue: its id, key, roles or nation have another form.
        ValueError: its key is not hexadecimal, or a role is unknown.
    """
    held = tuple(Role(role) for role in roles)
    if len(set(held)) < len(held):
        raise InvalidValue(
            f"participant {id_}: a role is given twice; give each role once"
        )
    if of:
        verify_participant_id(of)
    return Participant(
        id=verify_participant_id(id_),
        name=name,
        key=verify_key(PublicKey(raw=bytes.fromhex(key))),
        roles=held,
        of=of,
    )


def json_from_participant(participant: Participant) -> dict[str, Json]:
    """A participant as a payload writes it."""
    return {
        "id": participant.id,
        "key": participant.key.raw.hex(),
        "name": participant.name,
        "of": participant.of,
        "roles": [role.value for role in participant.roles],
    }


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


__all__ = [
    "Participant",
    "Role",
    "WrittenParticipant",
    "json_from_participant",
    "participant_from_texts",
    "verify_participant_id",
    "verify_record_name",
]
