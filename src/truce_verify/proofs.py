"""Proofs that stand alone: of one statement, or that a log's key signed two histories.

A proof, in this order:
1. its form; entry 0 is included and founds the record of the checkpoint's origin;
2. the log's signature, and those of witnesses;
3. each enrolment in the chain is included, and made by an operator enrolled before it;
4. the entry's inclusion, its maker's signature, and the payload committed to.
A split view:
5. two checkpoints of one origin, both signed by the key that the origin names;
6. a path that the tree of the second had another root at the size of the first.

Source: docs/spec/record.md, 9; C2SP tlog-proof; RFC 6962, 2.1.1; RFC 9162, 2.1.4.2.
"""

from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from truce_verify import Report, entries, must, notes, reading

_FORM = (
    rf"c2sp\.org/tlog-proof@v1\nextra ([A-Za-z0-9+/]+=*)\nindex ({notes.NUMBER})\n"
    rf"((?:{notes.HASH}\n){{0,63}})\n((?s:.+))"
)
Proved = tuple[bytes, notes.Checkpoint]  # the log's key, and what it signed


def climb(at: int, size: int, node: bytes, path: list[bytes]) -> tuple[bytes, bytes]:
    """The roots of the tree that ends with a node, and of the whole tree of `size`.

    ValueError where the path has not the one right length.
    """
    if not 0 <= at < size:
        raise ValueError(f"{at} is not below {size}")
    if size == 1 and not path:
        return node, node
    *rest, top = path
    split = 1 << (size - 1).bit_length() - 1  # the largest power of two below the size
    if at < split:
        old, new = climb(at, split, node, rest)
        return old, sha256(b"\1" + new + top).digest()
    old, new = climb(at - split, size - split, node, rest)
    return sha256(b"\1" + top + old).digest(), sha256(b"\1" + top + new).digest()


class _Link(NamedTuple):
    """An entry with its place in the tree, and what it commits to."""

    at: int
    path: list[bytes]
    raw: bytes
    salt: bytes
    payload: bytes

    def entry(self, to: notes.Checkpoint, payload: bytes | None) -> entries.Entry:
        """(1, 3, 4) The entry, once it is included and the payload committed to."""
        with reading("proof-length", f"path of entry {self.at}"):
            leaf = sha256(b"\0" + self.raw).digest()
            _, root = climb(self.at, to.size, leaf, self.path)
        must(root == to.root, "proof-root", f"the path of entry {self.at} leads astray")
        entry = entries.entry_from_bytes(self.raw)
        if payload is not None:
            entry.verify_payload("proof-payload", self.salt, payload)
        return entry


def verify_proof(path: Path, report: Report, trust: notes.Trust) -> Proved:
    """Checks a proof, with the file that it proves where that lies beside it."""
    # 1. The form, and the founding.
    with reading("proof-form", "proof"):
        extra, index, hashes, note = notes.groups_of(_FORM, path.read_bytes().decode())
        decode, text = notes.bytes_from_base64, {"entry": str, "salt": str}
        told = entries.values_of(decode(extra), chain=list, **text, prefix=str)
        fields = {"index": int, "path": list, **text, "payload": str}
        links = [entries.values_of(link, **fields) for link in told[0]]
        founding, *enrolments, stated = [
            _Link(at, [decode(one, 32) for one in steps], *map(decode, rest))
            for at, steps, *rest in [*links, [int(index), hashes.split(), *told[1:]]]
        ]
        order = [0, *(link.at for link in enrolments), stated.at or 1]
        if founding.at or sorted({*order}) != order:
            raise ValueError("its chain does not rise from entry 0 to before its own")
    to = notes.checkpoint_from_note(note.encode())
    is_same = report.origin in {"", to.origin}
    must(is_same, "wrong-record", f"{to.origin} is not of {report.origin}")
    report.origin, makers = to.origin, entries.Makers(to.origin)
    makers.verify(0, founding.entry(to, founding.payload), founding.payload)
    # 2. The log's signature; the witnesses of the policy are known keys too.
    _, enough = notes.verify_note(note.encode(), makers.log, trust, makers.policy)
    report.witnessed = to.size if enough else None
    # 3. The enrolments.
    for link in enrolments:
        makers.verify(link.at, link.entry(to, link.payload), link.payload)
    # 4. The statement, and the file where there is one.
    file = path.with_suffix("")
    payload = stated.payload + file.read_bytes() if file.is_file() else None
    makers.verify(stated.at, stated.entry(to, payload))
    return makers.log, to


def verify_split_view(raw: bytes, trust: notes.Trust, report: Report) -> None:
    """Returns where the file proves that the log's key signed two histories."""
    with reading("proof-form", "split view"):
        texts = dict.fromkeys(("form", "first", "second", "vkey", "root"), str)
        told = entries.values_of(raw, **texts, path=list)
        form, first, second, vkey, root, path = told
        known, *hashes = [notes.bytes_from_base64(one, 32) for one in [root, *path]]
        if form != "truce/split-view/v1":
            raise ValueError("its form is not truce/split-view/v1")
    # 5. Two checkpoints.
    report.origin = notes.checkpoint_from_note(first.encode()).origin
    name, log = notes.key_from_vkey(vkey, notes.LOG)
    (_, size, own), _ = notes.verify_note(first.encode(), log, trust)
    (origin, end, whole), _ = notes.verify_note(second.encode(), log, trust)
    must(name == report.origin == origin, "proof-signature", "they are of two origins")
    report.statements = end
    # 6. Two histories.
    at, last = (size - 1, end - 1) if size != end else (0, 0)
    while at & 1 and 0 < at < last:  # up to the largest full tree that ends the first
        at, last = at >> 1, last >> 1
    with reading("proof-length", "path"):
        node, *rest = hashes if at else [known, *hashes]
        roots = climb(at, last + 1, node, rest)
    is_split = roots == (known, whole) and known != own
    must(is_split, "proof-root", "the path shows no two histories")


__all__ = ["climb", "verify_proof", "verify_split_view"]
