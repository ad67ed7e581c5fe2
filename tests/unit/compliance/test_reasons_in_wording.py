"""The reasons of compliance and the texts that pages show say the same, in every
language."""

import string

import pytest

from truce.compliance.explain import PHRASES, TEMPLATES
from truce.wording.tables import LANGUAGES, table


def _values(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_the_english_texts_are_those_of_compliance() -> None:
    """A sealed finding and the page beside it: two wordings of one reason would be two
    reasons."""
    english = table("en")

    assert {key: english.get(f"reason.{key}") for key in TEMPLATES} == TEMPLATES
    assert {
        key: english.get(f"phrase.{key.replace('/', '.')}") for key in PHRASES
    } == PHRASES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_gives_every_reason_with_values_that_it_has(
    language: str,
) -> None:
    """A translation may leave a value out, but none that asks for one which is not
    there."""
    texts = table(language)
    wrong = [
        key
        for key, template in TEMPLATES.items()
        if not _values(texts.get(f"reason.{key}", "{missing}")) <= _values(template)
    ]

    assert wrong == []
