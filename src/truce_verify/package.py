"""An evidence package: an RO-Crate folder with proofs and timestamps.

1. Every file that `hasPart` lists is there, with the `sha256` stated, and no other is.
2. Every proof holds, with the file it proves where that is there; all of one origin.
3. Every timestamp is of a checkpoint of that log; one size never has two roots.
Gap: that one tree grew out of another is shown by the log itself, not by a package.
"""

import json
import re
from collections.abc import Iterable
from hashlib import file_digest
from pathlib import Path
from urllib.parse import unquote

from truce_verify import Report, Wrong, log, notes, proofs, reading, timestamps

_METADATA = "ro-crate-metadata.json"
_FILE_MAX = 1 << 28  # bytes: twice the largest payload in base64, and room


def _object(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    """An object of JSON in which no key stands twice."""
    pairs = list(pairs)
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


def assess_package(folder: Path, report: Report, trust: notes.Trust) -> None:
    """Checks a package and writes down what is wrong."""
    paths = [one for one in folder.rglob("*") if one.is_symlink() or not one.is_dir()]
    found = {one.relative_to(folder).as_posix(): one for one in sorted(paths)}
    # 1. The files.
    listed: dict[str, object] = {}
    with report.noting(_METADATA), reading("package-form", "list of files"):
        graph = json.loads(found.pop(_METADATA).read_bytes(), object_pairs_hook=_object)
        entities = {one["@id"]: one for one in graph["@graph"]}
        parts = [part["@id"] for part in entities["./"]["hasPart"]]
        parts = [one for one in parts if not one.endswith("/")]
        listed = {unquote(one): entities[one]["sha256"] for one in parts}
    for name in sorted({*listed, *found}):
        with report.noting(name):
            if name not in listed:
                raise Wrong("stranger", "the metadata do not list this file")
            path = found.get(name, folder)
            if path.is_symlink() or not path.is_file():
                raise Wrong("file-missing", "the metadata list it, and it is not here")
            with path.open("rb") as stream:
                if file_digest(stream, "sha256").hexdigest() != listed[name]:
                    raise Wrong("file-changed", "its SHA-256 is not the one listed")
    # 2. The proofs.
    source, keys = log.Source(str(folder)), dict[str, notes.Vkey]()
    told: dict[int, bytes] = {}
    for name in [one for one in found if one.endswith(".tlog-proof")]:
        with report.noting(name):
            log_key, checkpoint = assess_proof(source, name, report, trust)
            report.statements += 1
            keys[checkpoint.origin] = log_key
            _verify_one_tree(checkpoint, told)
    if not keys:
        with report.noting(str(folder)):
            raise Wrong("proof-form", "no proof in this package holds")
    # 3. The timestamps.
    for name in [one for one in found if re.fullmatch(r"timestamps/.*\.tsr", one)]:
        with report.noting(name):
            tsr = source.read(name, log.SMALL_MAX) or b""
            note = source.read(f"{name[:-4]}.note", log.SMALL_MAX) or b""
            origin = notes.checkpoint_from_note(note).origin
            if origin not in keys:
                raise Wrong("wrong-record", "its note is of a log that no proof is of")
            checkpoint, _ = notes.verify_note(note, keys[origin], trust)
            _verify_one_tree(checkpoint, told)
            timestamps.assess_timestamp(checkpoint.size, tsr, note, trust, report)


def _verify_one_tree(checkpoint: notes.Checkpoint, told: dict[int, bytes]) -> None:
    """(3) That the log does not tell two roots of one size."""
    if told.setdefault(checkpoint.size, checkpoint.root) != checkpoint.root:
        raise Wrong("proof-root", f"two roots are told of size {checkpoint.size}")


def assess_proof(
    source: log.Source, name: str, report: Report, trust: notes.Trust
) -> tuple[notes.Vkey, notes.Checkpoint]:
    """(2) Checks a proof with the file it proves, where that lies beside it."""
    raw = source.read(name, _FILE_MAX) or b""
    file = source.read(name.removesuffix(".tlog-proof"), _FILE_MAX)
    key, checkpoint, is_witnessed = proofs.verify_proof(raw, file, trust, report)
    if is_witnessed:
        report.witnessed = max(report.witnessed or 0, checkpoint.size)
    return key, checkpoint


__all__ = ["assess_package", "assess_proof"]
