"""The pages as a reader without scripts, or a program, is given them."""

import csv
import io
import re
from datetime import date

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from tests.unit.picture.invented_picture import NOW, InventedPicture
from tests.unit.web.conftest import web_for

from truce.errors import UnavailableRecord
from truce.identifiers import IncidentId
from truce.incidents.model import Incident
from truce.picture import AsOf, RecordKind
from truce.picture.ports import Vouching
from truce.web.guard import HEADERS
from truce.wording import LANGUAGES

Client = TestClient[Litestar]

PAGES = (
    "/",
    "/?open=i-0003",
    "/?kind=shot&sort=-probability",
    "/?at=2031-05-05T12:00",
    "/?kind=mine&q=nothing-like-it",
    "/incidents",
    "/incidents?page=2",
    "/incidents/i-0003",
    "/incidents/i-0008",
    "/agreement",
    "/agreement?verdict=breached",
    "/record",
)


@pytest.mark.parametrize("reader", ["MECHANISM", "CELL", "PARTIES", "PUBLIC"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", [p for p in PAGES if "i-0" not in p])
def test_every_page_is_served_to_everybody(
    client: Client, path: str, language: str, reader: str
) -> None:
    """No reader and no language meets a broken page."""
    mark = "&" if "?" in path else "?"
    answer = client.get(f"{path}{mark}lang={language}&as={reader}")
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.text


@pytest.mark.parametrize(
    ("kind", "word"),
    [("exercise", "EXERCISE"), ("study", "STUDY"), ("real", "REAL")],
)
def test_every_page_says_what_record_it_is_of(kind: str, word: str) -> None:
    """An accusation made by a demonstration is disinformation: title, data and band."""
    source = InventedPicture(count=20)
    source.record_kind = RecordKind(kind)
    with TestClient(web_for(source), base_url="http://127.0.0.1") as client:
        for path in ("/", "/incidents", "/incidents/i-0003", "/agreement", "/record"):
            text = client.get(path).text
            assert f"<title>{word} · " in text
            assert f'data-record-kind="{kind}"' in text
            assert f"<strong>{word.title()}</strong>" in text
        for path in ("/api/picture", "/map/features", "/api/incidents/i-0003"):
            assert client.get(path).json()["record_kind"] == kind
        table = client.get("/export/incidents.csv")
        rows = list(csv.DictReader(io.StringIO(table.text)))
        assert {row["record_kind"] for row in rows} == {kind}
        assert f'filename="{kind}-incidents-' in table.headers["content-disposition"]


@pytest.mark.parametrize("path", [*PAGES, "/nowhere", "/?kind=nonsense", "/map/base"])
def test_every_answer_is_protected(client: Client, path: str) -> None:
    """Nothing inline runs, nobody frames the page, and faults are protected too."""
    answer = client.get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", PAGES)
def test_pages_hold_nothing_that_the_policy_forbids(client: Client, path: str) -> None:
    """An inline script, style or handler would silently not work."""
    text = client.get(path).text
    assert not re.search(r"\sstyle=", text)
    assert not re.search(r"\son[a-z]+=", text)
    scripts = re.findall(r"<script(?![^>]*application/json)[^>]*>([^<]*)", text)
    assert scripts
    assert not any(script.strip() for script in scripts)
    assert not re.findall(r"""(?:src|href)=["'](?:https?:)?//""", text)


def test_the_list_is_there_without_scripts(client: Client) -> None:
    """The first view is drawn by the server, totals, rows, bars and all."""
    text = client.get("/").text
    assert 'id="total">300</b>' in text
    assert text.count('<li class="row"') == 100
    assert text.count("<rect class=") > 100
    more = re.search(r'class="more"><a href="([^"]+)"', text)
    assert more
    second = client.get(more.group(1).replace("&amp;", "&"))
    assert second.text.count('<li class="row"') == 100


def test_a_script_is_given_the_list_alone(client: Client) -> None:
    """htmx asks for a fragment; the address bar is told what it shows."""
    answer = client.get("/?kind=shot&feed=&q=&min_p=0", headers={"HX-Request": "true"})
    assert "<html" not in answer.text
    assert answer.text.lstrip().startswith('<div id="answer"')
    assert answer.headers["HX-Push-Url"] == "/?kind=shot"


def test_filters_agree_between_page_map_and_data(client: Client) -> None:
    """The same address gives the same count as a page, as features and as values."""
    query = "kind=explosion.impact&state=breached&min_p=0.9"
    page = re.search(r'id="total">(\d+)<', client.get(f"/?{query}").text)
    features = client.get(f"/map/features?{query}").json()["features"]
    values = client.get(f"/api/picture?{query}").json()
    table = client.get(f"/export/incidents.csv?{query}").text
    assert page
    assert 0 < int(page.group(1)) == len(features) == values["totals"]["matched"]
    assert len(values["incidents"]) == len(features) == table.count("\r\n") - 1


def test_an_incident_shows_its_evidence(
    client: Client, source: InventedPicture
) -> None:
    """Witnesses, grades, contradictions, history and proofs stand on its page."""
    text = client.get("/incidents/i-0008").text
    now = AsOf(count=source.statement_count, instant=NOW)
    incident = next(i for i in source.incidents(now) if i.id == "i-0008")
    for name in (*incident.observations, *incident.contradicted_by):
        observation = source.observation(name)
        assert f'id="observation-{name}"' in text
        assert f"/api/incidents/i-0008/proof/{observation.statement}" in text
        assert f">{observation.grade}<" in text
    assert "Against it" in text
    assert "History of this id" in text


def test_the_pane_is_the_page_without_its_frame(client: Client) -> None:
    """Opened beside the list, the address says which list and which incident."""
    answer = client.get(
        "/incidents/i-0003?lang=uk&kind=shot", headers={"HX-Request": "true"}
    )
    assert "<html" not in answer.text
    assert answer.headers["HX-Push-Url"] == "/?kind=shot&lang=uk&open=i-0003"


def test_a_proof_is_given_whole(client: Client) -> None:
    """Entry, path and checkpoint: all that a browser needs to recompute the root."""
    statement = client.get("/api/incidents/i-0003").json()["statements"][0]
    proof = client.get(f"/api/incidents/i-0003/proof/{statement}").json()
    assert proof["statement"] == statement
    assert proof["entry"]
    assert proof["checkpoint"].split("\n")[1] == str(proof["tree_size"])
    assert len(proof["hashes"]) >= 9
    missing = client.get("/api/incidents/i-0003/proof/0")
    assert missing.status_code == 400
    assert "shows no evidence from statement 0" in missing.json()["error"]


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/?kind=nonsense", 400, "expected one of explosion"),
        ("/?at=2099-01-01T00:00", 400, "yet to come"),
        ("/?position=many", 400, "expected a whole number"),
        ("/?as=KING", 400, "KING"),
        ("/agreement?verdict=guilty", 400, "expected one of met"),
        ("/incidents/i-9999", 404, "look in the list"),
        ("/nowhere", 404, ""),
    ],
)
def test_faults_say_what_to_do(
    client: Client, path: str, status: int, words: str
) -> None:
    """A wrong address is answered with a page that says what was expected."""
    answer = client.get(path)
    assert answer.status_code == status
    assert words in answer.text
    assert "EXERCISE" in answer.text


