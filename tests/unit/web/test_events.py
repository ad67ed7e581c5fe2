"""News as it comes: what changed, told to those who are shown it."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
from litestar.testing import TestClient
from tests.unit.picture.invented_picture import NOW, InventedPicture
from tests.unit.web.conftest import on_loopback, web_for

from truce.observations.kinds import Kind
from truce.picture import Desk, Question
from truce.release.model import Reader
from truce.web import events
from truce.web.frame import Frame
from truce.web.site import Site


def _site(source: InventedPicture) -> Site:
    return Site(
        desk=Desk(source),
        readers=on_loopback,
        clock=lambda: NOW,
        report=None,
        hosts=frozenset({"localhost"}),
    )


def _frame(site: Site, reader: Reader) -> Frame:
    return Frame(
        path="/events",
        pairs=(),
        reader=reader,
        own_reader=Reader.MECHANISM,
        language="en",
        as_of=site.desk.now(NOW),
        question=Question(),
        theme="",
        is_swap=False,
    )


async def _hear(source: InventedPicture, reader: Reader, kind: Kind) -> list[Any]:
    """The hello, and what comes after something has happened."""
    site = _site(source)
    stream = events.news(site, _frame(site, reader))
    heard = [await anext(stream)]
    source.add_incident(NOW - timedelta(minutes=3), kind=kind)
    heard.append(await asyncio.wait_for(anext(stream), timeout=20.0))
    return heard


def test_something_new_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """While somebody looks on, an incident is sealed: it is named within one look."""
    monkeypatch.setattr(events, "WATCH_INTERVAL_S", 0.001)
    source = InventedPicture(count=30)
    hello, change = asyncio.run(_hear(source, Reader.MECHANISM, Kind.SONIC_BOOM))
    assert hello.event == "hello"
    assert change.event == "change"
    data = json.loads(change.data)
    assert data["record_kind"] == "exercise"
    assert data["marking"] == "MECHANISM"
    assert data["count"] == source.statement_count
    assert data["changed"] == [{"reference": "i-0030", "kind": "sonic-boom"}]


def test_the_public_hears_nothing_early(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stream to the public stays silent of what it is not shown for a day."""
    monkeypatch.setattr(events, "WATCH_INTERVAL_S", 0.001)
    monkeypatch.setattr(events, "SILENCE_MAX_S", 0.02)
    source = InventedPicture(count=30)
    hello, after = asyncio.run(_hear(source, Reader.PUBLIC, Kind.DAMAGE))
    assert hello.event == "hello"
    assert after.event is None
    assert after.comment == "still here"


def test_a_past_moment_has_no_news() -> None:
    """Whoever looks at the fourth day is not told of the tenth."""
    web = web_for(InventedPicture(count=20))
    with TestClient(web, base_url="http://127.0.0.1") as client:
        answer = client.get("/events?at=2031-05-04T00:00")
    assert answer.status_code == 400
    assert "a past moment does not change" in answer.json()["error"]
