"""Shown by 6: the built-in exercise, from raw bytes to a verified proof."""

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Served, open_picture, totals, wait_for_map

_REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass
class ExerciseServer:
    """The exercise in a process of its own."""

    url: str
    process: subprocess.Popen[str]

    def happen(self) -> None:
        """Play on until an incident is new."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("on\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "happened\n"


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """Two and a half days played; the rest is played while somebody watches."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.browser.exercise_server"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=_REPOSITORY,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    assert address.startswith("http://127.0.0.1:")
    yield ExerciseServer(address, process)
    process.stdin.close()
    try:
        process.wait(timeout=30.0)
    finally:
        process.kill()
        process.stdout.close()


def test_filter_read_and_verify(page: Page, served: Served) -> None:
    """A watch officer filters to impacts, opens one, reads what it rests on, and checks
    in the browser that the statement stands in the log.
    """
    open_picture(page, f"{served.url}/?kind=explosion.impact")
    expect(page.locator("body")).to_contain_text("Exercise")
    listed, on_map, _ = totals(page)
    assert listed == on_map > 0
    assert "EXERCISE" in page.title().upper()

    page.locator("#rows .row a").first.click()
    dossier = page.locator("#detail .dossier")
    expect(dossier.locator("h2")).to_contain_text("Impact")
    evidence = dossier.locator(".evidence").first
    expect(evidence.locator(".grade").first).to_have_text(re.compile("^[A-F][1-6]$"))
    evidence.locator("button.verify").first.click()
    proof = evidence.locator(".proof").first
    expect(proof.locator(".answer-line.holds")).to_be_visible()
    computed, signed = proof.locator("code").all_inner_texts()[-2:]
    assert computed == signed


def test_a_new_incident_arrives_by_itself(page: Page, served: Served) -> None:
    """The exercise is played on: what happened comes into list and map unasked."""
    open_picture(page, f"{served.url}/")
    expect(page.locator("#live.on")).to_be_visible()
    before = page.evaluate(
        "[...document.querySelectorAll('#rows .row')].map(r => r.dataset.reference)"
    )
    served.happen()
    expect(page.locator("#rows .row.fresh").first).to_be_visible()
    fresh = page.locator("#rows .row.fresh").first.get_attribute("data-reference")
    assert fresh not in before
    wait_for_map(page)
    listed, on_map, _ = totals(page)
    assert listed == on_map


def test_only_invented_names_are_shown(page: Page, served: Served) -> None:
    """No real organisation, state or place is named as a source of invented events."""
    page.goto(f"{served.url}/incidents")
    everything = page.content()
    page.goto(f"{served.url}/record")
    everything += page.content()
    for name in ("Bellingcat", "NASA", "Information Resilience", "Ukrain", "Russia"):
        assert name not in everything