def test_faults_of_data_are_data(client: Client) -> None:
    """A program asks nonsense and is answered in JSON."""
    answer = client.get("/api/picture?min_p=2")
    assert answer.status_code == 400
    assert answer.json() == {
        "error": "min_p is 2.0, expected 0 to 1",
        "status": 400,
    }


def test_markup_in_a_source_stays_text() -> None:
    """A report holds a script; the page shows its letters."""
    source = InventedPicture(count=20)
    source.record_name = "<script>alert(1)</script>"
    with TestClient(web_for(source), base_url="http://127.0.0.1") as client:
        text = client.get("/?q=%22%3E%3Cimg+src%3Dx%3E").text
    assert "<script>alert" not in text
    assert "<img src=x>" not in text
    assert "&lt;script&gt;alert" in text


def test_a_formula_in_an_export_is_text() -> None:
    """A spreadsheet would run a cell that opens like a formula."""
    source = InventedPicture(count=20)
    incident = source.incidents(AsOf(count=source.statement_count, instant=NOW))[0]
    for name in incident.observations:
        object.__setattr__(source.observation(name).where, "name", "=HYPERLINK(1)")
    with TestClient(web_for(source), base_url="http://127.0.0.1") as client:
        table = client.get("/export/incidents.csv").text
    rows = list(csv.DictReader(io.StringIO(table)))
    assert "'=HYPERLINK(1)" in {row["place"] for row in rows}
    assert not any(cell.startswith("=") for row in rows for cell in row.values())


def test_nobody_waits_for_witnesses_that_nobody_asked_for() -> None:
    """`Not yet` beside `asks for: no witness` would promise what never comes."""

    class Alone(InventedPicture):
        """A record whose founding asks for no log witness."""

        def vouching(self) -> Vouching:
            return Vouching(rule=None, witnessed_count=None, stamped_count=None)

    with TestClient(web_for(Alone(count=20)), base_url="http://127.0.0.1") as client:
        text = client.get("/record?lang=en").text
    assert "Nothing counts as witnessed: the founding asks for no log" in text
    assert "enough cosignatures" not in text


