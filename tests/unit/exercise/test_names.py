"""Invented names in three scripts."""

import pytest

from truce.exercise._names import (
    russian_from_latin,
    slug_from_name,
    ukrainian_from_latin,
)


@pytest.mark.parametrize(
    ("name", "ukrainian", "russian"),
    [
        ("Selmar", "Селмар", "Селмар"),
        ("Kestrin", "Кестрін", "Кестрин"),
        ("Tessany", "Тессани", "Тессаны"),
        ("Halvet", "Галвет", "Халвет"),
        ("Brethia", "Бретія", "Бретия"),
        ("Jorvath", "Джорват", "Джорват"),
        ("Lake Nimra", "Лаке Німра", "Лаке Нимра"),
    ],
)
def test_the_two_cyrillic_spellings_differ_as_real_ones_do(
    name: str, ukrainian: str, russian: str
) -> None:
    """Sources of three languages must name one place, so its names must differ."""
    assert ukrainian_from_latin(name) == ukrainian
    assert russian_from_latin(name) == russian


def test_slugs_are_fit_for_ids() -> None:
    """Agreements name places by these."""
    assert slug_from_name("Tolvik Works") == "tolvik-works"
