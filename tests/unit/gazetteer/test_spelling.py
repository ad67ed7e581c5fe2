"""What stays the same when a name is spelt otherwise."""

import pytest

from truce.gazetteer.spelling import (
    adjective_stem,
    adjective_stems,
    folded,
    has_alike_vowels,
    is_one_slip_apart,
    skeleton,
)


@pytest.mark.parametrize(
    "spellings",
    [
        ("Zaporizhzhia", "Zaporizhzhya", "Zaporizhia", "Запоріжжя"),
        ("Vyshhorod", "Вишгород", "VYSHHOROD"),
        ("Kamianets-Podilskyi", "Kam'yanets' Podil's'kyy", "Кам’янець-Подільський"),
        ("Kherson", "Херсон", "Herson"),
        ("Shchastia", "Щастя", "Shchastya"),
        ("Mykolaiv", "Mykolayiv", "Миколаїв"),
    ],
)
def test_one_name_has_one_skeleton(spellings: tuple[str, ...]) -> None:
    """Three alphabets' spellings of one name must meet in one key."""
    assert len({skeleton(spelling) for spelling in spellings}) == 1


def test_numbers_are_part_of_a_name() -> None:
    """Camp 4 is not camp 5, and post 11 is not post 1."""
    assert skeleton("Camp 4") != skeleton("Camp 5")
    assert skeleton("Post 11") != skeleton("Post 1")


@pytest.mark.parametrize(
    ("adjective", "town"),
    [
        ("Umanskyi", "Uman"),
        ("Уманська", "Умань"),
        ("Kremenchutskyi", "Kremenchuk"),
        ("Kryvorizka", "Kryvyi Rih"),
        ("Bilotserkivskyi", "Bila Tserkva"),
        ("Bakhmutska", "Bakhmut"),
        ("Rivnenska", "Rivne"),
        ("Horlivska", "Horlivka"),
        ("Oleshkivska", "Oleshky"),
        ("Vinnytska", "Vinnytsia"),
        ("Romenskyi", "Romny"),
    ],
)
def test_an_adjective_leads_to_its_town(adjective: str, town: str) -> None:
    """Raions are named by adjectives that change the town's last sounds."""
    assert adjective_stem(adjective) in adjective_stems(town)


def test_no_adjective_has_no_stem() -> None:
    """A plain name must not be cut as if it were an adjective."""
    assert adjective_stem("Uman") == ""
    assert adjective_stem("Ska") == ""


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("doneck", "doneck", True),
        ("doneck", "donesk", True),
        ("doneck", "donek", True),
        ("doneck", "donekc", True),
        ("doneck", "dontsc", False),
        ("doneck", "don", False),
        ("", "a", True),
    ],
)
def test_one_slip(a: str, b: str, expected: bool) -> None:
    """One wrong, lost, added or swapped letter is a slip; two are another name."""
    assert is_one_slip_apart(a, b) is expected
    assert is_one_slip_apart(b, a) is expected


def test_two_vowels_may_differ_and_no_more() -> None:
    """Sloviansk is Slavyansk; Buzova is not Bziv."""
    assert has_alike_vowels("slovansk", "slavansk")
    assert not has_alike_vowels("buzova", "bziv")


def test_folding_keeps_the_ukrainian_letters() -> None:
    """й and ї are letters of their own, not и and і with marks."""
    assert folded("Їжа-Мій’ Кут") == "їжа мій кут"
