"""A real Chromium before a real server. Every test here shares what they ask for.

To try the same tests on another record, override the fixture `served`.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright
from tests.conftest import skip_for_want_of

_REPOSITORY = Path(__file__).resolve().parents[2]
# No graphics card, no calls home: the machine of a test has neither.
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
)
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_START_S = 30.0


class Served(Protocol):
    """A record that is being served, and a way to make something happen in it."""

    @property
    def url(self) -> str:
        """The address of its picture, without a closing slash."""

    def happen(self) -> None:
        """Seal something that becomes a new incident, at the record's own present."""


@dataclass
class InventedServer:
    """The invented record in a process of its own."""

    url: str
    process: subprocess.Popen[str]

    def happen(self) -> None:
        """Seal a new incident and wait until it is sealed."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("happen fire\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline().startswith("happened ")


@dataclass
class Witnessed:
    """What a page did that nobody should have to see."""

    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def hear(self, message: ConsoleMessage) -> None:
        """Keep errors; warnings are the graphics driver's."""
        if message.type == "error":
            self.errors.append(message.text)

    def see(self, request: Request) -> None:
        """Keep requests that leave this machine."""
        parts = urlsplit(request.url)
        is_inside = parts.scheme in ("data", "blob") or parts.hostname in _LOOPBACK
        if not is_inside:
            self.foreign.append(request.url)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; skips loudly where there is none.

    For one module only: while Playwright runs, no other test can run an event loop.
    """
    path = os.environ.get("TRUCE_CHROMIUM") or shutil.which("chromium")
    if path is None:
        skip_for_want_of(
            "Chromium", how="apt-get install chromium, or set TRUCE_CHROMIUM"
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def served() -> Iterator[Served]:
    """The invented record, anew for each test."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.browser.invented_server"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=_REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(_REPOSITORY / "src")},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    assert address.startswith("http://127.0.0.1:")
    yield InventedServer(address, process)
    process.stdin.close()
    try:
        process.wait(timeout=_START_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise
    finally:
        process.stdout.close()


@pytest.fixture
def witnessed() -> Witnessed:
    """What the page of the test is caught at."""
    return Witnessed()


@pytest.fixture
def page(chromium: Browser, served: Served, witnessed: Witnessed) -> Iterator[Page]:
    """A desk's screen. Fails after the test if the page erred or called elsewhere."""
    # The screen goes dark before the server does, whose end would be an error on it.
    assert served.url
    context = chromium.new_context(
        viewport={"width": 1440, "height": 900},
        color_scheme="dark",
        locale="en-GB",
        accept_downloads=False,
    )
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.on("console", witnessed.hear)
    page.on("pageerror", lambda error: witnessed.errors.append(str(error)))
    page.on("request", witnessed.see)
    yield page
    context.close()
    assert witnessed.foreign == [], "the page asked for something beyond this machine"
    assert witnessed.errors == []


def open_picture(page: Page, address: str) -> None:
    """Open a picture and wait until its map is drawn and its news has come in."""
    page.goto(address)
    page.wait_for_selector("#map[data-ready]")


def totals(page: Page) -> tuple[int, int, int]:
    """The list's total, the map's features, and how many of them have a place."""
    total = int("".join(c for c in page.inner_text("#total") if c.isdigit()))
    features = page.get_attribute("#map", "data-total")
    located = page.get_attribute("#map", "data-located")
    assert features is not None
    assert located is not None
    return total, int(features), int(located)


def wait_for_map(page: Page) -> None:
    """Wait until map and list hold the same number of incidents."""
    page.wait_for_function(
        """() => document.getElementById("answer").dataset.total
            === document.getElementById("map").dataset.total"""
    )
