"""What addresses of the agreement, the record and a ledger ask, and its undoing."""

import html
import re

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from tests.unit.picture.invented_picture import NOW, InventedPicture
from tests.unit.web.conftest import web_for

from truce.compliance.model import Finding
from truce.picture import AsOf

Client = TestClient[Litestar]


def _total(client: Client, address: str) -> int:
    found = re.search(r'id="total">([^<]*)<', client.get(address).text)
    assert found, address
    return int(re.sub(r"\D", "", found[1]))


def _chips(client: Client, address: str) -> dict[str, str]:
    """The address behind each chip, by its name and value."""
    text = client.get(address).text
    chips = re.findall(
        r'<a href="([^"]*)" data-filter="([^"]*)".*?<b>([^<]*)</b>', text
    )
    return {f"{name}={value}": html.unescape(to) for to, name, value in chips}


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/?band=certain", "band is &#39;certain&#39;, expected one of unlikely"),
        ("/?province=" + "a" * 201, "province is 201 letters long"),
        ("/agreement?verdict=guilty", "expected one of met"),
        ("/agreement?verdict=met&verdict=pending", "verdict is given 2 times"),
        ("/agreement?clause=a&clause=b", "clause is given 2 times"),
        ("/agreement?agreement=" + "a" * 201, "agreement is 201 letters long"),
        ("/agreement?from=someday", "from: instant &#39;someday&#39;"),
        ("/record?outcome=lost", "expected one of deliveries"),
        ("/record?from=2031-05-02T00:00Z&to=2031-05-01T00:00Z", "exchange the two"),
        ("/incidents?change=changed", "expected one of new"),
        ("/incidents?change=new", "change and since belong together"),
        ("/incidents?since=2031-05-02T00:00Z", "change and since belong together"),
        ("/incidents?change=new&since=someday", "someday"),
        ("/incidents?change=new&since=2031-06-02T00:00Z", "expected a moment up to"),
        ("/?change=merged-out&since=2031-05-02&as=PUBLIC", "only the mechanism"),
    ],
)
def test_nonsense_is_told(client: Client, address: str, words: str) -> None:
    """A mistyped address says what is wrong and shows no list that looks like calm."""
    answer = client.get(address)
    assert answer.status_code == 400
    assert words in answer.text
    assert 'id="total"' not in answer.text


def test_findings_are_kept_by_clause_agreement_and_verdict(client: Client) -> None:
    """Six clauses: each filter keeps its own, and filters narrow each other."""
    assert _total(client, "/agreement") == 6
    assert _total(client, "/agreement?verdict=breached") == 2
    assert _total(client, "/agreement?clause=art-3.drones") == 1
    assert _total(client, "/agreement?clause=art-3.drones&verdict=breached") == 0
    assert _total(client, "/agreement?agreement=invented-coast") == 6
    page = client.get("/agreement?agreement=elsewhere").text
    assert "No finding that is shown to you matches" in page


def test_a_tally_is_what_its_verdict_would_bring(client: Client) -> None:
    """Of one clause's findings the tallies count that clause's alone, and keep it."""
    page = client.get("/agreement?clause=art-1.cease-fire&lang=en").text
    tallies = dict(
        re.findall(r'href="([^"]*verdict=[^"]*)"[^>]*>.*?<b>(\d+)</b>', page)
    )
    assert len(tallies) == 4
    for address, count in tallies.items():
        assert "clause=art-1.cease-fire" in address
        assert _total(client, html.unescape(address)) == int(count)


def test_rows_are_counted_as_asked(client: Client, source: InventedPicture) -> None:
    """Rows of one feed between two moments: the later one belongs to it."""
    lines = source.deliveries(AsOf(count=source.statement_count, instant=NOW))
    assert _total(client, "/record") == len(lines)
    assert _total(client, "/record?outcome=read") == sum(one.read for one in lines)
    bad = sum(one.quarantined for one in lines)
    assert _total(client, "/record?outcome=quarantined") == bad > 0
    own = [one for one in lines if one.feed == "acoustic"]
    assert _total(client, "/record?feed=acoustic") == len(own)
    two = len(own) + sum(1 for one in lines if one.feed == "news")
    assert _total(client, "/record?feed=acoustic&feed=news") == two
    assert _total(client, "/record?feed=nobody&outcome=read") == 0


