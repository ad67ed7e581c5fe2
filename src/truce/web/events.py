"""News as it comes: what changed for a reader, as server-sent events."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Final

from litestar import get
from litestar.response import ServerSentEvent
from litestar.response.sse import ServerSentEventMessage

from truce.errors import InvalidQuery
from truce.instants import text_from_instant
from truce.picture import Picture
from truce.web.frame import Frame
from truce.web.handlers import FrameHere, SiteHere
from truce.web.site import Site

# How often the record is looked at. People see no difference below half a second, and a
# look that finds nothing reads one number.
WATCH_INTERVAL_S: Final = 0.5
# Proxies and browsers give up on a connection that is silent for longer.
# Source: WHATWG HTML, 9.2.7 (authors' notes: a comment every 15 seconds or so).
SILENCE_MAX_S: Final = 15.0
# How many references one event names; more is told as a number alone.
_NAMED_MAX: Final = 200


@get("/events")
async def events(site: SiteHere, frame: FrameHere) -> ServerSentEvent:
    """The stream of changes from the moment the page was made (`count`) on."""
    if frame.as_of.is_past:
        raise InvalidQuery("a past moment does not change; ask for events without at")
    return ServerSentEvent(news(site, frame))


async def news(site: Site, frame: Frame) -> AsyncIterator[ServerSentEventMessage]:
    """One message for each change that this reader is given, until the site closes."""
    desk = site.desk
    seen = await asyncio.to_thread(desk.picture, frame.reader, frame.as_of)
    yield ServerSentEventMessage(event="hello", data=json.dumps(_position(seen)))
    silent_s = 0.0
    while not site.closing.is_set():
        await asyncio.sleep(WATCH_INTERVAL_S)
        silent_s += WATCH_INTERVAL_S
        as_of = desk.now(site.clock())
        if as_of != seen.as_of:
            after = await asyncio.to_thread(desk.picture, frame.reader, as_of)
            change = await asyncio.to_thread(change_text, site, seen, after)
            seen = after
            if change:
                silent_s = 0.0
                yield ServerSentEventMessage(event="change", data=change)
        if silent_s >= SILENCE_MAX_S:
            silent_s = 0.0
            yield ServerSentEventMessage(comment="still here")


def change_text(site: Site, before: Picture, after: Picture) -> str:
    """What changed between two pictures of one reader, as JSON; empty for nothing."""
    changed = site.desk.changed(before, after)
    gone = site.desk.changed(after, before)
    if not changed and not gone and before.findings == after.findings:
        return ""
    return json.dumps(
        {
            **_position(after),
            "record_kind": site.desk.source.record_kind.value,
            "marking": after.reader.value,
            "changed_count": len(changed),
            "gone_count": len(gone),
            "changed": [
                {"reference": s.reference, "kind": s.incident.kind.value}
                for s in changed[:_NAMED_MAX]
            ],
        },
        separators=(",", ":"),
    )


def _position(picture: Picture) -> dict[str, str | int]:
    as_of = picture.as_of
    return {"count": as_of.count, "instant": text_from_instant(as_of.instant)}


ROUTES = (events,)

__all__ = ["ROUTES", "SILENCE_MAX_S", "WATCH_INTERVAL_S", "change_text", "news"]
