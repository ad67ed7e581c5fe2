"""Go's own transparency-log libraries read a record of truce, and check its proofs.

They are those of the Go checksum database (golang.org/x/mod/sumdb), written by others
years before truce: a format that only its maker can read is no standard.
"""

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from tests.conftest import skip_for_want_of
from tests.vectors.reading import bytes_of, vectors

from truce.identifiers import StatementIndex
from truce.record import OPERATOR, Record, RecordKind, Unsealed, found_record
from truce.record.cosignature import cosignature
from truce.record.keys import SecretKey
from truce.record.merkle import consistency_path, range_hash
from truce.record.note import log_key, note_from_bytes
from truce.record.proving.prove import proof_of_statement
from truce.record.tiles import TileReader
from truce.statements import rights_by_kind

# Around the edges of a tile of 256, and beyond the second one.
SIZES: Final = (1, 2, 255, 256, 257, 700)
NOW: Final = datetime(2031, 5, 4, 6, 0, tzinfo=UTC)
# Where Debian's golang-golang-x-mod-dev puts its source.
GOPATH: Final = Path("/usr/share/gocode")
PROGRAM: Final = Path(__file__).with_name("go") / "check_record.go"
Request = dict[str, Any]
Ask = Callable[[Request], Any]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """The Go program, built, to be asked about a record."""
    go = shutil.which("go")
    sources = GOPATH / "src/golang.org/x/mod/sumdb/note"
    if go is None or not sources.is_dir():
        how = "apt-get install golang-go golang-golang-x-mod-dev"
        skip_for_want_of("Go with golang.org/x/mod", how=how)
    built = tmp_path_factory.mktemp("go") / "check_record"
    environment = {**os.environ, "GO111MODULE": "off", "GOPATH": str(GOPATH)}
    command = [go, "build", "-o", str(built), str(PROGRAM)]
    subprocess.run(command, env=environment, check=True)

    def asked(request: Request) -> Any:
        done = subprocess.run(
            [built], input=json.dumps(request), text=True, capture_output=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return asked


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Record]:
    """Copies of one growing record, at each size."""
    room = tmp_path_factory.mktemp("records")
    writer = found_record(
        room / "growing",
        kind=RecordKind.EXERCISE,
        name="kestrel",
        clock=lambda: NOW,
        rights=rights_by_kind(),
    )
    copies: dict[int, Record] = {}
    for size in SIZES:
        more = [
            Unsealed(
                kind="delivery", by=OPERATOR, payload=b"seen %d" % at, stated_at=NOW
            )
            for at in range(writer.record.size, size)
        ]
        if more:
            writer.seal(more)
        shutil.copytree(room / "growing", room / str(size))
        copies[size] = Record.opened(room / str(size))
        assert copies[size].size == size
    writer.close()
    return copies


def b64(raw: bytes) -> str:
    """Base64."""
    return base64.b64encode(raw).decode()


def request_of(record: Record) -> Request:
    """A request about a record, with nothing handed in yet."""
    vkey = log_key(record.origin, record.founding.log_key).text()
    return {"Folder": str(record.folder), "Vkey": vkey}


def inclusion_of(record: Record, index: int) -> Request:
    """Our own inclusion proof, as the program reads it."""
    proof = record.proof(StatementIndex(index))
    path = [b64(step) for step in proof.path]
    return {"Index": index, "Entry": b64(proof.entry), "Path": path}


def growth_of(record: Record, old: int) -> Request:
    """Our own consistency proof, as the program reads it."""
    node = TileReader(record.folder / "log", record.size).node
    path = [b64(step) for step in consistency_path(node, old, record.size)]
    return {"Old": old, "OldRoot": b64(range_hash(node, 0, old)), "Path": path}


@pytest.mark.parametrize("size", SIZES)
def test_go_proves_every_record_from_our_tiles(
    ask: Ask, records: dict[int, Record], size: int
) -> None:
    """Tiles, entry bundles and checkpoint are where Go looks, and say what it asks."""
    found = ask(request_of(records[size]))
    assert (found["size"], found["tiles_make_root"]) == (size, True)
    assert (found["records_proved"], found["trees_proved"]) == (size, size)
    assert found["unknown_signatures"] == 0


