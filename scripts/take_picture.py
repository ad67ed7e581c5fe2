"""Takes the screenshot of the built-in exercise that the README shows.

    .venv/bin/python scripts/take_picture.py

Needs Chromium (apt-get install chromium). Only an exercise is ever pictured: a picture
of real data would show places and people that are not ours to show.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from truce.app import ReportPages, begin_exercise, gate_of, wall_clock
from truce.web.serve import Page, served

ROOT = Path(__file__).resolve().parents[1]
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--no-first-run",
)


def main() -> int:
    """Plays the exercise, opens its page and writes docs/picture.png."""
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.stderr.write("no chromium: apt-get install chromium\n")
        return 3
    with (
        tempfile.TemporaryDirectory() as scratch,
        begin_exercise(Path(scratch) / "record", seed=1, days=10) as playing,
    ):
        playing.play()
        opened = playing.opened
        gate = gate_of(opened)
        page = Page(
            source=opened.source,
            gate=gate,
            clock=lambda: opened.now(wall_clock()),
            report=ReportPages(opened, gate),
        )
        with served(page, "127.0.0.1", 0) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium, args=list(ARGUMENTS)
            )
            screen = browser.new_page(
                viewport={"width": 1440, "height": 900}, color_scheme="dark"
            )
            screen.goto(address)
            screen.wait_for_selector("#map[data-ready]")
            screen.locator("#rows .row a").first.click()
            screen.wait_for_selector("#detail .dossier")
            screen.wait_for_timeout(2500)
            screen.screenshot(path=ROOT / "docs" / "picture.png")
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
