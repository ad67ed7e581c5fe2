"""Split views: proof that one log's key signed two histories.

Source: docs/spec/record.md, 9. A file of this form needs nothing beside it: the origin
names the key, both notes are signed by that key, and the path ties the later of them to
a tree that the earlier one is no part of. A log that only ever grew cannot have one.
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from truce.canonical import canonical_json, json_from_bytes
from truce.errors import InvalidValue, ProofCode, ProofFails
from truce.record.merkle import (
    HASH_SIZE,
    consistency_length,
    node_hash,
    verify_consistency,
)
from truce.record.note import (
    NOTE_SIZE_MAX,
    Checkpoint,
    Note,
    VerifierKey,
    note_from_bytes,
    verifier_key_from_text,
    verify_checkpoint_note,
)

FORM: Final = "truce/split-view/v1"
SUFFIX: Final = ".split-view"
# No proof of consistency is longer. Source: C2SP tlog-witness, add-checkpoint.
PATH_MAX: Final = 63
# Two notes at their largest, a path, and JSON's escapes.
SPLIT_VIEW_SIZE_MAX: Final = 4 * NOTE_SIZE_MAX
_ORIGIN_BEGINS: Final = "truce/"
_FIELDS: Final = {"first", "form", "path", "root", "second", "vkey"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitView:
    """Two notes of one log, and the path that shows that they cannot both be true.

    `root` is what the tree of `second` had at the size of `first`.
    """

    log: VerifierKey
    first: Note
    second: Note
    path: tuple[bytes, ...]
    root: bytes

    def raw(self) -> bytes:
        """The bytes of the file."""
        return canonical_json(
            {
                "first": self.first.raw().decode(),
                "form": FORM,
                "path": [base64.b64encode(step).decode() for step in self.path],
                "root": base64.b64encode(self.root).decode(),
                "second": self.second.raw().decode(),
                "vkey": self.log.text(),
            }
        )


def split_view_of(
    log: VerifierKey,
    one: Note,
    other: Note,
    *,
    path: Sequence[bytes] = (),
    root: bytes | None = None,
) -> SplitView | None:
    """The proof that two notes are of two histories, or None where they do not show it.

    For notes of one size neither `path` nor `root` is needed. Otherwise `path` leads
    from the smaller size to the root of the larger; where `root` is not given, it is
    taken from the path, if the path holds it.
    """
    first, second = sorted((one, other), key=lambda n: _checkpoint(n, log).size)
    small, large = _checkpoint(first, log), _checkpoint(second, log)
    if small.size == large.size:
        path, root = (), large.root
    elif root is None:
        root = old_root_of(path, small.size, large.size)
    if root is None:
        return None
    found = SplitView(
        log=log,
        first=_only_by(log, first),
        second=_only_by(log, second),
        path=tuple(path),
        root=root,
    )
    return found if _is_split(found, small, large) else None


def old_root_of(path: Sequence[bytes], old: int, new: int) -> bytes | None:
    """The old root that a consistency proof speaks of, whichever it leads to.

    None where the path does not hold it: its length is wrong, or `old` is a power of
    two, for which RFC 6962 leaves the old root out.
    Source: RFC 9162, 2.1.4.2.
    """
    if not path or not 0 < old < new or old & (old - 1) == 0:
        return None
    position, last = old - 1, new - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    reached = path[0]
    for sibling in path[1:]:
        if last == 0:
            return None
        if position & 1 or position == last:
            reached = node_hash(sibling, reached)
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        position, last = position >> 1, last >> 1
    return reached if last == 0 else None


def verify_split_view(raw: bytes, *, log: VerifierKey | None = None) -> SplitView:
    """The split view that a file proves.

    For a truce record the origin names the key. For another log nothing does, so `log`
    must say which key is meant.

    Raises:
        ProofFails: the file proves nothing; the message says why.
    """
    found = split_view_from_bytes(raw)
    if log is not None and found.log != log:
        raise ProofFails(
            f"split view is of the log {found.log.name} with the key "
            f"{found.log.key.id}, expected {log.name} with {log.key.id}",
            code=ProofCode.SIGNATURE,
        )
    if log is None and not origin_names_key(found.log):
        raise ProofFails(
            f"split view: the origin {found.log.name!r} does not name the key "
            f"{found.log.key.id}, so anybody could have made both notes",
            code=ProofCode.SIGNATURE,
        )
    small, large = (
        _checkpoint(found.first, found.log),
        _checkpoint(found.second, found.log),
    )
    if not _is_split(found, small, large):
        raise ProofFails(
            f"split view of {found.log.name}: sizes {small.size} and {large.size} do "
            "not show two histories",
            code=_code_of(found, small, large),
        )
    return found


def split_view_from_bytes(raw: bytes) -> SplitView:
    """What a file says, nothing of it checked but its form.

    Raises:
        ProofFails: another form.
    """
    if len(raw) > SPLIT_VIEW_SIZE_MAX:
        raise ProofFails(
            f"split view has {len(raw)} bytes, expected at most {SPLIT_VIEW_SIZE_MAX}"
        )
    try:
        fields = json_from_bytes(raw)
        if not isinstance(fields, dict) or set(fields) != _FIELDS:
            raise InvalidValue(f"expected an object of {', '.join(sorted(_FIELDS))}")
        if fields["form"] != FORM:
            raise InvalidValue(f"form is {fields['form']!r}, expected {FORM!r}")
        path = fields["path"]
        if not isinstance(path, list):
            raise InvalidValue("path is no list")
        found = SplitView(
            log=verifier_key_from_text(_text(fields["vkey"])),
            first=note_from_bytes(_text(fields["first"]).encode()),
            second=note_from_bytes(_text(fields["second"]).encode()),
            path=tuple(_hash(step) for step in path),
            root=_hash(fields["root"]),
        )
        is_one_form = found.raw() == raw
    except (InvalidValue, UnicodeEncodeError) as error:
        raise ProofFails(f"no split view: {error}") from error
    if not is_one_form:
        raise ProofFails("split view is not canonical JSON")
    return found


def origin_names_key(log: VerifierKey) -> bool:
    """Whether an origin line is a truce record's and names this key."""
    is_truce = log.name.startswith(_ORIGIN_BEGINS)
    return is_truce and log.name.endswith(f"/{log.key.long_id}")


