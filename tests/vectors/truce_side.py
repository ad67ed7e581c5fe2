"""What truce itself says of a vector."""

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

from tests.vectors.reading import (
    Answer,
    Told,
    bytes_of,
    hashes_of,
    table,
    vectors,
    write_files,
)
from typer.testing import CliRunner

from truce.cli import app
from truce.errors import InvalidInput, ProofFails, RefusalCode, RefusedStatement
from truce.identifiers import ParticipantId
from truce.instants import instant_from_text, text_from_instant
from truce.record import (
    Participant,
    RecordKind,
    RecordWriter,
    Role,
    found_record,
    statement_from_file,
    verify_record,
)
from truce.record.cosignature import verify_cosignature
from truce.record.envelope import entry_from_bytes, verify_signature
from truce.record.identity.founding import founding_from_payload
from truce.record.identity.makers import founded_makers
from truce.record.keys import PublicKey, SecretKey, key_path
from truce.record.merkle import (
    consistency_length,
    leaf_hash,
    root_from_inclusion,
    verify_consistency,
)
from truce.record.note import (
    note_from_bytes,
    verifier_key_from_text,
    verify_checkpoint,
    verify_checkpoint_note,
)
from truce.record.policy import assess_witnesses, policy_from_text
from truce.record.proving.verify_proof import verify_proof
from truce.record.witnessing.split_view import verify_split_view
from truce.statements import rights_by_kind

# Of an entry in a log truce says no more than which of these two it is.
COARSE: Final = {
    "bad-signature": "proof-signature",
    "entry-too-large": "proof-form",
    "envelope-form": "proof-form",
    "envelope-type": "proof-form",
    "header-form": "proof-form",
    "unknown-key": "proof-signature",
    "unknown-maker": "proof-signature",
    "wrong-record": "proof-form",
}


def answered(check: Callable[[], Told]) -> Answer:
    """The answer of a check that raises where the vector is invalid."""
    try:
        return Answer(is_valid=True, told=check())
    except RefusedStatement as error:
        return Answer(is_valid=False, codes=(error.code,))
    except ProofFails as error:
        return Answer(is_valid=False, codes=(error.code,))
    except InvalidInput:
        return Answer(is_valid=False)


def participants_of(world: Told) -> tuple[Participant, ...]:
    """The makers of a world."""
    return tuple(
        Participant(
            id=ParticipantId(maker["id"]),
            name=maker["name"],
            key=PublicKey(raw=bytes.fromhex(maker["key"])),
            roles=tuple(map(Role, maker["roles"])),
        )
        for maker in world["makers"]
    )


def entries(vector: Told, _: Path) -> Answer:
    """An entry, against the makers of its world."""
    world = table("entries")["world"]
    makers = founded_makers(founding_from_payload(world["founding"].encode()))

    def check() -> Told:
        entry = entry_from_bytes(bytes_of(vector["entry"]))
        if entry.header.record != world["origin"]:
            raise ProofFails("it is of another record")
        maker = makers.by_id.get(entry.header.by)
        if maker is None:
            return {"maker": None}
        verify_signature(entry.envelope, maker.key)
        return {"maker": maker.id}

    found = answered(check)
    if found.is_valid and found.told["maker"] is None:
        return Answer(is_valid=False, codes=("proof-signature",))
    return found


class Intake:
    """A record founded with the keys that the vectors tell, which takes files."""

    def __init__(self, folder: Path) -> None:
        world = table("statement_files")["world"]
        seeds = {maker["id"]: maker["seed"] for maker in world["makers"]}
        for name, seed in {**seeds, "log": world["log"]["seed"]}.items():
            SecretKey(bytes.fromhex(seed)).keep(key_path(folder, name))
        start = instant_from_text("2031-05-04T06:00:00Z")
        times = (start + timedelta(seconds=count) for count in range(10_000))
        self.writer: RecordWriter = found_record(
            folder,
            kind=RecordKind.EXERCISE,
            name="vectors",
            clock=lambda: next(times),
            participants=[
                (one.id, one.name, one.roles)
                for one in participants_of(world)
                if one.id != "operator"
            ],
            rights=rights_by_kind(),
        )
        assert self.writer.record.origin == world["origin"]

    def take(self, vector: Told) -> Answer:
        """A statement file, after those that the vector says came before."""
        for before in vector.get("before", ()):
            handed = statement_from_file(bytes_of(before))
            commitment = handed.envelope.header.commitment
            sealed = {e.header.commitment for e in self.writer.record.entries()}
            if commitment not in sealed:
                self.writer.take([handed])
        size = self.writer.record.size

        def check() -> Told:
            handed = statement_from_file(bytes_of(vector["file"]))
            return {"index": self.writer.take([handed])[0]}

        found = answered(check)
        # Whatever is refused is refused before anything is written.
        assert self.writer.record.size == size + found.is_valid
        return found


