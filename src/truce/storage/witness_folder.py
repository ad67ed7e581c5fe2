"""What a witness remembers, in a folder of its own; a record's witnessed checkpoint.

| file | holds |
|---|---|
| `name`, `key` | who the witness is; the key is readable by its owner only |
| `logs` | the logs it knows, a line each: `VKEY [URL]` |
| `latest/HASH` | what it last cosigned of the log whose origin has this SHA-256 |
| `evidence/HASH-DIGEST.split-view` | proofs against a log's key |
| `lock` | held by the one process that cosigns |

`latest/HASH` is replaced in one step and is on the disk before a cosignature is given;
see `WitnessFolder.remember` for what a crash leaves.
"""

import fcntl
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Self

from truce.canonical import sha256_hex
from truce.errors import (
    InvalidInput,
    InvalidRecord,
    InvalidValue,
    OutcomeUnknown,
    ProofFails,
    Unavailable,
    UnavailableRecord,
)
from truce.record._durable import replace_durably, sync_folder
from truce.record.cosignature import verify_cosignature, witness_key
from truce.record.keys import SecretKey
from truce.record.note import (
    Note,
    SignatureKind,
    VerifierKey,
    checkpoint_from_text,
    note_from_bytes,
    verifier_key_from_text,
    verify_key_name,
)
from truce.record.witnessing.split_view import SUFFIX, SplitView, split_view_from_bytes
from truce.record.witnessing.witness import origin_hash
from truce.workflows.witnessing.ports import KnownLog

# One proves all there is to prove; a few show how it went on. The log's own operator
# can make any number, and must not fill the disk.
_EVIDENCE_MAX: Final = 16


