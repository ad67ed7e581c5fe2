"""What kind of picture, film or document bytes are, by how they begin.

Nobody's file name or declared type is believed: a photograph is what its first bytes
say that it is.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaType:
    """A type of file: its registered name, its usual extension, and a word for it."""

    name: str
    extension: str
    word: str


JPEG: Final = MediaType(name="image/jpeg", extension="jpg", word="a JPEG image")
PNG: Final = MediaType(name="image/png", extension="png", word="a PNG image")
WEBP: Final = MediaType(name="image/webp", extension="webp", word="a WebP image")
TIFF: Final = MediaType(name="image/tiff", extension="tif", word="a TIFF image")
HEIC: Final = MediaType(name="image/heic", extension="heic", word="a HEIC image")
AVIF: Final = MediaType(name="image/avif", extension="avif", word="an AVIF image")
QUICKTIME: Final = MediaType(
    name="video/quicktime", extension="mov", word="a QuickTime film"
)
MP4: Final = MediaType(name="video/mp4", extension="mp4", word="an MP4 film")
PDF: Final = MediaType(name="application/pdf", extension="pdf", word="a PDF document")

# What cameras and telephones write as a still picture.
PHOTOGRAPHS: Final = frozenset({JPEG, PNG, WEBP, TIFF, HEIC})

# Source: the first bytes that each format's own specification prescribes (ITU-T T.81,
# W3C PNG, TIFF 6.0, ISO 32000).
_BEGINNINGS: Final = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"%PDF-", PDF),
)
# Brands of ISO base media files. Source: ISO/IEC 23008-12, annex B (HEIF), and the
# register of the MP4 Registration Authority.
_BRANDS: Final = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1"), HEIC),
    **dict.fromkeys((b"avif", b"avis"), AVIF),
    b"qt  ": QUICKTIME,
    **dict.fromkeys(
        (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1"), MP4
    ),
    **dict.fromkeys((b"M4V ", b"3gp4", b"3gp5", b"3gp6", b"dash"), MP4),
}


def media_type_of(raw: bytes) -> MediaType | None:
    """The type that bytes begin as; None for any that we do not know, and for none."""
    for beginning, found in _BEGINNINGS:
        if raw.startswith(beginning):
            return found
    if raw[:4] == b"RIFF" and raw[8:12] == b"WEBP":
        return WEBP
    if raw[4:8] == b"ftyp":
        return _BRANDS.get(raw[8:12])
    return None


__all__ = [
    "AVIF",
    "HEIC",
    "JPEG",
    "MP4",
    "PDF",
    "PHOTOGRAPHS",
    "PNG",
    "QUICKTIME",
    "TIFF",
    "WEBP",
    "MediaType",
    "media_type_of",
]
