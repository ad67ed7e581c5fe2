"""What stands alone: proofs, split views, and packages of evidence.

A proof of one statement, in this order:
1. its form; entry 0 is included and founds the record of the checkpoint's origin;
2. the log's signature, and those of witnesses;
3. each decision in the chain is included, and made by a quorum of founders;
4. the entry's inclusion, its maker's signature, and the payload committed to.
A split view, by which a log's key signed two histories:
5. two checkpoints of one origin, both signed by the key that the origin names;
6. a path that the tree of the second had another root at the size of the first.
A package, which is an RO-Crate folder:
7. every file that `hasPart` lists is there, with its `sha256`, and no other is;
8. every proof holds, with the file it proves where that is there; all of one origin;
9. every note is a checkpoint of that log; one size never has two roots.
Source: docs/spec/record.md, 9; C2SP tlog-proof; RFC 6962, 2.1.
"""

import json
import re
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from truce_verify import Report, entries, must, notes, reading
from truce_verify.makers import Makers

__all__ = ["METADATA", "assess_package", "climb", "verify_proof", "verify_split_view"]
METADATA = "ro-crate-metadata.json"
_FORM = (
    rf"c2sp\.org/tlog-proof@v1\nextra ([A-Za-z0-9+/]+=*)\nindex ({notes.NUMBER})\n"
    rf"((?:{notes.HASH}\n){{0,63}})\n((?s:.+))"
)
_LINK = {"entry": bytes, "index": int, "path": [bytes], "payload": bytes, "salt": bytes}
_EXTRA = {"chain": [_LINK], "entry": bytes, "prefix": bytes, "salt": bytes}
_VIEW = dict.fromkeys(("first", "form", "second", "vkey"), str)
Proved = tuple[bytes, int, bytes]  # the log's key, and size and root that it signed


def climb(at: int, size: int, node: bytes, path: list[bytes]) -> tuple[bytes, bytes]:
    """The roots of the tree that ends with a node, and of the whole tree of `size`."""
    if at == 0 and size == 1 and not path:
        return node, node
    *rest, top = path
    if not 0 <= at < size:
        raise ValueError(f"{at} is not below {size}")
    split = 1 << (size - 1).bit_length() - 1  # the largest power of two below the size
    if at < split:
        old, new = climb(at, split, node, rest)
        return old, sha256(b"\1" + new + top).digest()
    old, new = climb(at - split, size - split, node, rest)
    return sha256(b"\1" + top + old).digest(), sha256(b"\1" + top + new).digest()


def _take(link: Any, to: notes.Checkpoint, makers: Makers) -> entries.Entry:
    """(1, 3, 4) Takes an entry, once it is included and signed, and whom it enrols."""
    at, raw, payload = link["index"], link["entry"], link.get("payload")
    with reading("proof-length", f"path of entry {at}"):
        _, root = climb(at, to[1], sha256(b"\0" + raw).digest(), link["path"])
    must(root == to[2], "proof-root", f"the path of entry {at} leads elsewhere")
    entry = entries.entry_from_bytes(raw)
    if payload is not None:
        entry.verify_payload("proof-payload", link["salt"], payload)
    key = makers.take(at, entry, payload)
    is_signed = notes.is_signed(key, entry.signature, entry.message)
    must(is_signed, "bad-signature", f"the signature of {entry.by} does not hold")
    return entry


