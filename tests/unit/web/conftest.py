"""A server on the invented record, asked without a network."""

from collections.abc import Iterator
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from tests.unit.picture.invented_picture import NOW, InventedPicture

from truce.release.gate import Gate
from truce.release.model import Reader
from truce.release.readers import reader_from_request
from truce.web import make_web

NAMING_KEY = b"an invented naming key"


def on_loopback(peer: str, asked: str | None, *, is_forwarded: bool = False) -> Reader:
    """The usual rule, for a client that has no address: it stands on this machine."""
    assert peer == "testclient", "the client of tests has no other address"
    return reader_from_request("127.0.0.1", asked, is_forwarded=is_forwarded)


def web_for(source: InventedPicture, **options: Any) -> Litestar:
    """The server of a source at the invented present, for a reader on loopback."""
    return make_web(
        source,
        clock=lambda: NOW,
        readers=on_loopback,
        gate=Gate(naming_key=NAMING_KEY),
        **options,
    )


@pytest.fixture(scope="session")
def source() -> InventedPicture:
    """Three hundred incidents; nobody adds to it."""
    return InventedPicture()


@pytest.fixture(scope="session")
def client(source: InventedPicture) -> Iterator[TestClient[Litestar]]:
    """Asks the pages of the invented record."""
    with TestClient(web_for(source), base_url="http://127.0.0.1:8080") as client:
        yield client
