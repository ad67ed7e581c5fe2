"""Which statements of a log say who may state, without reading every entry anew.

Derived from the log and disposable; `truce verify` does not rest on it.
"""

import re
from binascii import Error as Base64Error
from binascii import a2b_base64
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

from truce.canonical import canonical_json, json_from_bytes
from truce.errors import InvalidValue
from truce.record._durable import replace_durably
from truce.record.identity.charter import IDENTITY_KINDS

_HEADER_TEXT: Final = re.compile(rb'\{"envelope":\{"payload":"([A-Za-z0-9+/=]+)"')
_KINDS: Final = tuple(f'"kind":"{kind}"'.encode() for kind in sorted(IDENTITY_KINDS))


class KeptIdentity(NamedTuple):
    """Of the first `covered` statements these are over identity and no others."""

    covered: int
    indexes: tuple[int, ...]


def is_identity(raw: bytes) -> bool:
    """Whether an entry's bytes are a founding or a decision over identity.

    Quick: only the header's text is looked at. No other field of a header can hold
    these bytes.
    """
    found = _HEADER_TEXT.match(raw)
    try:
        header = a2b_base64(found[1]) if found else b""
    except Base64Error:
        return False
    return any(word in header for word in _KINDS)


def kept_identity(folder: Path) -> KeptIdentity:
    """What the record's folder remembers; nothing covered where it cannot be read."""
    try:
        match json_from_bytes(_path(folder).read_bytes()):
            case {"covered": int(covered), "indexes": [*indexes]}:
                return KeptIdentity(
                    covered, tuple(i for i in indexes if type(i) is int)
                )
    except (OSError, InvalidValue):
        pass
    return KeptIdentity(0, ())


def keep_identity(folder: Path, covered: int, indexes: Iterable[int]) -> None:
    """Remembers them.

    Raises:
        UnavailableRecord: the disk refused; the old list stands.
        OutcomeUnknown: the old or the new one stands; both are true.
    """
    listed = canonical_json({"covered": covered, "indexes": list(indexes)})
    replace_durably(_path(folder), listed)


def _path(folder: Path) -> Path:
    return folder / "index" / "identity.json"


__all__ = [
    "KeptIdentity",
    "is_identity",
    "keep_identity",
    "kept_identity",
]
