"""The text of a delivery: unpacked within limits, and UTF-8 or refused."""

import gzip
import io
import zlib
from dataclasses import dataclass
from typing import Final

from truce.errors import InvalidDelivery

# Six times the largest feed we know (10 MiB unpacked), and small enough that a hostile
# text of four-byte letters, held twice, and its rows stay under the 1.5 GB of a replay.
EXPANDED_BYTES_MAX: Final = 64 * 1024 * 1024
# A gzip bomb is noticed after at most this much more than the limit.
_CHUNK_BYTES: Final = 1024 * 1024
# A bad byte in a big file is one bad row; a tenth of the lines is a wrong encoding.
UNDECODABLE_SHARE_MAX: Final = 0.1

_GZIP_MAGIC: Final = b"\x1f\x8b"
# Source: the first bytes that each format's own specification prescribes.
_MAGICS: Final = (
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"\xfd7zXZ\x00", "an XZ archive"),
    (b"BZh", "a BZIP2 archive"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"PAR1", "a Parquet file"),
    (b"\xff\xfe", "text in UTF-16"),
    (b"\xfe\xff", "text in UTF-16"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryText:
    """The text of one delivery, without a byte order mark.

    Where `is_clean` is False some bytes were not UTF-8: each stands as a lone surrogate
    (U+DC80 to U+DCFF), and the row that holds one must be refused (`is_undecodable`).
    """

    text: str
    is_clean: bool


def text_from_delivery(raw: bytes) -> DeliveryText:
    """The text of a delivery that may be packed with gzip.

    Raises:
        InvalidDelivery: empty, a damaged gzip, larger than `EXPANDED_BYTES_MAX` when
            unpacked, another kind of file, NUL bytes, or not UTF-8 in more than a tenth
            of its lines.
    """
    data = _expanded(raw)
    if not data.strip():
        raise InvalidDelivery("delivery is empty, expected rows; fetch it again")
    _verify_is_text(data)
    try:
        return DeliveryText(text=data.decode("utf-8-sig"), is_clean=True)
    except UnicodeDecodeError as error:
        _verify_mostly_utf8(data, error)
    return DeliveryText(
        text=data.decode("utf-8-sig", errors="surrogateescape"), is_clean=False
    )


def is_undecodable(text: str) -> bool:
    """Whether the text holds a byte that was not UTF-8."""
    if text.isascii():
        return False
    return any("\udc80" <= character <= "\udcff" for character in text)


def looks_like(text: str) -> str:
    """What a text is, by its first character: for messages about a wrong file."""
    start = text.lstrip()[:1]
    if start == "<":
        return "HTML or XML (perhaps an error page)"
    if start in ("{", "["):
        return "JSON"
    return "a table or text"


def _expanded(raw: bytes) -> bytes:
    if not raw.startswith(_GZIP_MAGIC):
        if len(raw) > EXPANDED_BYTES_MAX:
            raise InvalidDelivery(_too_large(f"{len(raw):,} bytes"))
        return raw
    kept: list[bytes] = []
    size = 0
    try:
        with gzip.open(io.BytesIO(raw)) as unpacked:
            while chunk := unpacked.read(_CHUNK_BYTES):
                size += len(chunk)
                if size > EXPANDED_BYTES_MAX:
                    raise InvalidDelivery(
                        _too_large(f"a gzip of {len(raw):,} bytes that unpacks to more")
                    )
                kept.append(chunk)
    except (EOFError, OSError, zlib.error) as error:
        raise InvalidDelivery(
            f"gzip is damaged after {size:,} unpacked bytes ({error}), expected a "
            "whole file; fetch it again"
        ) from error
    return b"".join(kept)


def _too_large(found: str) -> str:
    return (
        f"delivery is {found}, expected at most {EXPANDED_BYTES_MAX:,} bytes unpacked; "
        "hand it in in parts"
    )


def _verify_is_text(data: bytes) -> None:
    for magic, name in _MAGICS:
        if data.startswith(magic):
            raise InvalidDelivery(
                f"delivery is {name}, expected UTF-8 text; hand in the feed's own file"
            )
    at = data.find(b"\x00")
    if at >= 0:
        raise InvalidDelivery(
            f"delivery holds a NUL byte at offset {at:,}, expected UTF-8 text; it is "
            "binary, UTF-16 or damaged: export it as UTF-8"
        )


def _verify_mostly_utf8(data: bytes, error: UnicodeDecodeError) -> None:
    lines = data.split(b"\n")
    bad = [index for index, line in enumerate(lines) if not _is_utf8(line)]
    if 0 in bad or len(bad) > UNDECODABLE_SHARE_MAX * len(lines):
        raise InvalidDelivery(
            f"delivery is not UTF-8 in {len(bad):,} of {len(lines):,} lines (first at "
            f"line {bad[0] + 1}: {error.reason}), expected UTF-8; it is in another "
            "encoding: export it again"
        ) from error


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


__all__ = [
    "EXPANDED_BYTES_MAX",
    "UNDECODABLE_SHARE_MAX",
    "DeliveryText",
    "is_undecodable",
    "looks_like",
    "text_from_delivery",
]
