"""The text of a delivery: unpacked within limits, UTF-8 or refused."""

import gzip

import pytest

from truce.errors import InvalidDelivery
from truce.formats import deliveries
from truce.formats.deliveries import is_undecodable, text_from_delivery


def test_plain_and_packed_bytes_give_the_same_text() -> None:
    """A feed sends plain or gzip; the magic bytes tell, not a file name."""
    plain = "a,b\nж,2\n".encode()
    assert text_from_delivery(plain) == text_from_delivery(gzip.compress(plain))


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    """Spreadsheets write a mark first; kept, it would spoil the first column's name."""
    assert text_from_delivery(b"\xef\xbb\xbfa,b\n").text == "a,b\n"


def test_two_packed_members_are_one_delivery() -> None:
    """Logs are packed piece by piece; the second piece must not vanish."""
    packed = gzip.compress(b"a\n1\n") + gzip.compress(b"2\n")
    assert text_from_delivery(packed).text == "a\n1\n2\n"


@pytest.mark.parametrize("raw", [b"", b" \n\r\n", gzip.compress(b"")])
def test_an_empty_delivery_is_refused(raw: bytes) -> None:
    """A fetch that failed leaves nothing: that is no feed without news."""
    with pytest.raises(InvalidDelivery, match="empty, expected rows"):
        text_from_delivery(raw)


@pytest.mark.parametrize("kept", [11, 30, -9, -1])
def test_a_gzip_cut_short_is_refused(kept: int) -> None:
    """A broken connection must not pass for a short day, wherever the cut is."""
    packed = gzip.compress(b"".join(b"%d,%d\n" % (n, n * n) for n in range(500)))
    with pytest.raises(InvalidDelivery, match="gzip is damaged after"):
        text_from_delivery(packed[:kept])


def test_a_gzip_with_a_flipped_bit_is_refused() -> None:
    """Its checksum says that something differs; nobody can say which row."""
    packed = bytearray(gzip.compress(b"a,b\n1,2\n"))
    packed[-6] ^= 1
    with pytest.raises(InvalidDelivery, match="CRC"):
        text_from_delivery(bytes(packed))


def test_a_gzip_bomb_stops_at_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kilobyte that unpacks to a thousand must not fill the memory."""
    monkeypatch.setattr(deliveries, "EXPANDED_BYTES_MAX", 4096)
    text_from_delivery(gzip.compress(b"a" * 4096))
    with pytest.raises(
        InvalidDelivery, match="unpacks to more, expected at most 4,096"
    ):
        text_from_delivery(gzip.compress(b"a" * 4097))


def test_plain_bytes_over_the_limit_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The limit holds for what is read, packed or not."""
    monkeypatch.setattr(deliveries, "EXPANDED_BYTES_MAX", 4096)
    with pytest.raises(InvalidDelivery, match="4,097 bytes, expected at most 4,096"):
        text_from_delivery(b"a" * 4097)


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (b"%PDF-1.7 ...", "a PDF document"),
        (b"PK\x03\x04...", "a ZIP archive"),
        ("a,b\n1,2\n".encode("utf-16"), "UTF-16"),
        ("a,b\n1,2\n".encode("utf-16-le"), "NUL byte at offset 1"),
        (b"a,b\n1,\x002\n", "NUL byte at offset 6"),
    ],
)
def test_another_kind_of_file_is_named(raw: bytes, found: str) -> None:
    """Whoever handed in the wrong file is told which kind of file it is."""
    with pytest.raises(InvalidDelivery, match=found):
        text_from_delivery(raw)


def test_another_encoding_is_refused_as_a_whole() -> None:
    """Cyrillic in Windows-1251 would give rows of nonsense, each of them plausible."""
    raw = "місце,число\n".encode() + "Київ,1\nЛьвів,2\n".encode("cp1251")
    with pytest.raises(InvalidDelivery, match=r"not UTF-8 in 2 of 4 lines .*line 2"):
        text_from_delivery(raw)


def test_one_bad_byte_among_many_lines_is_left_to_its_row() -> None:
    """A single damaged line must not cost the other ninety-nine."""
    raw = b"a\n" + b"fine\n" * 99 + b"b\xffd\n"
    delivery = text_from_delivery(raw)
    assert not delivery.is_clean
    lines = delivery.text.splitlines()
    assert [is_undecodable(line) for line in lines] == [False] * 100 + [True]


def test_a_bad_byte_in_the_first_line_is_never_left() -> None:
    """A header that cannot be read cannot say what the rows are."""
    with pytest.raises(InvalidDelivery, match="first at line 1"):
        text_from_delivery(b"a\xff\n" + b"fine\n" * 99)