def _is_split(found: SplitView, small: Checkpoint, large: Checkpoint) -> bool:
    return (
        0 < small.size <= large.size
        and verify_consistency(
            small.size, found.root, large.size, large.root, found.path
        )
        and found.root != small.root
    )


def _code_of(found: SplitView, small: Checkpoint, large: Checkpoint) -> ProofCode:
    """What is wrong with a file that shows no two histories."""
    if found.root == small.root:
        return ProofCode.ROOT
    if not 0 < small.size <= large.size:
        return ProofCode.LENGTH
    is_right = len(found.path) == consistency_length(small.size, large.size)
    return ProofCode.ROOT if is_right else ProofCode.LENGTH


def _checkpoint(note: Note, log: VerifierKey) -> Checkpoint:
    return verify_checkpoint_note(note, log)


def _only_by(log: VerifierKey, note: Note) -> Note:
    """The note without what others signed, which proves nothing here."""
    return Note(text=note.text, signatures=log.lines_in(note))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise InvalidValue(f"found {type(value).__name__}, expected a text")
    return value


def _hash(value: object) -> bytes:
    try:
        decoded = base64.b64decode(_text(value), validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidValue(f"{value!r} is not base64") from error
    if len(decoded) != HASH_SIZE:
        raise InvalidValue(f"a hash has {len(decoded)} bytes, expected {HASH_SIZE}")
    return decoded


__all__ = [
    "FORM",
    "PATH_MAX",
    "SPLIT_VIEW_SIZE_MAX",
    "SUFFIX",
    "SplitView",
    "old_root_of",
    "origin_names_key",
    "split_view_from_bytes",
    "split_view_of",
    "verify_split_view",
]
