"""Records to be mirrored, and sources that behave in every way that sources do."""

import functools
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

from truce.app.mirroring import mirror_opened
from truce.errors import Unavailable
from truce.identifiers import ParticipantId
from truce.record import (
    OPERATOR,
    Record,
    RecordKind,
    RecordWriter,
    Role,
    Unsealed,
    found_record,
    verify_record,
)
from truce.record.copying.copying import Copy
from truce.record.cosignature import cosignature, witness_key
from truce.record.keys import SecretKey
from truce.record.merkle import NodeReader
from truce.record.note import (
    VerifierKey,
    checkpoint_from_note,
    log_key,
    note_from_bytes,
)
from truce.record.policy import PolicyWitness, policy_text
from truce.record.timestamps import KeptTimestamp, keep_timestamp
from truce.statements import rights_by_kind
from truce.storage.witness_folder import WitnessedCheckpoint
from truce.workflows.mirroring.mirror import mirror
from truce.workflows.mirroring.model import Mirrored, Terms
from truce.workflows.mirroring.ports import NotGiven, Part, ShownRecord
from truce.workflows.mirroring.shown import RecordInFolder
from truce_verify.__main__ import main as independent

START: Final = datetime(2031, 5, 4, 6, 0, tzinfo=UTC)
WITNESS: Final = SecretKey(bytes(range(32)))
# Past the end of the first bundle, with somebody enrolled in each.
SEALED: Final = 300


def clock() -> datetime:
    """A clock that stands still."""
    return START


def seal(folder: Path, *payloads: str, enrols: str = "") -> None:
    """Enrols somebody, if told to, and seals statements of the operator's."""
    writer = RecordWriter.opened(folder, clock=clock)
    try:
        if enrols:
            writer.enrol(ParticipantId(enrols), enrols, (Role.INTAKE,))
        said = [
            Unsealed(
                kind="delivery", by=OPERATOR, payload=text.encode(), stated_at=START
            )
            for text in payloads
        ]
        if said:
            writer.seal(said)
    finally:
        writer.close()


def begun(folder: Path, *, sealed: int = SEALED) -> Path:
    """A record with a witness in its policy, and somebody enrolled on the way."""
    witness = PolicyWitness(name="w", key=witness_key("w.example", WITNESS.public))
    found_record(
        folder,
        kind=RecordKind.STUDY,
        name="shown",
        clock=clock,
        witness_policy=policy_text(1, [witness]),
        rights=rights_by_kind(),
    ).close()
    seal(folder, *(f"early {n}" for n in range(100)), enrols="first")
    late = range(sealed - Record.opened(folder).size - 1)
    seal(folder, *(f"late {n}" for n in late), enrols="second")
    return folder


def stamp(folder: Path) -> None:
    """Keeps a timestamp of the newest checkpoint, and has a witness cosign it."""
    record = Record.opened(folder)
    note = note_from_bytes(record.checkpoint)
    line = cosignature(note, name="w.example", key=WITNESS, cosigned_at=START)
    WitnessedCheckpoint(folder).replace(note.signed_also([line]))
    kept = KeptTimestamp(size=record.size, note=record.checkpoint, response=b"stamp")
    keep_timestamp(folder, kept)


def key_of(folder: Path) -> VerifierKey:
    """The key of a record's log."""
    opened = Record.opened(folder)
    return log_key(opened.origin, opened.founding.log_key)


def look(where: Path | str, copy: Path, terms: Terms | None = None) -> Mirrored:
    """Mirrors once, as the command line does."""
    with mirror_opened(str(where), copy) as opened:
        found, _ = opened.look(terms or Terms())
    return found


def look_at(source: ShownRecord, copy: Path, terms: Terms | None = None) -> Mirrored:
    """Mirrors a source of the test's own once."""
    opened = Copy.opened(copy)
    try:
        return mirror(
            opened, source, terms or Terms(), witnessed_file=WitnessedCheckpoint(copy)
        )
    finally:
        opened.close()


def holds(folder: Path) -> bool:
    """Whether a copy holds, by both verifiers. Stamps of no authority are left out."""
    with tempfile.TemporaryDirectory() as room:
        shown = Path(room) / "copy"
        shutil.copytree(folder, shown, ignore=shutil.ignore_patterns("timestamps"))
        assert verify_record(folder).faults == ()
        return independent([str(shown), "--expect", "study"]) == 0


def size_shown(folder: Path) -> int:
    """How many statements a copy's checkpoint covers; 0 where it has none."""
    path = folder / "log" / "checkpoint"
    return checkpoint_from_note(path.read_bytes()).size if path.exists() else 0


def files_of(folder: Path) -> dict[str, bytes]:
    """The files of a record by path, but for those that are nobody else's business."""
    rooms = ("log", "payloads", "witnessed", "timestamps")
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for room in rooms
        for path in (folder / room).rglob("*")
        if path.is_file()
    }


@contextmanager
def served(
    folder: Path, *, refuses: Callable[[str], int] = lambda _path: 0
) -> Iterator[str]:
    """A folder as a plain web server shows it: whole files, no parts.

    `refuses` answers the status with which a path is refused, or 0.
    """

    class Plain(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            status = refuses(self.path.lstrip("/"))
            if status:
                self.send_error(status)
            else:
                super().do_GET()

        def log_message(self, *_args: object) -> None:
            """Nothing."""

    handler = functools.partial(Plain, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Counted:
    """A folder as a source that says what it was asked for, and breaks off when told.

    `on_ask` is called before each answer with the number of it, and each part of a
    payload group counts as one.
    """

    def __init__(self, folder: Path, on_ask: Callable[[int], None]) -> None:
        self._shown = RecordInFolder(folder)
        self._on_ask = on_ask
        self.asked: list[str] = []

    @property
    def name(self) -> str:
        """The folder."""
        return self._shown.name

    def file(self, path: str, *, size_max: int) -> bytes | NotGiven:
        """A whole file."""
        self._count(path)
        return self._shown.file(path, size_max=size_max)

    @contextmanager
    def part(self, path: str, *, start: int) -> Iterator[Part | NotGiven]:
        """A file from a byte on; every fiftieth read of it counts."""
        self._count(f"{path} from {start}")
        with self._shown.part(path, start=start) as part:
            if isinstance(part, NotGiven):
                yield part
                return
            yield Part(start=part.start, read=self._counted(path, part))

    def nodes(self, size: int) -> NodeReader:
        """Reads the hashes of the tree."""
        self._count("tiles")
        return self._shown.nodes(size)

    def _counted(self, path: str, part: Part) -> Callable[[int], bytes]:
        reads = iter(range(1, 10**9))

        def read(size: int) -> bytes:
            if next(reads) % 50 == 0:
                self._count(f"{path}, more of it")
            return part.read(size)

        return read

    def _count(self, what: str) -> None:
        self.asked.append(what)
        self._on_ask(len(self.asked))


def broken_at(number: int) -> Callable[[int], None]:
    """Breaks the line before the answer of this number."""

    def on_ask(asked: int) -> None:
        if asked == number:
            raise Unavailable("the line broke", is_retry_safe=True)

    return on_ask


__all__ = [
    "SEALED",
    "START",
    "WITNESS",
    "Counted",
    "begun",
    "broken_at",
    "clock",
    "files_of",
    "holds",
    "key_of",
    "look",
    "look_at",
    "seal",
    "served",
    "size_shown",
    "stamp",
]