def verify_proof(path: Path, report: Report, trust: notes.Trust) -> Proved:
    """Checks a proof, with the file that it proves where that lies beside it."""
    # 1. The form, and the founding.
    with reading("proof-form", "proof"):
        extra, index, hashes, note = notes.groups_of(_FORM, path.read_bytes().decode())
        stated = entries.json_of(notes.bytes_from_base64(extra), _EXTRA)
        stated |= {"index": int(index), "path": entries.shaped(hashes.split(), [bytes])}
        founding, *links = stated["chain"]
        order = [0, *(link["index"] for link in links), stated["index"] or 1]
        is_label = re.fullmatch(rb"(\{[^\n]*\n)?", stated["prefix"])
        if founding["index"] or sorted({*order}) != order or not is_label:
            raise ValueError("its chain does not rise to it, or its prefix is no label")
    to = notes.checkpoint_from_note(note.encode())
    must(report.origin in {"", to[0]}, "wrong-record", f"it is of {to[0]}")
    report.origin, makers = to[0], Makers(to[0])
    _take(founding, to, makers)
    # 2. The log's signature; the witnesses of the policy are known keys too.
    log = makers.founding.key or b""
    _, enough = notes.verify_note(note.encode(), log, trust, makers.founding)
    report.witnessed = to[1] if enough else None
    # 3. The decisions.
    for link in links:
        _take(link, to, makers)
    # 4. The statement, and the file where there is one.
    entry, file = _take(stated, to, makers), path.with_suffix("")
    if file.is_file():
        payload = stated["prefix"] + file.read_bytes()
        entry.verify_payload("proof-payload", stated["salt"], payload)
    return log, *to[1:]


def verify_split_view(raw: bytes, trust: notes.Trust, report: Report) -> None:
    """Returns where the file proves that the log's key signed two histories."""
    with reading("proof-form", "split view"):
        told = entries.json_of(raw, _VIEW | {"path": [bytes], "root": bytes})
        first, second = told["first"].encode(), told["second"].encode()
        known, path = told["root"], told["path"]
        if told["form"] != "truce/split-view/v1":
            raise ValueError("its form is not truce/split-view/v1")
    # 5. Two checkpoints.
    report.origin, *_ = notes.checkpoint_from_note(first)
    name, log = notes.key_from_vkey(told["vkey"], notes.LOG)
    (_, size, own), _ = notes.verify_note(first, log, trust)
    (origin, end, whole), _ = notes.verify_note(second, log, trust)
    must(name == report.origin == origin, "proof-signature", "they are of two origins")
    report.statements = end
    # 6. Two histories.
    at, last = (size - 1, end - 1) if size != end else (0, 0)
    while at & 1 and 0 < at < last:  # up to the largest full tree that ends the first
        at, last = at >> 1, last >> 1
    with reading("proof-length", "path"):
        node, *rest = path if at else [known, *path]
        roots = climb(at, last + 1, node, rest)
    must(known != own and roots == (known, whole), "proof-root", "nothing is proved")


def assess_package(folder: Path, report: Report, trust: notes.Trust) -> None:
    """Checks a package and writes down what is wrong."""
    paths = [one for one in folder.rglob("*") if one.is_symlink() or not one.is_dir()]
    names = {one.relative_to(folder).as_posix() for one in paths} - {METADATA}
    names = {one for one in names if not re.match("verifier/.*__pycache__/", one)}
    # 7. The files.
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
    # 8, 9. The proofs, and then the notes by the key that they showed.
    key, roots, seen = b"", dict[int, bytes](), list[int | None]()
    proven = sorted(name for name in names if name.endswith(".tlog-proof"))
    ends = (".note", "witnessed/checkpoint")
    for name in [*proven, *sorted(name for name in names if name.endswith(ends))]:
        with report.noting(name):
            if name in proven:
                key, size, root = verify_proof(folder / name, report, trust)
                seen.append(report.witnessed)
            else:
                raw = (folder / name).read_bytes()
                (_, size, root), _ = notes.verify_note(raw, key, trust)
            is_one = roots.setdefault(size, root) == root
            must(is_one, "proof-root", f"two roots are told of size {size}")
    report.statements = len(seen)
    report.witnessed = None if None in seen else report.witnessed
    if any(name.endswith(".tsr") for name in names):
        report.remarks.append(notes.STAMPS)
    must(key, "proof-form", "no proof in this package holds")