@pytest.mark.parametrize("size", SIZES)
def test_go_accepts_our_proofs(ask: Ask, records: dict[int, Record], size: int) -> None:
    """Every inclusion and consistency proof, and files of tlog-proof."""
    record = records[size]
    files = [
        proof_of_statement(record, StatementIndex(index), prefix=b"").raw().decode()
        for index in sorted({0, size // 3, size // 2, size - 1})
    ]
    found = ask(
        {
            **request_of(record),
            "Records": [inclusion_of(record, index) for index in range(size)],
            "Trees": [growth_of(record, old) for old in range(1, size + 1)],
            "Proofs": files,
        }
    )
    assert found["records"] == [True] * size
    assert found["trees"] == [True] * size
    assert found["proofs"] == [True] * len(files)


def mutated(path: list[str]) -> Iterator[list[str]]:
    """Other paths than this one."""
    first = base64.b64decode(path[0])
    yield path[:-1]
    yield [*path, path[0]]
    yield [b64(bytes([first[0] ^ 1]) + first[1:]), *path[1:]]
    yield [b64(first[:-1]), *path[1:]]
    if path != path[::-1]:
        yield path[::-1]


@pytest.mark.parametrize("size", [2, 257, 700])
def test_go_refuses_what_we_would_refuse(
    ask: Ask, records: dict[int, Record], size: int
) -> None:
    """A reader that took everything would agree with us too."""
    record, places = records[size], sorted({0, size // 3, size - 1})
    proofs = [inclusion_of(record, index) for index in places]
    growths = [growth_of(record, old) for old in sorted({1, size // 3 or 1, size - 1})]
    false = [
        {**proof, "Path": path} for proof in proofs for path in mutated(proof["Path"])
    ]
    false += [{**proof, "Index": (proof["Index"] + 1) % size} for proof in proofs]
    false += [{**proof, "Index": size} for proof in proofs]
    false += [{**proof, "Entry": b64(b"another")} for proof in proofs]
    trees = [
        {**growth, "Path": path}
        for growth in growths
        for path in mutated(growth["Path"])
    ]
    trees += [{**growth, "OldRoot": b64(bytes(32))} for growth in growths]
    text = proof_of_statement(record, StatementIndex(size - 1)).raw().decode()
    head, gap, note = text.partition("\n\n")
    lines = head.split("\n")
    files = [
        "\n".join([*lines[:-1]]) + gap + note,
        text.replace(f"index {size - 1}", "index 0"),
        text.replace(f"\n{size}\n", f"\n{size + 1}\n"),
    ]
    found = ask(
        {**request_of(record), "Records": false, "Trees": trees, "Proofs": files}
    )
    assert found["records"] == [False] * len(false)
    assert found["trees"] == [False] * len(trees)
    assert found["proofs"] == [False] * len(files)


def test_go_opens_a_cosigned_checkpoint_and_no_other(
    ask: Ask, records: dict[int, Record]
) -> None:
    """To Go a witness is an unknown key, which it passes over, as signed notes ask."""
    record = records[257]
    note = note_from_bytes(record.checkpoint)
    line = cosignature(
        note, name="north.example/w", key=SecretKey(bytes(32)), cosigned_at=NOW
    )
    cosigned = note.signed_also([line]).raw()
    path = record.folder / "log" / "checkpoint"
    path.write_bytes(cosigned)
    (own,) = note.signatures
    forged = replace(note, signatures=(replace(own, signature=bytes(64)),))
    renamed = replace(note, signatures=(replace(own, name="north.example/w"),))
    notes = [record.checkpoint, cosigned, forged.raw(), renamed.raw()]
    notes.append(record.checkpoint.replace(b"\n257\n", b"\n258\n"))
    texts = [raw.decode() for raw in notes]
    try:
        found = ask({**request_of(record), "Notes": texts})
    finally:
        path.write_bytes(record.checkpoint)
    assert found["unknown_signatures"] == 1
    assert found["notes"] == [True, True, False, False, False]


# What Go opens of the vectors that the format forbids.
MORE_OPENED_BY_GO: Final = {
    # It looks at the first line of a key and passes over the others.
    "note-with-bad-signature-of-known-key",
    "root-with-stray-bits",
    # It asks nothing of points.
    "key-not-canonical",
    "key-with-a-part-of-small-order",
    "signature-with-small-order-r",
    "small-order-key",
}


def test_go_opens_valid_checkpoints_and_more_than_the_format_allows(
    ask: Ask, records: dict[int, Record]
) -> None:
    """Go opens all that the vectors hold for valid.

    It reads numbers in more than one form and knows nothing of points of small order:
    what libraries disagree on the format forbids.
    """
    request, rows = request_of(records[1]), vectors("checkpoints")
    opened: set[str] = set()
    for vkey in sorted({row["vkey"] for row in rows}):
        known = [row for row in rows if row["vkey"] == vkey]
        texts = [bytes_of(row["note"]).decode(errors="replace") for row in known]
        found = ask({**request, "NotesVkey": vkey, "Notes": texts})["notes"]
        pairs = zip(known, found, strict=True)
        opened |= {str(row["name"]) for row, is_open in pairs if is_open}
    valid = {str(row["name"]) for row in rows if row["expect"]["valid"]}
    assert valid <= opened
    assert opened - valid == MORE_OPENED_BY_GO
