"""The record: sealed statements, keys and roles, Merkle log, checkpoints, payloads.

In: statements (kind, maker, payload bytes). Out: their indexes once durable, entries,
payloads, proofs, and the faults of a record that was altered.

Always: no payload byte enters the log; nothing acknowledged is lost; a checkpoint is
never signed for files that are not on the disk.

Not decided here: what a payload means, who may state which kind, who may read it.
"""

from truce.record.checking.verify import Fault, Verification, verify_record
from truce.record.envelope import Entry, Header
from truce.record.identity.charter import (
    ENROLMENT,
    FOUNDING,
    IDENTITY_KINDS,
    Charter,
    Rights,
)
from truce.record.identity.founding import Founding, RecordKind
from truce.record.identity.participants import Participant, Role
from truce.record.log import InclusionProof, Record
from truce.record.sealing.found import found_record
from truce.record.sealing.handed_in import (
    HandedIn,
    sign_statement,
    statement_file,
    statement_from_file,
)
from truce.record.sealing.recover import finish_commits
from truce.record.sealing.unsealed import Unsealed
from truce.record.sealing.writer import OPERATOR, Clock, RecordWriter

__all__ = [
    "ENROLMENT",
    "FOUNDING",
    "IDENTITY_KINDS",
    "OPERATOR",
    "Charter",
    "Clock",
    "Entry",
    "Fault",
    "Founding",
    "HandedIn",
    "Header",
    "InclusionProof",
    "Participant",
    "Record",
    "RecordKind",
    "RecordWriter",
    "Rights",
    "Role",
    "Unsealed",
    "Verification",
    "finish_commits",
    "found_record",
    "sign_statement",
    "statement_file",
    "statement_from_file",
    "verify_record",
]
