"""A report as a page and as JSON: the same figures, in three languages, safely
escaped."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from truce.identifiers import FeedName, IncidentId
from truce.picture.ports import RecordKind
from truce.release import Reader
from truce.reporting import (
    DailyReport,
    ReportInput,
    render_body,
    render_html,
    report_json,
    report_name,
    stylesheet,
)
from truce.wording import LANGUAGES, keys

MakeReport = Callable[..., DailyReport]
MakeInput = Callable[[Reader], ReportInput]
HOSTILE = '<script>alert("x")</script>\u202e\u2066"\'><img src=x onerror=alert(1)>'


class Page(HTMLParser):
    """The figures, tags and shown text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.figures: dict[str, tuple[int, str]] = {}
        self.shown: dict[str, str] = {}
        self.tags: list[str] = []
        self._open = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect a figure's key, value and address."""
        self.tags.append(tag)
        found = dict(attrs)
        self._open = found.get("data-figure") or ""
        if self._open:
            value, address = found["data-value"], found["href"]
            assert self._open not in self.figures
            self.figures[self._open] = (int(value or ""), address or "")

    def handle_data(self, data: str) -> None:
        """What stands inside a figure's link."""
        if self._open:
            self.shown[self._open] = data
            self._open = ""


def figures_in(value: Any) -> Iterator[dict[str, Any]]:
    """Every figure anywhere in a JSON value."""
    if isinstance(value, dict):
        if {"key", "value", "query"} <= value.keys():
            yield value
        for inner in value.values():
            yield from figures_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from figures_in(inner)


@pytest.mark.parametrize("reader", list(Reader))
@pytest.mark.parametrize("language", LANGUAGES)
def test_page_and_json_agree_figure_by_figure(
    make_report: MakeReport, reader: Reader, language: str
) -> None:
    """Whoever reads the page and whoever reads the JSON quote the same numbers."""
    report = make_report(reader)
    page = Page(render_html(report, language))
    plain = {f["key"]: f for f in figures_in(json.loads(report_json(report)))}
    assert plain.keys() == {figure.key for figure in report.figures}
    assert page.figures == {key: (f["value"], f["address"]) for key, f in plain.items()}
    for key, shown in page.shown.items():
        assert int(re.sub(r"\D", "", shown)) == plain[key]["value"]


@pytest.mark.parametrize("kind", list(RecordKind))
def test_the_kind_of_record_is_unmistakable(
    make_report: MakeReport, make_input: MakeInput, kind: RecordKind
) -> None:
    """In the title, in the data, in the file's name and in the stripe it says which it
    is."""
    data = replace(make_input(Reader.MECHANISM), record_kind=kind)
    report = make_report(Reader.MECHANISM, data)
    page = render_html(report, "en")
    word = kind.value.upper()
    title = re.search(r"<title>(.*?)</title>", page)
    assert title is not None
    assert title[1].startswith(f"{word} · ")
    assert f'data-record-kind="{kind.value}"' in page
    assert page.count(f"<strong>{word}</strong>") == 2
    assert json.loads(report_json(report))["record_kind"] == kind.value
    assert report_name(report, "html").startswith(f"{word}-daily-2031-05-07-MECHANISM")


def test_hostile_text_stays_text(
    make_report: MakeReport, make_input: MakeInput
) -> None:
    """A source that writes scripts or turns the line's direction changes nothing."""
    data = make_input(Reader.MECHANISM)
    finding = replace(data.after.findings[0], reason=HOSTILE)
    line = replace(data.after.deliveries[1], feed=FeedName(HOSTILE))
    hostile = replace(
        data,
        record_name=HOSTILE,
        origin=HOSTILE,
        after=replace(
            data.after,
            findings=(finding,),
            deliveries=(data.after.deliveries[0], line),
        ),
    )
    report = make_report(Reader.MECHANISM, hostile)
    for text in (render_html(report, "en"), str(render_body(report, "fr"))):
        page = Page(text)
        assert "script" not in page.tags
        assert "img" not in page.tags
        assert "onerror=alert(1)&gt;" in text
        assert not re.search("[\u202a-\u202e\u2066-\u2069\u200e\u200f]", text)
        assert "\ufffd" in text


def test_page_needs_no_other_file(make_report: MakeReport) -> None:
    """A report that is mailed or printed must not fetch anything from anywhere."""
    page = render_html(make_report(), "en")
    assert not re.search(r"(?:src=|url\(|@import|<link|<script|https?:)", page)


def test_body_is_the_page_without_its_frame(make_report: MakeReport) -> None:
    """The desk shows the same article with the same styles."""
    report = make_report()
    page, body = render_html(report, "uk"), render_body(report, "uk")
    assert str(body) in page
    assert stylesheet() in page
    rules = re.findall(r"^\s*([.#\w:*\[][^{}@]*)\{", stylesheet(), re.MULTILINE)
    assert len(rules) > 30
    assert all(".daily-report" in rule for rule in rules)


def test_json_is_canonical_and_repeatable(make_report: MakeReport) -> None:
    """Made twice it is the same bytes, so that its hash can be published."""
    assert report_json(make_report()) == report_json(make_report())


def test_long_lists_are_cut_on_paper_and_say_so(
    make_report: MakeReport, make_input: MakeInput
) -> None:
    """Six hundred incidents: the page prints 500 and says that JSON holds all."""
    data = make_input(Reader.MECHANISM)
    one = data.after.incidents[2]
    many = tuple(replace(one, id=IncidentId(f"{one.id}-{n:03d}")) for n in range(600))
    report = make_report(
        Reader.MECHANISM, replace(data, after=replace(data.after, incidents=many))
    )
    page = render_html(report, "en")
    assert "The first 500 of 600 are printed" in page
    assert len(json.loads(report_json(report))["incidents"]) == 600


def test_every_language_has_the_same_texts() -> None:
    """No text of reports or release is missing in a language (plural forms apart)."""
    ours = {
        language: {
            re.sub(r"\.(one|few|many|other)$", "", key)
            for key in keys(language)
            if key.startswith(("report.", "release."))
        }
        for language in LANGUAGES
    }
    assert ours["en"] == ours["uk"] == ours["fr"]
    assert len(ours["en"]) > 80
