"""Proofs that stand alone: of one statement, or that a log's key signed two histories.

A proof, in this order:
1. its form; entry 0 is included and founds the record of the checkpoint's origin;
2. the log's signature;
3. each enrolment in the chain is included, and made by an operator enrolled before it;
4. the entry's inclusion, its maker's signature, and the payload committed to;
5. the witnesses: a fault only where the reader brought the policy.
A split view:
6. two checkpoints of one origin, both signed by the key that the origin names;
7. a path that the tree of the second had another root at the size of the first.

Source: docs/spec/record.md, 9; C2SP tlog-proof; RFC 9162, 2.1.3.2 and 2.1.4.2.
"""

import re
from hashlib import sha256
from typing import NamedTuple

from truce_verify import Report, Wrong, entries, notes, reading

_FORM = re.compile(
    rb"c2sp\.org/tlog-proof@v1\nextra ([A-Za-z0-9+/]+=*)\nindex (%s)\n"
    rb"((?:[A-Za-z0-9+/]{43}=\n){0,63})\n(.+)" % notes.NUMBER.encode(),
    re.DOTALL,
)


class _Link(NamedTuple):
    """An entry with its place in the tree, and what it commits to."""

    at: int
    path: list[bytes]
    entry: bytes
    salt: bytes
    payload: bytes

    def verify(self, checkpoint: notes.Checkpoint) -> entries.Entry:
        """(1, 3, 4) The entry, once it is included; of this record."""
        leaf = sha256(b"\0" + self.entry).digest()
        if climb(self.at, checkpoint.size, leaf, leaf, self.path)[1] != checkpoint.root:
            raise Wrong("proof-root", f"the path of entry {self.at} leads elsewhere")
        entry = entries.entry_from_bytes(self.entry)
        if entry.record != checkpoint.origin:
            raise Wrong("wrong-record", f"entry {self.at} is of {entry.record}")
        if (entry.kind == "founding") != (self.at == 0):
            raise Wrong("kind-refused", "a founding is entry 0, and no other is")
        return entry

    def verify_payload(self, entry: entries.Entry, rest: bytes = b"") -> None:
        """(1, 3, 4) That the payload is the one committed to."""
        salted = entries.COMMITMENT + self.salt + self.payload + rest
        if len(self.salt) != 32 or sha256(salted).digest() != entry.commitment:
            raise Wrong("proof-payload", f"no payload that entry {self.at} commits to")


def climb(
    index: int, size: int, old: bytes, new: bytes, path: list[bytes]
) -> tuple[bytes, bytes]:
    """The roots of the tree that ends with a node, and of the tree of `size`.

    RFC 6962: a node is SHA-256(1, left, right). The path has the one right length.
    """
    at, last = index, size - 1
    is_right = 0 <= at <= last and {len(one) for one in path} <= {32}
    for sibling in path if is_right else ():
        is_right &= last > 0
        if at & 1 or at == last:
            old = sha256(b"\1" + sibling + old).digest()
            new = sha256(b"\1" + sibling + new).digest()
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            new = sha256(b"\1" + new + sibling).digest()
        at, last = at >> 1, last >> 1
    if last or not is_right:
        reason = f"no path of {len(path)} hashes fits index {index} and size {size}"
        raise Wrong("proof-length", reason)
    return old, new