class WitnessFolder:
    """A witness's folder, open for cosigning by this process and no other."""

    def __init__(self, folder: Path, name: str, key: SecretKey, lock: int) -> None:
        self.folder = folder
        self.name = name
        self.key = key
        self._lock = lock
        self._is_settled = True

    @property
    def verifier_key(self) -> VerifierKey:
        """The key by which others check its cosignatures."""
        return witness_key(self.name, self.key.public)

    @classmethod
    def made(cls, folder: Path, name: str) -> VerifierKey:
        """Makes a witness with a new key in a new or empty folder; answers its key.

        Raises:
            InvalidInput: something is in the folder already, or the name cannot stand
                in a signature line.
            UnavailableRecord: the folder cannot be written.
        """
        verify_key_name(name)
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise InvalidInput(
                f"{folder} is not empty; a witness begins in a folder of its own"
            )
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            sync_folder(folder.parent)
            for inside in ("latest", "evidence"):
                (folder / inside).mkdir()
            key = SecretKey.made()
            key.keep(folder / "key")
        except OSError as error:
            raise _unavailable(folder, error) from error
        replace_durably(folder / "logs", b"")
        # Last: a folder without a name is no witness yet, and may be made anew.
        replace_durably(folder / "name", f"{name}\n".encode())
        return witness_key(name, key.public)

    @classmethod
    def opened(cls, folder: Path) -> Self:
        """The witness in a folder.

        Raises:
            InvalidRecord: the folder holds no witness.
            UnavailableRecord: another process cosigns there, or a file is unreadable.
        """
        try:
            name = (folder / "name").read_text(encoding="utf-8").removesuffix("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise InvalidRecord(
                f"{folder} holds no witness ({error}); make one with: "
                "truce witness init FOLDER --name NAME"
            ) from error
        key = SecretKey.loaded(folder / "key")
        lock = _locked(folder)
        opened = cls(folder, verify_key_name(name), key, lock)
        try:
            opened._finish_begun()
        except BaseException:
            opened.close()
            raise
        return opened

    def close(self) -> None:
        """Lets another process in; this one may cosign nothing more."""
        os.close(self._lock)
        self._lock = -1

    def logs(self) -> Mapping[str, KnownLog]:
        """The known logs by origin, read anew: one may be added while it serves.

        Raises:
            UnavailableRecord: the file cannot be read.
        """
        return logs_in(self.folder)

    def latest(self, origin: str) -> Note | None:
        """What was last cosigned of a log; None for nothing yet.

        Raises:
            UnavailableRecord: it cannot be read, or is not what this witness wrote.
        """
        return self._note_at(self._latest_path(origin), origin)

    def remember(self, origin: str, note: Note) -> None:
        """Replaces what was last cosigned, durably.

        A crash leaves the old note, or the old one and the whole new one beside it,
        which `opened` puts in place, or the new one.

        Raises:
            UnavailableRecord: the old note stands.
            OutcomeUnknown: either may stand; what is read is what is built on, and it
                is written to the disk again before anything is given.
        """
        if not self._is_settled:
            # A replacement whose last step failed may be in memory only. The file that
            # would bring it back must not be written over before it is on the disk.
            try:
                sync_folder(self.folder / "latest")
            except OSError as error:
                raise _unavailable(self.folder / "latest", error) from error
        self._is_settled = False
        try:
            replace_durably(self._latest_path(origin), note.raw())
        except OutcomeUnknown:
            raise
        except Unavailable:
            self._is_settled = True
            raise
        self._is_settled = True

    def keep_split_view(self, found: SplitView) -> None:
        """Keeps a proof among the evidence, once, and not more than a few of one log.

        Raises:
            UnavailableRecord: it could not be written.
        """
        raw, hashed = found.raw(), origin_hash(found.log.name)
        path = self.folder / "evidence" / f"{hashed}-{sha256_hex(raw)[:16]}{SUFFIX}"
        if path.exists() or len(self._evidence(found.log.name)) >= _EVIDENCE_MAX:
            return
        replace_durably(path, raw)

    def split_views(self, origin: str) -> Sequence[SplitView]:
        """The evidence against a log's key.

        Raises:
            UnavailableRecord: a file cannot be read.
        """
        return tuple(_split_view_in(path) for path in self._evidence(origin))

    def _evidence(self, origin: str) -> list[Path]:
        pattern = f"{origin_hash(origin)}-*{SUFFIX}"
        return sorted((self.folder / "evidence").glob(pattern))

    def _latest_path(self, origin: str) -> Path:
        return self.folder / "latest" / origin_hash(origin)

    def _note_at(self, path: Path, origin: str) -> Note | None:
        try:
            raw = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _unavailable(path, error) from error
        try:
            note = note_from_bytes(raw)
            is_ours = checkpoint_from_text(note.text).origin == origin
            cosigned_at = verify_cosignature(note, self.verifier_key, now=None)
        except ProofFails as error:
            raise _not_ours(path, str(error)) from error
        if not is_ours or cosigned_at is None:
            raise _not_ours(path, "it is not a note of this log that it cosigned")
        return note

    def _finish_begun(self) -> None:
        """Puts in place what a crash left beside: it may have been seen already."""
        for fresh in sorted((self.folder / "latest").glob("*.new")):
            path = fresh.with_name(fresh.name.removesuffix(".new"))
            try:
                text = note_from_bytes(fresh.read_bytes()).text
                origin = checkpoint_from_text(text).origin
                begun = self._note_at(fresh, origin)
            except (ProofFails, UnavailableRecord):
                # Torn: it was never whole on the disk, so nobody can have seen it.
                fresh.unlink()
                continue
            before = self._note_at(path, origin)
            if begun is not None and _size(begun) >= _size(before):
                replace_durably(path, begun.raw())
            else:
                fresh.unlink()


class WitnessedCheckpoint:
    """The file in a record's folder that holds the newest witnessed checkpoint."""

    def __init__(self, record: Path) -> None:
        self._path = record / "witnessed" / "checkpoint"
        self._one_at_a_time = threading.Lock()

    def read(self) -> Note | None:
        """The note that is there; None for none yet.

        Raises:
            UnavailableRecord: it cannot be read.
        """
        try:
            return note_from_bytes(self._path.read_bytes())
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _unavailable(self._path, error) from error

    def replace(self, note: Note) -> bool:
        """Puts a note there, unless one of a larger size is there; whether it did.

        Raises:
            ProofFails: one of the same size and another root is there.
            UnavailableRecord: it could not be written; the old note stands.
            OutcomeUnknown: either may stand.
        """
        try:
            self._path.parent.mkdir(exist_ok=True)
            sync_folder(self._path.parent.parent)
        except OSError as error:
            raise _unavailable(self._path.parent, error) from error
        with self._one_at_a_time, _folder_locked(self._path.parent):
            before = self.read()
            if before is not None:
                old = checkpoint_from_text(before.text)
                new = checkpoint_from_text(note.text)
                if old.size > new.size:
                    return False
                if old.size == new.size and old.root != new.root:
                    raise ProofFails(
                        f"{self._path}: holds another root at size {old.size} than the "
                        "record; keep both, and compare histories"
                    )
                if before.text == note.text:
                    note = before.signed_also(note.signatures)
            replace_durably(self._path, note.raw())
        return True


