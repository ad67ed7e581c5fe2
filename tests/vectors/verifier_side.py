"""What the independent verifier says of a vector: the one file that knows its names."""

import io
import json
from contextlib import redirect_stdout
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from tests.vectors.reading import (
    Answer,
    Told,
    bytes_of,
    hashes_of,
    table,
    vectors,
    write_files,
)
from tests.verify import making

from truce_verify import Report, Wrong
from truce_verify import proofs as proof_checks
from truce_verify.__main__ import main
from truce_verify.entries import entry_from_bytes, json_of
from truce_verify.makers import FORMS, Makers
from truce_verify.notes import (
    LOG,
    Trust,
    is_signed,
    key_from_vkey,
    policy_from_text,
    verify_note,
)

# Where a proof holds a statement that is at fault, the verifier names that fault by the
# finer code of docs/spec/record.md, 10, not by the proof's own.
FINER: Final = {
    "proof-form": {
        "envelope-form",
        "founding-form",
        "header-form",
        "kind-refused",
        "wrong-record",
    },
    "proof-signature": {
        "bad-signature",
        "kind-refused",
        "quorum-short",
        "unknown-key",
        "unknown-maker",
    },
}
_WITNESS: Final = "w"


def refused(wrong: Wrong) -> Answer:
    """The answer that an exception gives."""
    return Answer(is_valid=False, codes=(wrong.code,))


def entries(vector: Told, _: Path) -> Answer:
    """An entry, against the makers of its world."""
    world = table("entries")["world"]
    makers = Makers(world["origin"])
    makers._found(json_of(world["founding"].encode(), FORMS["founding"]))
    try:
        entry = entry_from_bytes(bytes_of(vector["entry"]))
        key = makers.take(0 if entry.kind == "founding" else 1, entry)
        if not is_signed(key, entry.signature, entry.message):
            return Answer(is_valid=False, codes=("bad-signature",))
    except Wrong as wrong:
        return refused(wrong)
    return Answer(is_valid=True, told={"maker": entry.by})


def checkpoints(vector: Told, _: Path) -> Answer:
    """A checkpoint under a key."""
    try:
        name, key = key_from_vkey(vector["vkey"], LOG)
        found, _is_enough = verify_note(bytes_of(vector["note"]), key, Trust())
    except Wrong as wrong:
        return refused(wrong)
    origin, size, root = found
    if origin != name:  # as `--key` does
        return Answer(is_valid=False, codes=("unknown-key",))
    told = {"origin": origin, "size": size, "root": making.b64(root)}
    return Answer(is_valid=True, told=told)


def _is_cosigned(vector: Told, policy: str) -> bool:
    """Whether a note satisfies a policy."""
    read = policy_from_text(policy)
    if "note" not in vector:
        return False
    if read.rule is None:  # nobody is asked, and anything is enough
        return True
    _name, key = key_from_vkey(vector["vkey"], LOG)
    _found, is_enough = verify_note(bytes_of(vector["note"]), key, Trust(), read)
    return is_enough


def cosignatures(vector: Told, _: Path) -> Answer:
    """A note of a log, and whether a witness cosigned it."""
    policy = f"witness {_WITNESS} {vector['witness']}\nquorum {_WITNESS}\n"
    try:
        is_cosigned = _is_cosigned(vector, policy)
    except Wrong as wrong:
        return refused(wrong)
    return Answer(is_valid=True, told={"cosigned": is_cosigned})


def policies(vector: Told, _: Path) -> Answer:
    """A policy, and whether a note satisfies it."""
    try:
        is_satisfied = _is_cosigned(vector, vector["policy"])
    except Wrong as wrong:
        return refused(wrong)
    return Answer(is_valid=True, told={"satisfied": is_satisfied})


def is_included(
    leaf: bytes, index: int, size: int, root: bytes, path: tuple[bytes, ...]
) -> Answer:
    """Whether a leaf stands in a tree."""
    try:
        _old, found = proof_checks.climb(index, size, leaf, [*path])
    except (ValueError, RecursionError):
        return Answer(is_valid=False, codes=("proof-length",))
    codes = () if found == root else ("proof-root",)
    return Answer(is_valid=found == root, codes=codes)


