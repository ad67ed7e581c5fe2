"""Proofs that travel: one statement stands in one record, to be checked offline.

The outside form is C2SP tlog-proof; what it leaves to the application, the `extra`, is
docs/spec/record.md, 9: the entry, what it takes to tie a file to it, and the chain from
the founding to the maker's key. Nothing in `extra` is trusted: `verify_proof` checks it
all, in the order of that section.

Source: C2SP tlog-proof v1 (c2sp.org/tlog-proof).
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from truce.canonical import Json, canonical_json, json_from_bytes
from truce.errors import (
    InvalidValue,
    ProofCode,
    ProofFails,
)
from truce.record.merkle import (
    HASH_SIZE,
)
from truce.record.note import (
    SIZE_PATTERN,
)
from truce.record.payloads import SaltedPayload

SUFFIX: Final = ".tlog-proof"
_FIRST_LINE: Final = "c2sp.org/tlog-proof@v1"
_EXTRA: Final = "extra "
_INDEX: Final = "index "
# No inclusion path is longer: indexes have 64 bits. Source: C2SP tlog-tiles.
_PATH_MAX: Final = 64
# Decisions hold no deliveries, so a proof stays small; a file that is much
# larger was made to keep a reader busy.
PROOF_SIZE_MAX: Final = 16 * 1024 * 1024
# Entry 0, what was decided over the maker, the founders and the charter: a decision a
# month for twenty years.
_CHAIN_MAX: Final = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class TlogProof:
    """An entry's place in a log, as C2SP tlog-proof writes it; `extra` is opaque."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes = b""

    def raw(self) -> bytes:
        """The bytes of the file."""
        lines = [_FIRST_LINE]
        if self.extra:
            lines.append(_EXTRA + _base64(self.extra))
        lines.append(f"{_INDEX}{self.index}")
        lines += [_base64(step) for step in self.path]
        return "\n".join(lines).encode() + b"\n\n" + self.checkpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainLink:
    """A statement over identity, with its own place in the same checkpoint."""

    index: int
    entry: bytes
    path: tuple[bytes, ...]
    salted: SaltedPayload


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofExtra:
    """What a truce proof holds beside the log's own words.

    `prefix` and the bytes of the file that is proved, joined, are the payload.
    """

    chain: tuple[ChainLink, ...]
    entry: bytes
    prefix: bytes
    salt: bytes

    def raw(self) -> bytes:
        """Canonical JSON."""
        return canonical_json(
            {
                "chain": [
                    {
                        "entry": _base64(link.entry),
                        "index": link.index,
                        "path": [_base64(step) for step in link.path],
                        "payload": _base64(link.salted.payload),
                        "salt": _base64(link.salted.salt),
                    }
                    for link in self.chain
                ],
                "entry": _base64(self.entry),
                "prefix": _base64(self.prefix),
                "salt": _base64(self.salt),
            }
        )


def tlog_proof_from_bytes(raw: bytes) -> TlogProof:
    """The proof that a file writes, nothing of it checked.

    Raises:
        ProofFails: another form.
    """
    if len(raw) > PROOF_SIZE_MAX:
        raise ProofFails(
            f"proof has {len(raw)} bytes, expected at most {PROOF_SIZE_MAX}"
        )
    head, gap, checkpoint = raw.partition(b"\n\n")
    try:
        first, *lines = head.decode("ascii").split("\n")
        if not gap or first != _FIRST_LINE:
            raise InvalidValue(f"begins with {first[:40]!r}, expected {_FIRST_LINE}")
        extra = b""
        if lines and lines[0].startswith(_EXTRA):
            extra = _bytes(lines.pop(0).removeprefix(_EXTRA))
        index = lines.pop(0).removeprefix(_INDEX) if lines else ""
        if not SIZE_PATTERN.fullmatch(index) or len(lines) > _PATH_MAX:
            raise InvalidValue(
                f"index {index[:20]!r} and {len(lines)} path lines, expected a decimal "
                f"and at most {_PATH_MAX}"
            )
        found = TlogProof(
            index=int(index),
            path=_path(lines),
            checkpoint=checkpoint,
            extra=extra,
        )
    except (InvalidValue, UnicodeDecodeError) as error:
        raise ProofFails(f"proof: {error}") from error
    if found.raw() != raw:
        raise ProofFails(f"proof: expected a line {_INDEX}N before the path")
    return found


def extra_from_bytes(raw: bytes) -> ProofExtra:
    """What the `extra` of a proof holds, nothing of it checked.

    Raises:
        ProofFails: another form.
    """
    try:
        fields = _fields(json_from_bytes(raw), {"chain", "entry", "prefix", "salt"})
        chain = _list(fields["chain"])
        if len(chain) > _CHAIN_MAX:
            raise InvalidValue(f"{len(chain)} links, expected at most {_CHAIN_MAX}")
        found = ProofExtra(
            chain=tuple(_link(link) for link in chain),
            entry=_bytes(fields["entry"]),
            prefix=_prefix(fields["prefix"]),
            salt=_bytes(fields["salt"]),
        )
        is_one_form = found.raw() == raw
    except InvalidValue as error:
        raise ProofFails(f"proof's extra: {error}") from error
    if not is_one_form:
        raise ProofFails("proof's extra is not canonical JSON")
    return found


def _link(value: Json) -> ChainLink:
    fields = _fields(value, {"entry", "index", "path", "payload", "salt"})
    index = fields["index"]
    if isinstance(index, bool) or not isinstance(index, int) or index < 0:
        raise InvalidValue(f"index is {index!r}, expected a count from 0")
    return ChainLink(
        index=index,
        entry=_bytes(fields["entry"]),
        path=_path(_list(fields["path"])),
        salted=SaltedPayload(_bytes(fields["salt"]), _bytes(fields["payload"])),
    )


def _fields(value: Json, names: set[str]) -> Mapping[str, Json]:
    if not isinstance(value, dict) or set(value) != names:
        raise InvalidValue(f"expected an object of {', '.join(sorted(names))}")
    return value


def _list(value: Json) -> Sequence[Json]:
    if not isinstance(value, list):
        raise InvalidValue(f"found {type(value).__name__}, expected a list")
    return value


def _path(values: Sequence[Json]) -> tuple[bytes, ...]:
    path = tuple(_bytes(value) for value in values)
    if len(path) > _PATH_MAX or any(len(step) != HASH_SIZE for step in path):
        raise InvalidValue(f"a path of {len(path)} steps, expected hashes of 32 bytes")
    return path


def _prefix(value: Json) -> bytes:
    """What stands before a file in its payload: a label, or nothing.

    Were it any bytes, a proof could hold the beginning of a file, and prove its tail
    as if that were the whole.
    """
    prefix = _bytes(value)
    if prefix and (prefix[:1] != b"{" or prefix.find(b"\n") != len(prefix) - 1):
        raise ProofFails(
            f"prefix {prefix[:40]!r}: expected a label, which is one line of JSON",
            code=ProofCode.FORM,
        )
    return prefix


def _bytes(value: Json) -> bytes:
    if not isinstance(value, str):
        raise InvalidValue(f"found {type(value).__name__}, expected base64")
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidValue(f"{value[:40]!r} is not base64") from error


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


__all__ = [
    "PROOF_SIZE_MAX",
    "SUFFIX",
    "ChainLink",
    "ProofExtra",
    "TlogProof",
    "extra_from_bytes",
    "tlog_proof_from_bytes",
]
