"""CSV tables: bytes to typed rows or faults, and rows to bytes.

1. The delivery is unpacked and decoded as a whole, or refused as a whole.
2. The header must hold every column that the feed needs; other columns are let be.
3. Each row is split, counted from its first physical line, and read with all its faults
   together.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, TypeVar

from truce.errors import InvalidDelivery, InvalidValue
from truce.formats.deliveries import (
    DeliveryText,
    is_undecodable,
    looks_like,
    text_from_delivery,
)
from truce.formats.fields import Fields
from truce.formats.rows import Decoded, Fault, excerpt

Value = TypeVar("Value")

# Far longer than any row of the feeds we know: such a line is damage or an attack.
ROW_CHARS_MAX: Final = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """What columns a feed has, by the names in its header.

    Every name of `required` must be there; one of `optional` may be absent, and its
    text is then empty. `aliases` map another name that the source uses to ours.
    `may_span_lines` is False where no text of the feed has a line end in it: then a row
    that runs on is a quote left open, whatever it looks like.
    """

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    may_span_lines: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        """Every column, in the order in which a row's texts are given."""
        return self.required + self.optional


def decode_table(
    raw: bytes,
    columns: Columns,
    read_row: Callable[[Fields, tuple[str, ...]], Value],
) -> Iterator[Decoded[Value] | Fault]:
    """Every row of a CSV delivery, in the order of the file; blank lines are no rows.

    `read_row` is given the texts in the order of `columns.names`; what it answers is
    used only where no fault was noted. A table with a header and no rows gives nothing.

    Raises:
        InvalidDelivery: the delivery as a whole is not such a table (raised before the
            first row).
    """
    delivery = text_from_delivery(raw)
    lines = _Lines(delivery.text)
    reader = csv.reader(lines, strict=True)
    header = _header(reader, delivery)
    places = _places_of(header, columns, delivery.text)
    return _rows(
        reader, lines, _Shape(columns, header, places, delivery.is_clean), read_row
    )


def encode_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV table in UTF-8 with `\\n` line ends, as the feeds that we know write it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    # With this line end the writer leaves a bare \r unquoted, which readers break at.
    careful = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    for row in rows:
        (careful if any("\r" in text for text in row) else writer).writerow(row)
    return out.getvalue().encode()


class _Lines:
    """The physical lines of a text, counted, refusing one that is overlong."""

    def __init__(self, text: str) -> None:
        # newline="" splits at \n, \r and \r\n only: U+2028 stays inside a field.
        self._text = io.StringIO(text, newline="")
        self.count = 0
        self._row_at = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = next(self._text)
        self.count += 1
        if len(line) > ROW_CHARS_MAX:
            # csv hands an error of its input on and starts the next row afresh.
            raise csv.Error(
                f"line is {len(line):,} characters, expected at most {ROW_CHARS_MAX:,}"
            )
        return line

    def start_row(self) -> int:
        """Remembers this spot, and answers with the number of the line to come."""
        self._row_at = self._text.tell()
        return self.count + 1

    def resume_after(self, first: int) -> str:
        """Goes back to behind the first line of the row, and answers with that line."""
        self._text.seek(self._row_at)
        self.count = first
        return self._text.readline()


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a row of this delivery must look like."""

    columns: Columns
    header: list[str]
    places: tuple[int | None, ...]
    is_clean: bool

    def assess(self, texts: list[str], line_count: int) -> str:
        """Why a row is no row; empty where it is one."""
        width = len(self.header)
        if len(texts) != width:
            return f"row has {len(texts)} fields, expected {width}"
        if line_count > 1 and not self.columns.may_span_lines:
            return "row has a line end in a text, expected none in this feed"
        return ""

    def content(self, texts: list[str]) -> tuple[str, ...]:
        """The texts in our order."""
        return tuple([texts[at] if at is not None else "" for at in self.places])


def _header(reader: Iterator[list[str]], delivery: DeliveryText) -> list[str]:
    try:
        for names in reader:
            if names:
                return [name.strip() for name in names]
    except csv.Error as error:
        raise InvalidDelivery(
            f"header cannot be read as CSV ({error}); delivery looks like "
            f"{looks_like(delivery.text)}: hand in the feed's own file"
        ) from error
    raise InvalidDelivery("delivery has no header, expected CSV; fetch it again")


def _places_of(
    header: list[str], columns: Columns, text: str
) -> tuple[int | None, ...]:
    """Where each column of ours stands in the header; None for an absent optional."""
    names = [columns.aliases.get(name, name) for name in header]
    twice = sorted({name for name in columns.names if names.count(name) > 1})
    if twice:
        raise InvalidDelivery(
            f"header has {', '.join(twice)} more than once, expected each column once"
        )
    missing = [name for name in columns.required if name not in names]
    if missing:
        raise InvalidDelivery(
            f"header lacks {', '.join(missing)}; found {excerpt(','.join(header))}, "
            f"expected {', '.join(columns.required)}; delivery looks like "
            f"{looks_like(text)}: check that it is this feed's file"
        )
    return tuple(names.index(n) if n in names else None for n in columns.names)


def _rows(
    reader: Iterator[list[str]],
    lines: _Lines,
    shape: _Shape,
    read_row: Callable[[Fields, tuple[str, ...]], Value],
) -> Iterator[Decoded[Value] | Fault]:
    """Each row, or why it is none.

    A row that cannot be split into its fields costs its first line only: one stray
    quote opens a text that runs on, and would hide every row up to the next quote.
    """
    while True:
        line = lines.start_row()
        try:
            texts = next(reader)
            reason = shape.assess(texts, lines.count - line + 1) if texts else ""
        except StopIteration:
            return
        except csv.Error as error:
            texts, reason = [""], f"line cannot be split into fields: {error}"
        if reason:
            if lines.count > line:
                reason += f"; it runs to line {lines.count}, a quote may be left open"
            yield Fault(line, reason, excerpt(lines.resume_after(line).rstrip()))
        elif texts:
            yield _row(line, texts, shape, read_row)


def _row(
    line: int,
    texts: list[str],
    shape: _Shape,
    read_row: Callable[[Fields, tuple[str, ...]], Value],
) -> Decoded[Value] | Fault:
    if not shape.is_clean and is_undecodable("".join(texts)):
        return Fault(line, "row holds bytes that are not UTF-8", _excerpt(texts))
    return read_fields(line, shape.content(texts), read_row)


def read_fields(
    line: int,
    content: tuple[str, ...],
    read_row: Callable[[Fields, tuple[str, ...]], Value],
) -> Decoded[Value] | Fault:
    """One row's texts read into a value, or a fault that names all that is wrong."""
    fields = Fields()
    try:
        value = read_row(fields, content)
    except InvalidValue as error:
        # A value that refuses a stand-in says nothing new: the fault is noted already.
        if not fields.faults:
            fields.faults.append(str(error))
    if fields.faults:
        return Fault(line, "; ".join(fields.faults), _excerpt(content))
    return Decoded(line, content, value)


def _excerpt(texts: Iterable[str]) -> str:
    return excerpt(",".join(texts))


__all__ = ["ROW_CHARS_MAX", "Columns", "decode_table", "encode_table", "read_fields"]