def inclusion(vector: Told, _: Path) -> Answer:
    """An inclusion proof."""
    (root,) = hashes_of([vector["root"]])
    leaf = sha256(b"\0" + bytes_of(vector["entry"])).digest()
    path = hashes_of(vector["path"])
    return is_included(leaf, vector["index"], vector["size"], root, path)


@cache
def _note(size: int, root: bytes) -> str:
    """A checkpoint of any size and root, signed by a log of the tests' own."""
    secret = making.key("log")
    origin = making.Maker(kind="exercise").origin
    text = f"{origin}\n{size}\n{making.b64(root)}\n".encode()
    name = making.key_hash(origin, 1, making.raw_key(secret))
    line = f"\n\u2014 {origin} {making.b64(name + secret.sign(text))}\n"
    return text.decode() + line


def is_consistent(
    old: int, old_root: bytes, new: int, new_root: bytes, path: tuple[bytes, ...]
) -> Answer:
    """Whether a tree grew from another.

    The verifier asks this of split views alone: the log signed another root at the
    older size, and the path must show that the newer tree had the older root.
    """
    other = sha256(b"another tree than " + old_root).digest()
    origin = making.Maker(kind="exercise").origin
    view = {
        "first": _note(old, other),
        "form": "truce/split-view/v1",
        "path": [making.b64(step) for step in path],
        "root": making.b64(old_root),
        "second": _note(new, new_root),
        "vkey": making.vkey(origin, making.key("log")),
    }
    report = Report(target="consistency", expected="exercise")
    try:
        proof_checks.verify_split_view(making.canonical(view), Trust(), report)
    except Wrong as wrong:
        return refused(wrong)
    return Answer(is_valid=True)


def consistency(vector: Told, _: Path) -> Answer:
    """A consistency proof."""
    old_root, new_root = hashes_of([vector["old_root"], vector["new_root"]])
    path = hashes_of(vector["path"])
    return is_consistent(vector["old"], old_root, vector["new"], new_root, path)


def _checked(vector: Told, target: Path) -> tuple[Told, Answer]:
    """What the command says of a target."""
    words = [str(target), "--json", "--expect", vector.get("kind", "exercise")]
    if "policy" in vector:
        policy = target.parent / "policy"
        policy.write_text(vector["policy"], encoding="utf-8")
        words += ["--policy", str(policy)]
    told = io.StringIO()
    with redirect_stdout(told):
        exit_code = main(words)
    found: dict[str, Any] = json.loads(told.getvalue())
    assert (exit_code == 0) is found["holds"]
    faults = found["faults"]
    assert bool(faults) is not found["holds"]
    answer = Answer(
        is_valid=found["holds"],
        codes=tuple(fault["code"] for fault in faults),
        statements=tuple(fault["statement"] for fault in faults),
        told={"origin": found["origin"], "size": found["statements"]},
    )
    return found, answer


def proofs(vector: Told, folder: Path) -> Answer:
    """A proof of a statement, for a reader who may ask for a kind and for witnesses."""
    target = folder / "report.tlog-proof"
    target.write_bytes(bytes_of(vector["proof"]))
    if "file" in vector:
        target.with_suffix("").write_bytes(bytes_of(vector["file"]))
    found, answer = _checked(vector, target)
    if answer.is_valid:
        answer.told["witnessed"] = found["witnessed"] is not None
    return answer


def split_views(vector: Told, folder: Path) -> Answer:
    """A split view."""
    target = folder / "log.split-view"
    target.write_bytes(bytes_of(vector["file"]))
    found, answer = _checked(vector, target)
    answer.told["second"] = found["statements"]
    return answer


def logs(vector: Told, folder: Path) -> Answer:
    """A whole record."""
    target = write_files(folder / "record", vector["files"])
    found, answer = _checked(vector, target)
    answer.told["not_here"] = found["not_here"]
    return answer


def identity(vector: Told, folder: Path) -> Answer:
    """A record in which people decided over keys and roles."""
    return logs(vector, folder)


def groups(vector: Told, folder: Path) -> Answer:
    """A group of payloads in the record beside which it belongs."""
    (record,) = (one for one in vectors("logs") if one["name"] == "record-of-six")
    files = {**record["files"], "payloads/000": vector["group"]}
    return logs({"files": files}, folder)
