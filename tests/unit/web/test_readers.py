"""Who is shown what: nobody reaches above their own right."""

import re

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from tests.unit.picture.invented_picture import NOW, InventedPicture

from truce.web import make_web

Client = TestClient[Litestar]


def _marking(client: Client, path: str, **headers: str) -> str:
    marking = client.get(path, headers=headers).json()["marking"]
    assert isinstance(marking, str)
    return marking


def test_this_machine_reads_as_the_mechanism(client: Client) -> None:
    """Whoever sits at the machine may see all, and may look as anybody else."""
    assert _marking(client, "/api/picture") == "MECHANISM"
    for reader in ("CELL", "PARTIES", "PUBLIC"):
        assert _marking(client, f"/api/picture?as={reader}") == reader


@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_behind_a_proxy_everybody_is_public(client: Client, name: str) -> None:
    """A proxy on this machine asks for somebody else, whom nobody knows."""
    assert _marking(client, "/api/picture", **{name: "192.0.2.1"}) == "PUBLIC"
    asked = "/api/picture?as=MECHANISM"
    assert _marking(client, asked, **{name: "192.0.2.1"}) == "PUBLIC"


def test_elsewhere_is_public_whatever_it_asks(source: InventedPicture) -> None:
    """A client that is not on loopback asks as the mechanism and is not."""
    web = make_web(source, clock=lambda: NOW)
    with TestClient(web, base_url="http://127.0.0.1") as client:
        assert _marking(client, "/api/picture?as=MECHANISM") == "PUBLIC"
        page = client.get("/").text
        assert "as=CELL" not in page


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", ""])
def test_other_names_are_refused(client: Client, host: str) -> None:
    """A page elsewhere points its own name at this machine: it must get nothing."""
    for path in ("/", "/api/picture", "/events"):
        answer = client.get(path, headers={"Host": host})
        assert answer.status_code == 403
        assert "i-0003" not in answer.text


def test_a_name_may_be_added(source: InventedPicture) -> None:
    """A server that people reach by a name answers to it, in any letter case."""
    web = make_web(source, clock=lambda: NOW, hosts=("truce.example",))
    with TestClient(web, base_url="http://TRUCE.example:8080") as client:
        assert client.get("/api/picture").status_code == 200


@pytest.mark.parametrize("reader", ["CELL", "PARTIES", "PUBLIC"])
@pytest.mark.parametrize(
    "path", ["/", "/incidents", "/record", "/api/picture", "/export/incidents.csv"]
)
def test_no_page_names_a_source_to_others(
    client: Client, path: str, reader: str
) -> None:
    """Feeds, patrols, posts, texts and the mechanism's own ids stay inside."""
    text = client.get(f"{path}?as={reader}").text
    for word in ("acoustic", "Patrol 4", "harbour", "Hythe Courier", "Post 7"):
        assert word not in text
    assert not re.search(r"\bi-0\d{3}\b", text)


def test_an_incident_of_others_holds_no_evidence(client: Client) -> None:
    """The public opens what it is shown: coarse, without sources, and says so."""
    row = client.get("/api/picture?as=PUBLIC").json()["incidents"][0]
    text = client.get(f"/incidents/{row['reference']}?as=PUBLIC").text
    assert "Not shown to you" in text
    assert "observation-" not in text
    assert "proof/" not in text
    values = client.get(f"/api/incidents/{row['reference']}?as=PUBLIC").json()
    assert values["witnesses"] == []
    assert values["statements"] == []
    assert client.get(f"/incidents/{row['reference']}").status_code == 404


def test_withheld_does_not_read_as_none(client: Client) -> None:
    """The public is shown no finding yet: the page must not say that there is none."""
    mechanism = client.get("/").text
    public = client.get("/?as=PUBLIC&state=none").text
    assert "No finding<" in mechanism
    assert "No finding shown" in public
    assert "No finding<" not in public
    row = client.get("/api/picture?as=PUBLIC&state=none").json()["incidents"][0]
    page = client.get(f"/incidents/{row['reference']}?as=PUBLIC").text
    assert "No finding rests on this incident" not in page
    assert "No finding on this incident is shown to you" in page


def test_others_may_not_step_through_positions(client: Client) -> None:
    """Position by position the public would learn when each thing was learned of."""
    answer = client.get("/api/picture?as=PUBLIC&position=10")
    assert answer.status_code == 400
    assert "position is for the mechanism" in answer.json()["error"]
    features = client.get("/?as=PUBLIC").text
    pinned = re.search(r'data-features="([^"]*)"', features)
    assert pinned
    assert "position" not in pinned.group(1)
