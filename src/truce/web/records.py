"""The record itself: what kind, how large, its checkpoint, and what was delivered."""

from dataclasses import dataclass
from typing import Final

from litestar import Response, get

from truce.picture.ports import DeliveryLine, QuarantinedRow
from truce.release.model import Reader
from truce.web.frame import Frame
from truce.web.handlers import FrameHere, SiteHere, html
from truce.web.site import Site

# Long records deliver thousands of files; the page shows the newest.
_SHOWN_MAX: Final = 200


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
    mechanism is shown (`is_restricted` for all others).
    """

    origin: str
    statement_count: int
    checkpoint: str
    is_restricted: bool
    deliveries: tuple[DeliveryLine, ...]
    delivery_count: int
    sums: Sums
    quarantined: tuple[QuarantinedRow, ...]
    quarantined_count: int


@get("/record", sync_to_thread=True)
def record(site: SiteHere, frame: FrameHere) -> Response[str]:
    """The record's page."""
    return html(
        site, frame, "record.html", desk="record", record=record_view(site, frame)
    )


def record_view(site: Site, frame: Frame) -> RecordView:
    """What a reader is given of the record itself."""
    source = site.desk.source
    is_restricted = frame.reader is not Reader.MECHANISM
    lines = () if is_restricted else tuple(source.deliveries(frame.as_of))
    bad = () if is_restricted else tuple(source.quarantined(frame.as_of))
    return RecordView(
        origin=source.origin,
        statement_count=source.statement_count,
        checkpoint=source.checkpoint(),
        is_restricted=is_restricted,
        deliveries=lines[: -_SHOWN_MAX - 1 : -1],
        delivery_count=len(lines),
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
