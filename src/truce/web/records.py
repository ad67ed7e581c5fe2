"""The record itself: what kind, how large, its checkpoint, and what was delivered."""

from dataclasses import dataclass
from typing import Final

from litestar import Response, get

from truce.picture.ports import DeliveryLine, QuarantinedRow, Vouching
from truce.release.model import Reader
from truce.reporting.model import Outcome
from truce.reporting.query import is_asked_delivery, rows_of
from truce.web.asked import rows_asked
from truce.web.chips import chips_of
from truce.web.frame import Frame
from truce.web.handlers import FrameHere, SiteHere, html
from truce.web.site import Site

# Long records deliver thousands of files; the page shows the newest.
_SHOWN_MAX: Final = 200
_FILTERS: Final = ("feed", "outcome", "from", "to")


@dataclass(frozen=True, slots=True)
class Sums:
    """What came of all deliveries together."""

    read: int
    accepted: int
    quarantined: int
    duplicates: int


@dataclass(frozen=True, slots=True)
class RecordView:
    """The record as one reader is given it. Deliveries name sources, which only the
    mechanism is shown (`is_restricted` for all others). `total` counts the `outcome`
    that the address asks for, of the deliveries that it asks for.
    """

    origin: str
    statement_count: int
    checkpoint: str
    vouching: Vouching
    is_restricted: bool
    deliveries: tuple[DeliveryLine, ...]
    delivery_count: int
    outcome: str
    total: int
    sums: Sums
    quarantined: tuple[QuarantinedRow, ...]
    quarantined_count: int


@get("/record", sync_to_thread=True)
def record(site: SiteHere, frame: FrameHere) -> Response[str]:
    """The record's page."""
    view = record_view(site, frame)
    chips = chips_of(site, frame, *_FILTERS)
    return html(site, frame, "record.html", desk="record", record=view, chips=chips)


def record_view(site: Site, frame: Frame) -> RecordView:
    """What a reader is given of the record itself, as far as the address asks for it.

    Raises:
        InvalidQuery: it asks for an outcome that there is not.
    """
    source, query = site.desk.source, rows_asked(frame)
    is_restricted = frame.reader is not Reader.MECHANISM
    feeds = frame.question.feeds
    known = () if is_restricted else source.deliveries(frame.as_of)
    lines = tuple(
        line
        for line in known
        if is_asked_delivery(query, line) and (not feeds or line.feed in feeds)
    )
    shown = {line.statement for line in lines}
    refused = () if is_restricted else source.quarantined(frame.as_of)
    bad = tuple(row for row in refused if row.statement in shown)
    outcome = query.outcome or Outcome.DELIVERIES
    return RecordView(
        origin=source.origin,
        statement_count=source.statement_count,
        checkpoint=source.checkpoint(),
        vouching=source.vouching(),
        is_restricted=is_restricted,
        deliveries=lines[: -_SHOWN_MAX - 1 : -1],
        delivery_count=len(lines),
        outcome=outcome.value,
        total=sum(rows_of(line, outcome) for line in lines),
        sums=_sums(lines),
        quarantined=bad[: -_SHOWN_MAX - 1 : -1],
        quarantined_count=len(bad),
    )


def _sums(lines: tuple[DeliveryLine, ...]) -> Sums:
    return Sums(
        sum(line.read for line in lines),
        sum(line.accepted for line in lines),
        sum(line.quarantined for line in lines),
        sum(line.duplicates for line in lines),
    )


ROUTES = (record,)

__all__ = ["ROUTES", "RecordView", "Sums", "record_view"]
