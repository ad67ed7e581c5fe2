"""Three languages that say the same."""

import re
from string import Formatter

import pytest

from truce.compliance.explain import PHRASES, TEMPLATES, text_of_reason
from truce.compliance.model import Verdict
from truce.observations.kinds import Kind
from truce.picture.answer import Step
from truce.picture.ports import RecordKind
from truce.picture.question import Sort, State
from truce.places import PlaceBasis
from truce.release.model import Reader
from truce.wording import (
    LANGUAGES,
    counted,
    keys,
    language_from_header,
    raw_text,
    reason_text,
    text,
)
from truce.wording.tables import CATEGORIES, PLURALS

_CATEGORY = re.compile(r"\.(one|few|many|other)$")


def _counting(language: str) -> set[str]:
    """The keys that have a form for each plural category of the language."""
    found: dict[str, set[str]] = {}
    for key in keys(language):
        if ending := _CATEGORY.search(key):
            found.setdefault(_CATEGORY.sub("", key), set()).add(ending.group(1))
    return {key for key, forms in found.items() if forms == set(CATEGORIES[language])}


def _plain(language: str) -> set[str]:
    return {key for key in keys(language) if not _CATEGORY.search(key)}


def _placeholders(language: str, key: str) -> set[str]:
    parts = Formatter().parse(raw_text(language, key))
    return {name for _, name, _, _ in parts if name}


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_language_has_every_text(language: str) -> None:
    """A page never falls back to another language without saying so."""
    assert _plain(language) == _plain("en")
    assert _counting(language) == _counting("en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_counted_texts_have_every_form(language: str) -> None:
    """Every key with a plural ending belongs to a whole set of them."""
    partial = {_CATEGORY.sub("", k) for k in keys(language) if _CATEGORY.search(k)}
    assert partial == _counting(language)


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_text_takes_the_same_values(language: str) -> None:
    """A value that English gives is not lost, and none is asked for that is not."""
    for key in _plain("en"):
        assert _placeholders(language, key) == _placeholders("en", key), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty(language: str) -> None:
    """An empty text would be a button without a word."""
    assert all(raw_text(language, key).strip() for key in keys(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_ours_has_a_text(language: str) -> None:
    """Kinds, states, verdicts, readers, orders, steps: none is shown as a code."""
    wanted = [f"kind.{one}" for one in Kind]
    wanted += [f"state.{one}" for one in State]
    wanted += [f"verdict.{one}" for one in Verdict]
    wanted += [f"reader.{one}" for one in Reader]
    wanted += [f"sort.{one}" for one in Sort]
    wanted += [f"step.{one}" for one in Step]
    wanted += [f"basis.{one}" for one in PlaceBasis]
    wanted += [f"record.{one}" for one in RecordKind]
    wanted += [f"record.{one}.band" for one in RecordKind]
    wanted += [f"reason.{key}" for key in TEMPLATES]
    wanted += [f"phrase.{key.replace('/', '.', 1)}" for key in PHRASES]
    assert set(wanted) <= keys(language)


def test_english_reasons_are_those_of_compliance() -> None:
    """One sentence in two places would drift apart; here they are held together."""
    for key, sentence in TEMPLATES.items():
        assert raw_text("en", f"reason.{key}") == sentence
    for key, phrase in PHRASES.items():
        assert raw_text("en", f"phrase.{key.replace('/', '.', 1)}") == phrase


def test_a_reason_is_said_in_the_language() -> None:
    """A finding's key and values become a sentence with our words translated."""
    names = _placeholders("en", "reason.breached")
    values = dict.fromkeys(sorted(names), "7") | {
        "kind": "explosion.impact",
        "side": "inside",
        "area": "Lower Hythe",
    }
    pairs = tuple(values.items())
    english = reason_text("en", "breached", pairs, default="none")
    assert english == text_of_reason("breached", pairs)
    ukrainian = reason_text("uk", "breached", pairs, default="none")
    assert ukrainian.startswith("Влучання")
    assert "усередині Lower Hythe" in ukrainian


def test_an_unknown_reason_is_said_as_it_came() -> None:
    """A newer agreement brings an untranslated reason: its own sentence stays."""
    assert reason_text("uk", "brand-new", (), default="As is.") == "As is."
    assert reason_text("uk", "breached", (), default="As is.") == "As is."


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("en", {0: "other", 1: "one", 2: "other", 21: "other"}),
        ("fr", {0: "one", 1: "one", 2: "other", 1000: "other"}),
        (
            "uk",
            {0: "many", 1: "one", 2: "few", 5: "many", 11: "many", 12: "many"}
            | {21: "one", 22: "few", 25: "many", 111: "many", 101: "one"},
        ),
    ],
)
def test_plurals_follow_the_language(language: str, forms: dict[int, str]) -> None:
    """21 incidents are `подія` in Ukrainian and `incidents` in English."""
    assert {n: PLURALS[language](n) for n in forms} == forms


def test_counts_are_spelled() -> None:
    """The same key in three languages, each with its own form."""
    assert counted("en", "witnesses.count", 1) == "1 witness"
    assert counted("uk", "witnesses.count", 3) == "3 свідки"
    assert counted("fr", "witnesses.count", 0) == "0 témoin"


def test_a_missing_text_or_value_is_our_bug() -> None:
    """A key that nobody wrote must not reach a page as a code."""
    with pytest.raises(RuntimeError, match=r"en\.toml has no text 'nothing'"):
        text("en", "nothing")
    with pytest.raises(RuntimeError, match=r"'list\.of' lacks a value 'count'"):
        text("en", "list.of")
    with pytest.raises(RuntimeError, match="no texts in 'de'"):
        text("de", "list.of")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("uk", "uk"),
        ("fr-CA,fr;q=0.9,en;q=0.8", "fr"),
        ("de,uk;q=0.7,fr;q=0.8", "fr"),
        ("de-DE", "en"),
        ("en;q=0,uk;q=0.1", "uk"),
        ("uk;q=high,,;;fr", "en"),
    ],
)
def test_browsers_ask_for_a_language(header: str, language: str) -> None:
    """The reader's browser says what they read; nonsense in it breaks nothing."""
    assert language_from_header(header) == language