def test_a_record_that_cannot_be_read_is_told() -> None:
    """The disk fails: 503 and a plain sentence, for pages and for programs."""

    class Broken(InventedPicture):
        """A record whose state cannot be read."""

        def incidents(self, as_of: AsOf) -> list[Incident]:
            """Fail."""
            assert as_of.count
            raise UnavailableRecord("the state cannot be read", is_retry_safe=True)

    with TestClient(web_for(Broken(count=20)), base_url="http://127.0.0.1") as client:
        page = client.get("/")
        values = client.get("/api/picture")
    assert page.status_code == values.status_code == 503
    assert "the state cannot be read" in page.text
    assert values.json()["error"] == "the state cannot be read"


def test_a_bug_is_told_without_its_details(caplog: pytest.LogCaptureFixture) -> None:
    """Our own fault is logged whole and gives nothing away."""

    class Buggy(InventedPicture):
        """A record that trips over one incident's history."""

        def history(self, incident: IncidentId) -> list[object]:  # type: ignore[override]  # broken on purpose
            """Fail."""
            raise RuntimeError(f"secret of {incident}")

    with TestClient(web_for(Buggy(count=20)), base_url="http://127.0.0.1") as client:
        answer = client.get("/incidents/i-0003")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "secret of i-0003" in caplog.text


def test_reports_are_a_desk_only_where_they_are_made(client: Client) -> None:
    """No dead link: without a report there is neither the desk nor its page."""
    assert "/reports/daily" not in client.get("/").text
    assert client.get("/reports/daily").status_code == 404

    def report(*, day: date, reader: object, language: str, as_of: AsOf) -> str:
        return f"<p>{day} {reader} {language} {as_of.count}</p>"

    web = web_for(InventedPicture(count=20), report=report)
    with TestClient(web, base_url="http://127.0.0.1") as made:
        assert 'href="/reports/daily"' in made.get("/").text
        page = made.get("/reports/daily?day=2031-05-03&as=PUBLIC&lang=fr").text
        assert "<p>2031-05-03 PUBLIC fr " in page
        assert made.get("/reports/daily?day=someday").status_code == 400
        assert ".daily-report" in made.get("/reports/daily.css").text


def test_the_rail_leads_only_to_what_is_there(client: Client) -> None:
    """Desks that are not built yet are not shown."""
    text = client.get("/").text
    rail = text[text.index('<nav class="rail"') : text.index("</nav>")]
    for address in re.findall(r'href="(/[^"]*)"', rail):
        if not address.startswith("/static/"):
            assert client.get(address).status_code == 200


def test_files_are_served_for_ever_under_their_digest(client: Client) -> None:
    """Scripts and styles carry a digest in their address, and each one is there."""
    text = client.get("/").text
    files = set(re.findall(r'(?:src|href)="(/static/[^"#]+)', text))
    assert len(files) > 5
    for name in files:
        answer = client.get(name)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]


def test_long_answers_travel_small(client: Client) -> None:
    """Tens of thousands of features are megabytes; what is read is the same."""
    whole = client.get("/map/features", headers={"accept-encoding": "identity"})
    small = client.get("/map/features", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in whole.headers
    assert small.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in small.headers["vary"]
    assert int(small.headers["content-length"]) < len(whole.content) / 4
    assert small.json()["features"] == whole.json()["features"]


def test_an_incident_says_when_a_reason_is_about_another_one(client: Client) -> None:
    """Several incidents count for one finding; each page leads to the most telling."""
    texts = [client.get(f"/incidents/i-{number:04}").text for number in range(1, 60)]
    deciders = [re.findall(r"data-decider href=\"([^\"]+)\"", text) for text in texts]
    found = [address for addresses in deciders for address in addresses]
    assert found, "some incident must share its finding with others"
    for address in found:
        assert client.get(address.replace("&amp;", "&")).status_code == 200
        assert (
            f'data-reference="{address.split("open=")[1]}"' in client.get(address).text
        )


def test_the_record_page_tells_how_far_others_vouch_for_it(
    client: Client, source: InventedPicture
) -> None:
    """Whoever distrusts the operator sees whose word there is beside theirs."""
    text = client.get("/record").text
    assert f"the first {source.statement_count - 1} statements" in text
    assert "2 of {osprey, heron, merlin}" in text
    assert "no outside authority has stamped a checkpoint" in text