def verify_proof(
    raw: bytes, file: bytes | None, trust: notes.Trust, report: Report
) -> tuple[notes.Vkey, notes.Checkpoint, bool]:
    """Checks a proof, with the file that it proves where there is one.

    Answers the log's key, the checkpoint, and whether witnesses asked for signed it.
    """
    # 1. The form, and the founding.
    with reading("proof-form", "proof"):
        found = _FORM.fullmatch(raw)
        if not found:
            raise ValueError("expected C2SP tlog-proof with a line of extra")
        extra, index, path, note = found.groups()
        chain, *own = entries.values_of(
            notes.bytes_from_base64(extra.decode()), "chain", "entry", "salt", "prefix"
        )
        names = ("index", "path", "entry", "salt", "payload")
        told = [entries.values_of(link, *names) for link in entries.list_of(chain)]
        told.append([int(index), path.decode().split(), *own])
        decode, list_of = notes.bytes_from_base64, entries.list_of
        links = [
            _Link(at, [*map(decode, list_of(hashes))], *map(decode, rest))
            for at, hashes, *rest in told
        ]
        order = [link.at for link in links[:-1]]
        if {type(at) for at in order} != {int} or order != sorted({0, *order}):
            raise ValueError("its chain does not begin with entry 0 and rise")
    *chain, own_link = links
    checkpoint = notes.checkpoint_from_note(note)
    if report.origin not in {notes.UNKNOWN, checkpoint.origin}:
        raise Wrong("wrong-record", f"{checkpoint.origin} is not of {report.origin}")
    report.origin = checkpoint.origin
    makers = entries.Makers(checkpoint.origin)
    founding = chain[0].verify(checkpoint)
    chain[0].verify_payload(founding)
    log, policy = makers.found(chain[0].payload)
    makers.verify(founding)
    # 2. The log's signature; the witnesses of the policy are known keys too.
    policy = trust.policy or policy
    _, cosigners = notes.verify_note(note, log, trust, policy)
    # 3. The enrolments.
    for link in chain[1:]:
        entry = link.verify(checkpoint)
        link.verify_payload(entry)
        makers.verify(entry)
        if entry.kind != "enrolment" or link.at >= own_link.at:
            raise Wrong("proof-form", "its chain holds more than earlier enrolments")
        makers.enrol(link.payload)
    # 4. The statement.
    entry = own_link.verify(checkpoint)
    makers.verify(entry)
    if file is not None:
        own_link.verify_payload(entry, file)
    # 5. The witnesses.
    is_witnessed = policy.is_satisfied(cosigners)
    if trust.policy and not is_witnessed:
        raise Wrong("proof-witnesses", f"{len(cosigners)} witnesses are too few")
    return log, checkpoint, is_witnessed and policy.quorum != b"none"


def verify_split_view(raw: bytes, trust: notes.Trust, report: Report) -> None:
    """Returns where the file proves that the log's key signed two histories."""
    with reading("proof-form", "split view"):
        first, form, path, root, second, vkey = entries.values_of(
            raw, "first", "form", "path", "root", "second", "vkey"
        )
        texts = [str(first).encode(), str(second).encode()]
        hashes = [notes.bytes_from_base64(one) for one in entries.list_of(path)]
        other_root = notes.bytes_from_base64(root)
        if form != "truce/split-view/v1":
            raise ValueError("its form is not truce/split-view/v1")
    # 6. Two checkpoints; the key signs under the origin's name, so both are of one.
    report.origin = notes.checkpoint_from_note(texts[0]).origin
    log = notes.vkey_from_text(str(vkey), notes.LOG)
    (_, size, own_root), (_, report.statements, whole) = (
        notes.verify_note(text, log, trust)[0] for text in texts
    )
    # 7. Two histories.
    if other_root == own_root or len(other_root) != 32:
        raise Wrong("proof-root", "both tell one history: nothing is proved")
    at, last = size - 1, report.statements - 1
    if at == last:  # one size: the path is empty, and the roots are compared
        at = last = 0
    while at & 1 and last > at >= 0:
        at, last = at >> 1, last >> 1
    nodes = hashes if at else [other_root, *hashes]
    if not nodes or at < 0:
        raise Wrong("proof-length", f"no path of {len(hashes)} hashes fits size {size}")
    if climb(at, last + 1, nodes[0], nodes[0], nodes[1:]) != (other_root, whole):
        raise Wrong("proof-root", "the path leads to other roots: nothing is proved")


__all__ = ["climb", "verify_proof", "verify_split_view"]