def test_times_of_rows_are_when_they_were_sealed(
    client: Client, source: InventedPicture
) -> None:
    """A delivery sealed at a cut-off belongs to the day that it closes."""
    lines = source.deliveries(AsOf(count=source.statement_count, instant=NOW))
    first, last = (lines[n].sealed_at.strftime("%Y-%m-%dT%H:%M:%SZ") for n in (50, 90))
    start, end = lines[50].sealed_at, lines[90].sealed_at
    expected = sum(1 for one in lines if start < one.sealed_at <= end)
    assert _total(client, f"/record?from={first}&to={last}") == expected > 0


def test_lines_that_could_not_be_read_are_those_of_what_is_asked(
    client: Client,
) -> None:
    """Somebody looks for one feed's faults and is not shown another's."""
    page = client.get("/record?feed=acoustic").text
    assert "Quarantined" in page
    assert "expected -90" not in page
    assert "expected -90" in client.get("/record?feed=patrols").text


def test_others_are_shown_no_rows_whatever_they_ask(client: Client) -> None:
    """A count of a feed's rows would tell that there is such a feed."""
    page = client.get("/record?feed=acoustic&outcome=read&as=CELL").text
    assert 'id="total"' not in page
    assert "shown to the mechanism only" in page


@pytest.mark.parametrize(
    "address",
    [
        (
            "/incidents?kind=shot&kind=drone&band=likely&province=-&min_p=0.5&q=hythe"
            "&from=2031-05-02T00:00Z&to=2031-05-09T00:00Z&state=none&feed=news"
            "&bbox=-43,34,-41,36"
        ),
        "/incidents?change=new&since=2031-05-06T00:00Z&kind=shot",
        "/agreement?clause=art-3.drones&verdict=undetermined&from=2031-05-02",
        "/record?feed=news&feed=acoustic&outcome=read&to=2031-05-09T00:00",
    ],
)
def test_every_filter_is_a_chip_that_takes_it_away(
    client: Client, address: str
) -> None:
    """Chip by chip somebody widens a question until it asks for everything."""
    chips = _chips(client, address)
    assert chips
    for name, less in chips.items():
        # A change and the moment since which it counts go together.
        gone = 2 if name.startswith(("change=", "since=")) else 1
        assert len(_chips(client, less)) == len(chips) - gone
        assert name not in _chips(client, less)
    while chips:
        address = next(iter(chips.values()))
        chips = _chips(client, address)
    assert _total(client, address) == _total(client, address.partition("?")[0])


def test_a_line_of_the_ledger_stays_through_pages_and_languages(
    client: Client,
) -> None:
    """The list, the map, the export and the next page count the same change."""
    query = "change=new&since=2031-05-06T00:00Z"
    total = _total(client, f"/incidents?{query}")
    assert 0 < total < 300
    assert _total(client, f"/?{query}") == total
    values = client.get(f"/api/picture?{query}").json()
    assert values["totals"]["matched"] == total
    assert values["change"] == "new"
    assert len(client.get(f"/map/features?{query}").json()["features"]) == total
    assert client.get(f"/export/incidents.csv?{query}").text.count("\r\n") == total + 1
    page = client.get(f"/incidents?{query}").text
    for link in re.findall(r'href="([^"]*)" hreflang="', page):
        assert _total(client, html.unescape(link)) == total
    more = re.search(r'rel="next" href="([^"]*)"', page)
    assert more
    assert _total(client, html.unescape(more[1])) == total
    clear = re.search(r'id="clear" href="([^"]*)"', client.get(f"/?{query}&q=x").text)
    assert clear
    assert _total(client, html.unescape(clear[1])) == 300


def test_choices_are_in_the_form(client: Client) -> None:
    """Whoever follows a report's figure sees its filter ticked, and may untick it."""
    page = client.get("/?band=likely&province=-").text
    assert re.search(r'name="band" value="likely" checked', page)
    assert re.search(r'name="province" value="-" checked', page)


def test_none_shown_does_not_read_as_no_agreement() -> None:
    """The public is given no finding yet: an agreement is in force all the same."""

    class Early(InventedPicture):
        """A record of which nothing was judged when the public may know it."""

        def findings(self, as_of: AsOf) -> list[Finding]:
            """None."""
            assert as_of.instant <= NOW
            return []

    with TestClient(web_for(Early(count=20)), base_url="http://127.0.0.1") as client:
        public = client.get("/agreement?as=PUBLIC").text
        mechanism = client.get("/agreement").text
    assert "No finding is shown to you yet" in public
    assert "No agreement is in force" not in public
    assert "No agreement is in force" in mechanism