def checkpoints(vector: Told, _: Path) -> Answer:
    """A checkpoint under a key."""

    def check() -> Told:
        log = verifier_key_from_text(vector["vkey"])
        note = bytes_of(vector["note"])
        found = verify_checkpoint(note, origin=log.name, key=log.key)
        root = base64.b64encode(found.root).decode()
        return {"origin": found.origin, "size": found.size, "root": root}

    return answered(check)


def cosignatures(vector: Told, _: Path) -> Answer:
    """A note of a log, and whether a witness cosigned it."""

    def check() -> Told:
        note = note_from_bytes(bytes_of(vector["note"]))
        verify_checkpoint_note(note, verifier_key_from_text(vector["vkey"]))
        witness = verifier_key_from_text(vector["witness"])
        at = verify_cosignature(note, witness, now=None)
        told = {} if at is None else {"cosigned_at": text_from_instant(at)}
        return {"cosigned": at is not None, **told}

    return answered(check)


def policies(vector: Told, _: Path) -> Answer:
    """A policy, and whether a note satisfies it."""

    def check() -> Told:
        policy = policy_from_text(vector["policy"], may_name_logs=False)
        if "note" not in vector:
            return {}
        note = note_from_bytes(bytes_of(vector["note"]))
        return {"satisfied": assess_witnesses(policy, note, now=None).is_satisfied}

    return answered(check)


def inclusion(vector: Told, _: Path) -> Answer:
    """An inclusion proof."""
    (root,) = hashes_of([vector["root"]])
    leaf = leaf_hash(bytes_of(vector["entry"]))
    path = hashes_of(vector["path"])
    found = root_from_inclusion(leaf, vector["index"], vector["size"], path)
    codes = ("proof-length",) if found is None else ("proof-root",)
    return Answer(is_valid=found == root, codes=() if found == root else codes)


def consistency(vector: Told, _: Path) -> Answer:
    """A consistency proof."""
    old, new, path = vector["old"], vector["new"], hashes_of(vector["path"])
    old_root, new_root = hashes_of([vector["old_root"], vector["new_root"]])
    if verify_consistency(old, old_root, new, new_root, path):
        return Answer(is_valid=True)
    is_right = old <= new and len(path) == consistency_length(old, new)
    return Answer(is_valid=False, codes=("proof-root" if is_right else "proof-length",))


def proofs(vector: Told, _: Path) -> Answer:
    """A proof of a statement, for a reader who may ask for a kind and for witnesses.

    truce tells the kind and whose cosignatures hold; its reader compares.
    """

    def check() -> Told:
        file = bytes_of(vector["file"]) if "file" in vector else None
        found = verify_proof(bytes_of(vector["proof"]), file=file)
        assert found.is_payload_proved is ("file" in vector)
        return {
            "origin": found.founding.origin,
            "size": found.checkpoint.size,
            "index": found.index,
            "by": found.entry.header.by,
            "witnessed": found.witnessed.is_satisfied,
            "kind": found.founding.kind.value,
        }

    found = answered(check)
    if found.is_valid and vector.get("kind", found.told["kind"]) != found.told["kind"]:
        return Answer(is_valid=False, codes=("proof-kind",))
    if found.is_valid and "policy" in vector and not found.told["witnessed"]:
        return Answer(is_valid=False, codes=("proof-witnesses",))
    return found


def split_views(vector: Told, _: Path) -> Answer:
    """A split view."""

    def check() -> Told:
        found = verify_split_view(bytes_of(vector["file"]))
        sizes = [int(note.text.split("\n")[1]) for note in (found.first, found.second)]
        return {"origin": found.log.name, "first": sizes[0], "second": sizes[1]}

    return answered(check)


def logs(vector: Told, folder: Path) -> Answer:
    """A whole record; its faults have no codes but that of another kind."""
    write_files(folder, vector["files"])
    if "kind" in vector:
        words = ["verify", str(folder), "--expect", vector["kind"], "--json"]
        done = CliRunner().invoke(app, words)
        told = json.loads(done.stdout)
        assert told["holds"] is (done.exit_code == 0)
        is_other = not told["faults"] and told["kind"] != vector["kind"]
        codes = ("proof-kind",) if is_other else ()
        return Answer(is_valid=told["holds"], codes=codes)
    found = verify_record(folder)
    words = [fault.reason.partition(":")[0] for fault in found.faults]
    return Answer(
        is_valid=not found.faults,
        codes=tuple(word for word in words if word in {*RefusalCode}),
        statements=tuple(fault.statement for fault in found.faults),
        told={
            "origin": found.origin,
            "size": found.size,
            "not_here": found.not_here,
        },
    )


def identity(vector: Told, folder: Path) -> Answer:
    """A record in which people decided over keys and roles."""
    return logs(vector, folder)


def groups(vector: Told, folder: Path) -> Answer:
    """A group of payloads in the record beside which it belongs."""
    (record,) = (one for one in vectors("logs") if one["name"] == "record-of-six")
    files = {**record["files"], "payloads/000": vector["group"]}
    return logs({"files": files}, folder)
