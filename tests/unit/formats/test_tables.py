"""CSV tables: bytes to typed rows or faults."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from truce.errors import InvalidDelivery, InvalidValue
from truce.formats.fields import Fields
from truce.formats.rows import EXCERPT_CHARS_MAX, Decoded, Fault, excerpt
from truce.formats.tables import (
    ROW_CHARS_MAX,
    Columns,
    decode_table,
    encode_table,
)

COLUMNS = Columns(
    required=("name", "count"),
    optional=("note",),
    aliases=MappingProxyType({"title": "name"}),
)


def _read(fields: Fields, texts: tuple[str, ...]) -> tuple[str, int, str]:
    name, count, note = texts
    return fields.filled("name", name), fields.whole("count", count), note


def _rows(raw: bytes) -> list[Decoded[tuple[str, int, str]] | Fault]:
    return list(decode_table(raw, COLUMNS, _read))


def _values(raw: bytes) -> list[tuple[str, int, str]]:
    return [row.value for row in _rows(raw) if isinstance(row, Decoded)]


def _fault(raw: bytes) -> Fault:
    faults = [row for row in _rows(raw) if isinstance(row, Fault)]
    assert len(faults) == 1
    return faults[0]


def test_columns_are_found_by_name() -> None:
    """A source may reorder, rename by a known name, or add columns without harm."""
    expected = [("a", 1, "n")]
    assert _values(b"name,count,note\na,1,n\n") == expected
    assert _values(b"note,extra,count,title\nn,zzz,1,a\n") == expected


def test_an_absent_optional_column_is_empty() -> None:
    """The archive has a column that the live feed lacks; one codec reads both."""
    assert _values(b"name,count\na,1\n") == [("a", 1, "")]


def test_content_does_not_depend_on_the_layout() -> None:
    """The same row in another column order is the same row, and keeps its id."""
    first, second = _rows(b"name,count\na,1\n"), _rows(b"count,more,name\n1,x,a\n")
    assert isinstance(first[0], Decoded)
    assert isinstance(second[0], Decoded)
    assert first[0].content == second[0].content == ("a", "1", "")


def test_a_line_is_where_the_row_starts() -> None:
    """Texts run over several lines; a fault must be found with an editor."""
    raw = b'name,count\n"a\nb\nc",1\nd,x\n\ne,2\n'
    assert [row.line for row in _rows(raw)] == [2, 5, 7]


def test_windows_line_ends_are_read() -> None:
    """A file that passed through a spreadsheet is still the file."""
    assert _values(b"name,count\r\na,1\r\n") == [("a", 1, "")]


def test_a_header_without_rows_gives_nothing() -> None:
    """A day without news is no fault."""
    assert _rows(b"name,count\n") == []


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (b"name,total\na,1\n", "header lacks count; found name,total"),
        (b'{"name": "a", "count": 1}\n', "looks like JSON"),
        (b"<!DOCTYPE html><title>503</title>", "looks like HTML or XML"),
        (b"name;count\na;1\n", "header lacks name, count"),
        (b"name,count,count\na,1,2\n", "has count more than once"),
        (b"name,title,count\na,b,1\n", "has name more than once"),
        (b'"name,count\na,1\n', "header cannot be read as CSV"),
    ],
)
def test_a_file_that_is_not_this_table_is_refused_whole(raw: bytes, found: str) -> None:
    """Reading half of the wrong file is worse than reading none."""
    with pytest.raises(InvalidDelivery, match=found):
        decode_table(raw, COLUMNS, _read)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"a", "row has 1 fields, expected 2"),
        (b"a,1,2", "row has 3 fields, expected 2"),
        (b"a,x", "count is 'x', expected a whole number"),
        (b" ,x", "name is ' ', expected a text; count is 'x'"),
        (b'a,"1"2', "cannot be split into fields"),
    ],
)
def test_a_bad_row_costs_only_itself(row: bytes, reason: str) -> None:
    """One bad row among good ones is named; its neighbours are read."""
    raw = b"name,count\nbefore,1\n" + row + b"\nafter,2\n"
    fault = _fault(raw)
    assert fault.line == 3
    assert reason in fault.reason
    assert _values(raw) == [("before", 1, ""), ("after", 2, "")]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b'"a,1', "line cannot be split into fields: unexpected end of data"),
        (b'"a,1\nb",2,3', "row has 3 fields, expected 2"),
    ],
)
def test_a_quote_left_open_hides_no_rows(row: bytes, reason: str) -> None:
    """An open quote runs on over the rows behind it; they are read all the same."""
    raw = b"name,count\n" + row + b"\nc,3\nd,4\n"
    fault = next(row for row in _rows(raw) if isinstance(row, Fault))
    assert fault.line == 2
    assert fault.reason.startswith(reason)
    assert fault.reason.endswith("a quote may be left open")
    assert fault.excerpt == '"a,1'
    assert _values(raw)[-2:] == [("c", 3, ""), ("d", 4, "")]


def test_a_feed_without_line_ends_in_its_texts_has_none() -> None:
    """Two stray quotes in one column make a row of the right width: it is none."""
    raw = b'name,count\n"a,1\nb",2\nc,3\n'
    assert _values(raw) == [("a,1\nb", 2, ""), ("c", 3, "")]
    strict = replace(COLUMNS, may_span_lines=False)
    rows = list(decode_table(raw, strict, _read))
    assert [row.line for row in rows] == [2, 3, 4]
    assert isinstance(rows[0], Fault)
    assert "has a line end in a text" in rows[0].reason
    assert isinstance(rows[2], Decoded)


def test_every_line_behind_open_quotes_is_counted() -> None:
    """A file of open quotes must not be read again and again to its end."""
    lines = [b'"a,1' if n % 2 else b"b,2" for n in range(20_000)]
    raw = b"name,count\n" + b"\n".join(lines)
    assert len(_rows(raw)) == 20_000


def test_an_overlong_line_costs_only_itself() -> None:
    """A line of megabytes is damage or an attack; the rows after it are read."""
    long = b"x" * (ROW_CHARS_MAX + 1)
    raw = b"name,count\n" + long + b",1\nafter,2\n"
    fault = _fault(raw)
    assert fault.line == 2
    assert "expected at most 1,048,576" in fault.reason
    assert _values(raw) == [("after", 2, "")]


def test_undecodable_bytes_cost_only_their_row() -> None:
    """A damaged name must not be read as another name."""
    raw = b"name,count\n" + b"a,1\n" * 20 + b"b\xff,2\nc,3\n"
    fault = _fault(raw)
    assert (fault.line, fault.reason) == (22, "row holds bytes that are not UTF-8")
    assert fault.excerpt == "b\N{REPLACEMENT CHARACTER},2"
    assert len(_values(raw)) == 21


def test_a_value_that_refuses_its_parts_is_a_fault() -> None:
    """A typed value may know more than its fields; its refusal must not crash the
    file."""

    def refuse(_fields: Fields, _texts: tuple[str, ...]) -> str:
        raise InvalidValue("low is above high")

    rows = list(decode_table(b"name,count\na,1\n", COLUMNS, refuse))
    assert rows == [Fault(2, "low is above high", "a,1,")]


def test_what_is_written_is_read_again() -> None:
    """Commas, quotes and line ends in a text survive a round trip."""
    rows = [('a,"b"\nc', "1"), ("ж", "2")]
    raw = encode_table(("name", "count"), rows)
    assert _values(raw) == [('a,"b"\nc', 1, ""), ("ж", 2, "")]


def test_an_excerpt_is_short_and_harmless() -> None:
    """A report shows the row's beginning, never what a terminal would obey."""
    assert excerpt("a\x1b[2Jb\nc") == "a\ufffd[2Jb\ufffdc"
    assert len(excerpt("x" * 10_000)) == EXCERPT_CHARS_MAX
