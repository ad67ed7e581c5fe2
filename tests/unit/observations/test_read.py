"""Which reader each feed has."""

import pytest

from truce.errors import InvalidDelivery
from truce.identifiers import FeedName
from truce.observations.context import ReadingContext
from truce.observations.grading import GRADES, default_grade
from truce.observations.read import FEEDS, read


def test_an_unknown_feed_is_refused_with_the_known_ones(
    context: ReadingContext,
) -> None:
    """A misspelt feed must not become an unreadable delivery of another."""
    with pytest.raises(InvalidDelivery, match=r"feed 'frims' is not known.* firms,"):
        read(FeedName("frims"), b"x", context)


@pytest.mark.parametrize("feed", sorted(FEEDS))
def test_an_unreadable_delivery_is_one_quarantined_row(
    feed: FeedName, context: ReadingContext
) -> None:
    """It is sealed already: it is counted and named, whatever the feed."""
    reading = read(feed, b"%PDF-1.7", context)
    assert reading.rows_read == 1
    (line,) = reading.quarantined
    assert line.line == 1
    assert line.reason.startswith("unreadable: delivery is a PDF document, expected")


@pytest.mark.parametrize("feed", sorted(FEEDS))
def test_every_feed_has_a_grade_with_its_reason(feed: FeedName) -> None:
    """A report is believed for a stated reason or not at all."""
    assert GRADES[feed].reason
    assert default_grade(feed) == GRADES[feed].grade


def test_a_feed_without_a_grade_cannot_be_judged() -> None:
    """F6 says that nobody judged it; anything else would be an opinion."""
    assert str(default_grade(FeedName("nobody"))) == "F6"
