"""How far others vouch for a log: only as far as what they signed holds."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from truce.picture.ports import Vouching
from truce.record import (
    OPERATOR,
    RecordKind,
    RecordWriter,
    Unsealed,
    found_record,
)
from truce.record.cosignature import cosignature, witness_key
from truce.record.keys import SecretKey
from truce.record.note import note_from_bytes
from truce.record.policy import PolicyWitness, policy_text
from truce.record.timestamps import KeptTimestamp, keep_timestamp
from truce.statements import rights_by_kind
from truce.workflows.custody.vouching import vouching_of

NOW = datetime(2031, 5, 4, 6, 0, tzinfo=UTC)
NAMES = ("osprey", "heron", "merlin")
KEYS = {name: SecretKey(name.encode().ljust(32, b"-")) for name in NAMES}


@pytest.fixture
def writer(tmp_path: Path) -> RecordWriter:
    """A record that asks for two of three witnesses."""
    witnesses = [
        PolicyWitness(name=name, key=witness_key(f"{name}.example", KEYS[name].public))
        for name in NAMES
    ]
    return found_record(
        tmp_path / "record",
        kind=RecordKind.STUDY,
        name="vouched",
        clock=lambda: NOW,
        witness_policy=policy_text(2, witnesses),
        rights=rights_by_kind(),
    )


def cosigned(note: bytes, *names: str) -> bytes:
    """A checkpoint with cosignatures."""
    lines = [
        cosignature(
            note_from_bytes(note),
            name=f"{name}.example",
            key=KEYS[name],
            cosigned_at=NOW,
        )
        for name in names
    ]
    return note + "".join(line.text() for line in lines).encode()


def test_only_enough_cosignatures_that_hold_vouch(writer: RecordWriter) -> None:
    """One witness, two, two of another history: it is the policy that decides."""
    seen, path = writer.record.checkpoint, writer.record.folder / "witnessed"
    path.mkdir()
    writer.seal(
        [Unsealed(kind="delivery", by=OPERATOR, payload=b"later", stated_at=NOW)]
    )
    rule = "2 of {osprey, heron, merlin}"
    for note, count in (
        (cosigned(seen, "osprey"), None),
        (cosigned(seen, "osprey", "osprey"), None),
        (cosigned(seen, "osprey", "merlin"), 1),
        (cosigned(seen, "osprey", "merlin").replace(b"\n1\n", b"\n2\n"), None),
        (b"nothing of the kind", None),
    ):
        (path / "checkpoint").write_bytes(note)
        told = vouching_of(writer.record)
        assert told == Vouching(rule=rule, witnessed_count=count, stamped_count=None)
    kept = KeptTimestamp(size=1, note=seen, response=b"by an authority")
    keep_timestamp(writer.record.folder, kept)
    assert vouching_of(writer.record).stamped_count == 1
    writer.close()


def test_a_record_without_witnesses_says_so(tmp_path: Path) -> None:
    """No policy, no cosignatures, no stamps: three plain answers."""
    writer = found_record(
        tmp_path / "record",
        kind=RecordKind.STUDY,
        name="alone",
        clock=lambda: NOW,
        rights=rights_by_kind(),
    )
    told = vouching_of(writer.record)
    writer.close()
    assert told == Vouching(rule=None, witnessed_count=None, stamped_count=None)
