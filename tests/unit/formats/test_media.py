"""What bytes are, by how they begin and never by their name."""

import pytest

from truce.formats import media
from truce.formats.media import MediaType, media_type_of


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"\xff\xd8\xff\xe1\x00\x10Exif", media.JPEG),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", media.PNG),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", media.WEBP),
        (b"II*\x00\x08\x00\x00\x00", media.TIFF),
        (b"MM\x00*\x00\x00\x00\x08", media.TIFF),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", media.HEIC),
        (b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00", media.AVIF),
        (b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00", media.MP4),
        (b"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00", media.QUICKTIME),
        (b"%PDF-1.7\n", media.PDF),
    ],
    ids=lambda value: value.name if isinstance(value, MediaType) else "",
)
def test_known_types_are_told_by_their_beginning(
    raw: bytes, expected: MediaType
) -> None:
    """Each format prescribes its own first bytes."""
    assert media_type_of(raw) is expected


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xd8",
        b"\x89PNG\n",
        b"RIFF\x24\x00\x00\x00WAVEfmt ",
        b"\x00\x00\x00\x18ftypzzzz",
        b"GIF89a",
        b"latitude,longitude\n",
    ],
)
def test_whatever_else_is_none_of_them(raw: bytes) -> None:
    """Cut short, of another family, or a text: nobody guesses."""
    assert media_type_of(raw) is None
