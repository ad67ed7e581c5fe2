"""The picture as people use it, in a real browser."""

import json
import re

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from tests.browser.conftest import Served, open_picture, totals, wait_for_map


def test_a_watch_officer_finds_reads_and_verifies(page: Page, served: Served) -> None:
    """Filter, choose an incident, read its evidence, verify its proof: the whole path
    from a dot on the map to the signed root, without leaving the page.
    """
    open_picture(page, served.url)
    everything = totals(page)
    assert everything[0] == everything[1] > 0

    chip = page.locator("label.chip").first
    expected = int(chip.locator("b").inner_text())
    chip.click()
    page.wait_for_url(re.compile(r"state=breached"))
    expect(page.locator("#total")).to_have_text(str(expected))
    wait_for_map(page)
    assert totals(page)[:2] == (expected, expected)
    assert page.locator("#rows .row .state.breached").count() == min(expected, 100)

    row = page.locator("#rows .row").first
    reference = row.get_attribute("data-reference")
    kind = row.locator(".what").inner_text().split("\n")[0]
    row.locator("a").click()
    dossier = page.locator("#detail .dossier")
    expect(dossier.locator("h2")).to_have_text(re.compile(re.escape(kind[:5])))
    assert f"open={reference}" in page.url
    assert "state=breached" in page.url
    expect(dossier.locator(".verdict").first).to_be_visible()
    evidence = dossier.locator(".evidence").first
    expect(evidence.locator(".grade").first).to_have_text(re.compile("^[A-F][1-6]$"))
    expect(evidence.locator(".sealed").first).to_be_visible()

    evidence.locator("button.verify").first.click()
    proof = evidence.locator(".proof").first
    expect(proof.locator(".answer-line.holds")).to_be_visible()
    roots = proof.locator("code").all_inner_texts()[-2:]
    assert roots[0] == roots[1]
    assert re.fullmatch("[0-9a-f]{64}", roots[0])


def test_something_new_arrives_by_itself(page: Page, served: Served) -> None:
    """While somebody looks on, an incident is sealed: it comes into list, map, timeline
    and totals without a touch, tinted for two seconds.
    """
    open_picture(page, served.url)
    expect(page.locator("#live.on")).to_be_visible()
    before = totals(page)
    address = page.url
    served.happen()
    expect(page.locator("#total")).to_have_text(str(before[0] + 1))
    expect(page.locator("#rows .row.fresh").first).to_be_visible()
    wait_for_map(page)
    assert totals(page)[:2] == (before[0] + 1, before[1] + 1)
    expect(page.locator("#rows .row.fresh")).to_have_count(0)
    assert page.url == address, "what came by itself is no step in the history"


def test_a_changed_entry_does_not_verify(page: Page, served: Served) -> None:
    """Somebody between server and reader alters one byte of the logged statement."""

    def alter(route: Route) -> None:
        answer = route.fetch()
        proof = answer.json()
        letters = list(proof["entry"])
        letters[8] = "A" if letters[8] != "A" else "B"
        route.fulfill(response=answer, json={**proof, "entry": "".join(letters)})

    open_picture(page, served.url)
    page.route("**/proof/*", alter)
    page.locator("#rows .row a").first.click()
    page.locator("button.verify").first.click()
    expect(page.locator(".proof .answer-line.fails")).to_be_visible()
    expect(page.locator(".proof .holds")).to_have_count(0)


@pytest.mark.parametrize("fault", ["origin", "size", "path", "root"])
def test_a_false_proof_does_not_verify(page: Page, served: Served, fault: str) -> None:
    """The checkpoint is of another record or size, a hash is missing, the root lies."""

    def falsify(route: Route) -> None:
        answer = route.fetch()
        proof = answer.json()
        lines = proof["checkpoint"].split("\n")
        if fault == "origin":
            lines[0] = "elsewhere.example/other"
        elif fault == "size":
            lines[1] = str(int(lines[1]) + 1)
        elif fault == "root":
            lines[2] = lines[2][::-1].lstrip("=") + "="
        else:
            proof["hashes"].pop()
        changed = {**proof, "checkpoint": "\n".join(lines)}
        route.fulfill(response=answer, body=json.dumps(changed))

    page.route("**/proof/*", falsify)
    open_picture(page, served.url)
    page.locator("#rows .row a").first.click()
    page.locator("button.verify").first.click()
    expect(page.locator(".proof .answer-line.fails")).to_be_visible()


def test_the_keyboard_is_enough(page: Page, served: Served) -> None:
    """Without a mouse: search, walk the list, open, verify, close, move the time."""
    open_picture(page, served.url)
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.locator("body").press("Escape")
    page.locator("#q").evaluate("field => field.blur()")
    page.keyboard.press("j")
    expect(page.locator("#rows .row a").nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator("#rows .row a").nth(1)).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.locator("#detail h2")).to_be_focused()
    verify = page.locator("button.verify").first
    verify.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".proof .holds")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#detail")).to_be_hidden()
    expect(page.locator("#rows .row a").nth(0)).to_be_focused()
    assert "open=" not in page.url
    before = totals(page)[0]
    page.locator("#timeline .plot").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(re.compile("from="))
    expect(page.locator("#clear")).to_be_visible()
    wait_for_map(page)
    assert totals(page)[0] == totals(page)[1] < before