def logs_in(folder: Path) -> Mapping[str, KnownLog]:
    """The logs that the witness in a folder knows, by origin.

    Raises:
        UnavailableRecord: the file cannot be read.
    """
    path = folder / "logs"
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        known = [_known_log(line) for line in lines if line]
    except (OSError, UnicodeDecodeError, InvalidValue) as error:
        raise UnavailableRecord(
            f"{path}: {error}; expected lines VKEY [URL]", is_retry_safe=True
        ) from error
    return {log.origin: log for log in known}


def add_log(folder: Path, log: KnownLog) -> None:
    """Makes a log known to the witness in a folder, which may be serving.

    One that is known already gets the new address; its key never changes, for whoever
    could change it could have another history cosigned.

    Raises:
        InvalidInput: no witness is there, or it knows the origin under another key.
        UnavailableRecord: the file could not be written.
    """
    if not (folder / "name").is_file():
        raise InvalidRecord(
            f"{folder} holds no witness; make one with: "
            "truce witness init FOLDER --name NAME"
        )
    if log.key.kind is not SignatureKind.ED25519:
        raise InvalidInput(
            f"key {log.key.name}: type {log.key.kind:d}, a log has type 1"
        )
    with _folder_locked(folder):
        known = dict(logs_in(folder))
        before = known.get(log.origin)
        if before is not None and before.key != log.key:
            raise InvalidInput(
                f"{log.origin} is known under the key {before.key.key.id} already; a "
                "log with another key needs an origin of its own"
            )
        known[log.origin] = log
        lines = [f"{row.key.text()} {row.url}".rstrip(" ") for row in known.values()]
        replace_durably(folder / "logs", "".join(f"{x}\n" for x in lines).encode())


def _known_log(line: str) -> KnownLog:
    key, _, url = line.partition(" ")
    return KnownLog(key=verifier_key_from_text(key), url=url)


def _split_view_in(path: Path) -> SplitView:
    try:
        return split_view_from_bytes(path.read_bytes())
    except OSError as error:
        raise _unavailable(path, error) from error
    except ProofFails as error:
        raise UnavailableRecord(
            f"{path}: {error}; somebody changed it; move it away or restore it",
            is_retry_safe=False,
        ) from error


def _size(note: Note | None) -> int:
    return checkpoint_from_text(note.text).size if note else 0


def _locked(folder: Path) -> int:
    try:
        descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise _unavailable(folder / "lock", error) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise UnavailableRecord(
            f"{folder}: another process cosigns as this witness; stop it first",
            is_retry_safe=True,
        ) from error
    return descriptor


@contextmanager
def _folder_locked(folder: Path) -> Iterator[None]:
    """Holds the folder against other processes that change the same file in it."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _unavailable(path: Path, error: OSError) -> UnavailableRecord:
    return UnavailableRecord(
        f"{path}: {error.strerror or error}; check the folder's owner and the disk, "
        "then try again",
        is_retry_safe=True,
    )


def _not_ours(path: Path, reason: str) -> UnavailableRecord:
    # Taking it for "nothing yet" would let the witness cosign a second history.
    return UnavailableRecord(
        f"{path}: {reason}; restore it, or give this witness up and make another with "
        "a new key: it does not know any more what it cosigned",
        is_retry_safe=False,
    )


__all__ = ["WitnessFolder", "WitnessedCheckpoint", "add_log", "logs_in"]
