"""An evidence package: an RO-Crate folder with proofs and notes.

1. Every file that `hasPart` lists is there, with the `sha256` stated, and no other is.
2. Every proof holds, with the file it proves where that is there; all of one origin.
3. Every note is a checkpoint of that log; one size never has two roots.
Gap: that one tree grew out of another is shown by the log itself, not by a package.
"""

import json
import re
from hashlib import file_digest
from pathlib import Path

from truce_verify import Report, log, must, notes, proofs, reading

__all__ = ["METADATA", "assess_package"]
METADATA = "ro-crate-metadata.json"


def assess_package(folder: Path, report: Report, trust: notes.Trust) -> None:
    """Checks a package and writes down what is wrong."""
    paths = [one for one in folder.rglob("*") if one.is_symlink() or not one.is_dir()]
    names = {one.relative_to(folder).as_posix() for one in paths} - {METADATA}
    names = {one for one in names if not re.match("verifier/.*__pycache__/", one)}
    # 1. The files.
    listed: dict[str, str] = {}
    with report.noting(METADATA), reading("package-form", "list of files"):
        graph = json.loads((folder / METADATA).read_bytes())["@graph"]
        entities = {one["@id"]: one for one in graph}
        parts = [part["@id"] for part in entities["./"]["hasPart"]]
        listed = {str(name): entities[name]["sha256"] for name in parts}
    for name in sorted(listed.keys() | names):
        with report.noting(name):
            must(name in listed, "stranger", "the metadata do not list this file")
            is_here = name in names and (folder / name).is_file()
            must(is_here, "file-missing", "the metadata list it, and it is not here")
            with (folder / name).open("rb") as stream:
                is_same = file_digest(stream, "sha256").hexdigest() == listed[name]
            must(is_same, "file-changed", "its SHA-256 is not the one listed")
    # 2, 3. The proofs, and then the notes by the key that they showed.
    key, roots, seen = b"", dict[int, bytes](), list[int | None]()
    proven = sorted(name for name in names if name.endswith(".tlog-proof"))
    ends = (".note", "witnessed/checkpoint")
    for name in [*proven, *sorted(name for name in names if name.endswith(ends))]:
        with report.noting(name):
            if name in proven:
                key, size, root = proofs.verify_proof(folder / name, report, trust)
                seen.append(report.witnessed)
            else:
                raw = (folder / name).read_bytes()
                (_, size, root), _ = notes.verify_note(raw, key, trust)
            is_one = roots.setdefault(size, root) == root
            must(is_one, "proof-root", f"two roots are told of size {size}")
    report.statements = len(seen)
    report.witnessed = None if None in seen else report.witnessed
    if any(name.endswith(".tsr") for name in names):
        report.remarks.append(log.OPENSSL)
    must(key, "proof-form", "no proof in this package holds")
