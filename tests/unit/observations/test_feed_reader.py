"""How any feed is read: every row found ends in exactly one bin."""

from collections.abc import Iterator
from dataclasses import replace

from truce.errors import InvalidDelivery, InvalidValue
from truce.formats.rows import Decoded, Fault
from truce.identifiers import FeedName, ObservationId
from truce.observations.context import ReadingContext
from truce.observations.feed_reader import (
    FeedReader,
    Observe,
    Outcome,
    quarantined,
    unreadable,
)
from truce.observations.model import QuarantinedLine

FEED = FeedName("invented")


def _decode(raw: bytes) -> Iterator[Decoded[str] | Fault]:
    for number, line in enumerate(raw.decode().split("\n"), start=1):
        if line == "torn":
            raise InvalidDelivery("torn in the middle")
        if line == "bad":
            yield Fault(number, "bad line", line)
        else:
            yield Decoded(number, (line,), line)


def _observer(context: ReadingContext) -> Observe[str]:
    def observe(row: Decoded[str], _row_id: ObservationId) -> Outcome:
        if row.value == "refused":
            raise InvalidValue("sigma_m is -1, expected above 0")
        return quarantined(row, (f"statement {context.statement}", "second"))

    return observe


READER = FeedReader(feed=FEED, decode=_decode, observer=_observer)


def test_every_row_is_in_one_bin(context: ReadingContext) -> None:
    """A repeated row is counted once as itself and then as its repeat."""
    reading = READER.read(b"a\nbad\na\nb\nbad", context)
    assert reading.rows_read == 5
    assert reading.duplicate_lines == (3,)
    assert [line.line for line in reading.quarantined] == [1, 2, 4, 5]
    assert reading.quarantined[0].reason == "statement 7; second"


def test_a_value_that_the_model_refuses_is_quarantined(
    context: ReadingContext,
) -> None:
    """One impossible row must not stop the delivery."""
    (line,) = READER.read(b"refused", context).quarantined
    assert line == QuarantinedLine(
        line=1, reason="sigma_m is -1, expected above 0", excerpt="refused"
    )


def test_a_delivery_that_breaks_off_gives_nothing_of_it(
    context: ReadingContext,
) -> None:
    """Rows read before the break are not believed either: it is one unreadable
    thing."""
    reading = READER.read(b"a\ntorn\nb", context)
    assert reading.rows_read == 1
    (line,) = reading.quarantined
    assert line.reason == "unreadable: torn in the middle"


def test_each_delivery_is_read_on_its_own(context: ReadingContext) -> None:
    """A repeat is one within a delivery; across deliveries the record decides."""
    first = READER.read(b"a", context)
    again = READER.read(b"a", replace(context))
    assert first == again


def test_what_is_unreadable_shows_its_beginning() -> None:
    """Whoever mends the feed sees what came instead, harmless to a terminal."""
    (line,) = unreadable("reason", b"\x1b[31m\xff" + b"x" * 1000).quarantined
    assert line.excerpt.startswith("\ufffd[31m\ufffdxxx")
    assert len(line.excerpt) <= 120
