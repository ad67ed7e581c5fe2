"""For every figure the query that makes it: each address leads to the very figure."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from tests.unit.web.conftest import on_loopback

from truce.app import CUT_OFF, begin_exercise, gate_of, open_record
from truce.release import Gate, Reader
from truce.reporting import DailyReport, Figure, Subject
from truce.reporting.query import address_of
from truce.web import make_web
from truce.workflows.picture.source import RecordSource
from truce.workflows.reporting.daily import make_daily_report

Client = TestClient[Litestar]
SEED = 41
DAYS = 2
DAY = date(2031, 5, 5)
# Two weeks on even the public is given fire, findings and provinces.
LATER = date(2031, 5, 25)
NOW = datetime(2031, 6, 20, tzinfo=UTC)
MakeReport = Callable[[Reader, date], DailyReport]


@pytest.fixture(scope="module")
def exercise(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two days of an exercise, sealed."""
    folder = tmp_path_factory.mktemp("addresses") / "exercise"
    with begin_exercise(folder, seed=SEED, days=DAYS) as playing:
        playing.play()
    return folder


@pytest.fixture(scope="module")
def record(exercise: Path) -> Iterator[tuple[RecordSource, Gate]]:
    """The record's answers and its gate."""
    with open_record(exercise) as opened:
        yield opened.source, gate_of(opened)


@pytest.fixture(scope="module")
def make_report(record: tuple[RecordSource, Gate]) -> MakeReport:
    """Makes the report of a day for a reader, reconciled."""
    source, gate = record

    def make(reader: Reader, day: date) -> DailyReport:
        return make_daily_report(
            source, day=day, cut_off=CUT_OFF, reader=reader, now=NOW, gate=gate
        )

    return make


@pytest.fixture(scope="module")
def client(record: tuple[RecordSource, Gate]) -> Iterator[Client]:
    """Asks the record's pages from loopback."""
    with site(*record) as client:
        yield client


@contextmanager
def site(source: RecordSource, gate: Gate) -> Iterator[Client]:
    """The pages of a record behind a gate."""
    web = make_web(source, clock=lambda: NOW, readers=on_loopback, gate=gate)
    with TestClient(web, base_url="http://127.0.0.1") as client:
        yield client


def total_on_page(client: Client, address: str) -> int:
    """The one total that the page at an address shows."""
    answer = client.get(address)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    totals = re.findall(r'id="total">([^<]*)<', answer.text)
    assert len(totals) == 1, f"{address} shows {len(totals)} totals"
    return int(re.sub(r"\D", "", totals[0]))


def total_in_values(client: Client, address: str) -> int:
    """The total of the same question as JSON, which as many rows go with."""
    _, _, query = address.partition("?")
    values = client.get(f"/api/picture?{query}").json()
    assert len(values["incidents"]) == values["totals"]["matched"]
    return int(values["totals"]["matched"])


def disagreements(client: Client, figures: tuple[Figure, ...]) -> list[str]:
    """Every figure whose address gives something else, as a sentence."""
    found = []
    for figure in figures:
        address = address_of(figure.query)
        told = {"page": total_on_page(client, address)}
        if figure.query.subject in (Subject.INCIDENTS, Subject.CHANGES):
            told["JSON"] = total_in_values(client, address)
        found += [
            f"{figure.key} is {figure.value}, {what} of {address} says {count}"
            for what, count in told.items()
            if count != figure.value
        ]
    return found


@pytest.mark.parametrize("day", [date(2031, 5, 4), DAY, LATER])
@pytest.mark.parametrize("reader", list(Reader))
def test_every_figure_is_what_its_address_shows(
    client: Client, make_report: MakeReport, reader: Reader, day: date
) -> None:
    """A hostile reader follows each link of a report and counts for himself."""
    figures = make_report(reader, day).figures
    assert len(figures) > 10
    assert disagreements(client, figures) == []


def test_the_comparison_would_find_a_wrong_figure(
    client: Client, make_report: MakeReport
) -> None:
    """Were every total taken as right, the test above would show nothing."""
    figures = make_report(Reader.MECHANISM, DAY).figures
    wrong = tuple(replace(one, value=one.value + 1) for one in figures)
    found = disagreements(client, wrong)
    assert all(
        any(line.startswith(f"{one.key} is ") for line in found) for one in wrong
    )


def test_reports_hold_figures_of_every_sort(make_report: MakeReport) -> None:
    """A report of zeros would agree with pages that always show nothing."""
    told = {
        (reader, figure.key.partition("/")[0])
        for reader, day in (
            (Reader.MECHANISM, DAY),
            (Reader.CELL, DAY),
            (Reader.PUBLIC, LATER),
        )
        for figure in make_report(reader, day).figures
        if figure.value
    }
    counted = {"ledger", "kind", "province", "band", "verdict", "finding"}
    assert {(Reader.MECHANISM, name) for name in counted | {"reading"}} <= told
    assert {(Reader.CELL, name) for name in counted} <= told
    assert {(Reader.PUBLIC, name) for name in counted - {"finding"}} <= told


def test_addresses_hold_without_names_for_incidents(
    record: tuple[RecordSource, Gate],
) -> None:
    """On a mirror readers have no names, and two incidents may look alike."""
    source, gate = record
    nameless = Gate(provinces=gate.provinces)
    for reader in (Reader.CELL, Reader.PUBLIC):
        report = make_daily_report(
            source, day=DAY, cut_off=CUT_OFF, reader=reader, now=NOW, gate=nameless
        )
        with site(source, nameless) as client:
            assert disagreements(client, report.figures) == []


def test_lines_of_the_ledger_add_up_on_pages(
    client: Client, make_report: MakeReport
) -> None:
    """Each incident that a line names stands on the page that the line leads to."""
    for reader in (Reader.MECHANISM, Reader.CELL):
        lines = make_report(reader, DAY).ledger.lines
        assert any(line.differences for line in lines)
        for line in lines:
            query = address_of(line.figure.query).partition("?")[2]
            rows = client.get(f"/api/picture?{query}").json()["incidents"]
            named = {one.reference for one in line.differences}
            assert {row["reference"] for row in rows} == named


@pytest.mark.parametrize("reader", ["CELL", "PARTIES", "PUBLIC"])
def test_why_something_came_is_not_told_to_others(client: Client, reader: str) -> None:
    """Merged or new, that tells of reports which release holds up."""
    address = f"/incidents?change=new&since=2031-05-04T22:30:00Z&as={reader}"
    answer = client.get(address)
    assert answer.status_code == 400
    assert "only the mechanism is told" in answer.text
    assert "revised-in" in answer.text