def test_a_drag_over_the_bars_chooses_a_time(page: Page, served: Served) -> None:
    """The brush, the list, the map and the address all hold the same span."""
    open_picture(page, served.url)
    before = totals(page)[0]
    box = page.locator("#timeline .plot").bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.3, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, middle, steps=6)
    page.mouse.up()
    page.wait_for_url(re.compile(r"from=.*&to="))
    wait_for_map(page)
    chosen = totals(page)
    assert 0 < chosen[0] == chosen[1] < before
    expect(page.locator(".brush")).to_be_visible()
    page.reload()
    page.wait_for_selector("#map[data-ready]")
    assert totals(page) == chosen, "the address says what is shown"
    page.locator("#timeline .clear").click()
    page.wait_for_selector("#map[data-ready]")
    assert totals(page)[0] == before


def test_the_list_may_follow_the_map(page: Page, served: Served) -> None:
    """With the box ticked the list holds what the map shows; so does the address."""
    open_picture(page, served.url)
    before = totals(page)[0]
    page.locator("#follow-map").check()
    page.wait_for_url(re.compile("bbox="))
    for _ in range(3):
        shown = page.url
        page.locator(".map-tools button").first.click()
        page.wait_for_function("before => location.href !== before", arg=shown)
    expect(page.locator("#total")).not_to_have_text(str(before))
    wait_for_map(page)
    near = totals(page)
    assert near[0] == near[1] < before
    page.locator("#follow-map").uncheck()
    expect(page.locator("#total")).to_have_text(str(before))
    wait_for_map(page)


def test_going_back_shows_what_was_shown(page: Page, served: Served) -> None:
    """The browser's own button undoes a filter."""
    open_picture(page, served.url)
    before = totals(page)
    page.locator("label.chip").nth(1).click()
    page.wait_for_url(re.compile("state="))
    wait_for_map(page)
    assert totals(page) != before
    page.go_back()
    page.wait_for_selector("#map[data-ready]")
    expect(page.locator("#total")).to_have_text(str(before[0]))
    wait_for_map(page)


@pytest.mark.parametrize(
    ("language", "kind", "live"),
    [
        ("en", "EXERCISE", "Live"),
        ("uk", "НАВЧАННЯ", "Наживо"),
        ("fr", "EXERCICE", "En direct"),
    ],
)
def test_three_languages_say_the_same(
    page: Page, served: Served, language: str, kind: str, live: str
) -> None:
    """Title, band, list and what scripts say are in one language, and it stays."""
    open_picture(page, served.url)
    page.locator(f".languages a[lang={language}]").click()
    page.wait_for_selector("#map[data-ready]")
    assert page.title().startswith(f"{kind} · ")
    band = page.locator(".band strong")
    assert band.inner_text() == kind
    assert page.locator(".stamp").inner_text() == kind
    expect(page.locator("#live.on")).to_have_attribute("title", re.compile(live))
    page.locator("#rows .row a").first.click()
    page.locator("button.verify").first.click()
    expect(page.locator(".proof .holds")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == language
    assert not re.search(
        r"\b(verify|kind|state|reason)\.[a-z]", page.inner_text("body")
    )


def test_the_theme_stays(page: Page, served: Served) -> None:
    """Dim is the default where the system asks for dark; the switch is remembered."""
    open_picture(page, served.url)
    dim = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("#theme").click()
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dim != light
    page.reload()
    page.wait_for_selector("#map[data-ready]")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == light


def test_the_public_sees_the_same_page_with_less(page: Page, served: Served) -> None:
    """Previewed as the public: fewer, coarser, no feeds, and totals still agree."""
    open_picture(page, served.url)
    mechanism = totals(page)
    page.goto(f"{served.url}/?as=PUBLIC")
    page.wait_for_selector("#map[data-ready]")
    wait_for_map(page)
    public = totals(page)
    assert public[0] == public[1] < mechanism[0]
    expect(page.locator("input[name=feed]")).to_have_count(0)


def test_it_works_without_scripts(chromium: Browser, served: Served) -> None:
    """A browser that runs nothing still filters, opens an incident and comes back."""
    context = chromium.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(served.url)
    assert page.locator("#rows .row").count() == 100
    page.locator("label.chip").first.click()
    page.locator("button.apply").click()
    assert "state=breached" in page.url
    total = int(page.inner_text("#total"))
    assert page.locator("#rows .row").count() == min(100, total)
    page.locator("#rows .row a").first.click()
    expect(page.locator(".dossier h2")).to_be_visible()
    expect(page.locator(".evidence .grade").first).to_be_visible()
    context.close()
