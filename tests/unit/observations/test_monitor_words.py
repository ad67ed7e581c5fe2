"""Which kind of thing a monitor's own word means."""

import pytest

from truce.observations.kinds import Kind
from truce.observations.monitor_words import WORDS, kind_from_word


@pytest.mark.parametrize("kind", Kind)
def test_our_own_kinds_mean_themselves(kind: Kind) -> None:
    """An exercise writes our kinds; none may be turned into another."""
    assert kind_from_word(kind.value) is kind


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("Undetermined  explosion", Kind.EXPLOSION),
        ("MUZZLE FLASH", Kind.EXPLOSION_OUTGOING),
        ("siren", Kind.ALARM),
    ],
)
def test_monitors_words_are_known(word: str, kind: Kind) -> None:
    """Case and blanks differ from one patrol's pen to the next."""
    assert kind_from_word(word) is kind


@pytest.mark.parametrize("word", ["", "boom", "explosion of laughter"])
def test_an_unknown_word_is_undetermined(word: str) -> None:
    """Something was seen; guessing what would be worse than saying so."""
    assert kind_from_word(word) is Kind.UNDETERMINED


def test_words_are_written_as_they_are_looked_up() -> None:
    """An entry with a capital letter could never be found."""
    assert all(word == " ".join(word.casefold().split()) for word in WORDS)
