"""Invented place names in three scripts.

The names belong to no language: they are made of syllables that many have. Their
Cyrillic forms are made by rule, and the Ukrainian and Russian rules differ (i, y, e,
h), as they do for real places, so that a name must be looked up in all three.
"""

from typing import Final

_UKRAINIAN: Final = {
    "shch": "щ", "sh": "ш", "ch": "ч", "zh": "ж", "kh": "х", "th": "т", "ph": "ф",
    "ya": "я", "yu": "ю", "ye": "є", "yo": "йо", "ck": "к", "ia": "ія",
    "a": "а", "b": "б", "c": "к", "d": "д", "e": "е", "f": "ф", "g": "ґ", "h": "г",
    "i": "і", "j": "дж", "k": "к", "l": "л", "m": "м", "n": "н", "o": "о", "p": "п",
    "r": "р", "s": "с", "t": "т", "u": "у", "v": "в", "w": "в", "x": "кс", "y": "и",
    "z": "з",
}  # fmt: skip
_RUSSIAN: Final = _UKRAINIAN | {
    "ye": "е", "yo": "ё", "ia": "ия", "g": "г", "h": "х", "i": "и", "y": "ы",
}  # fmt: skip
_LONGEST_GROUP: Final = 4


def ukrainian_from_latin(name: str) -> str:
    """The name in Ukrainian letters; what has no rule stays as it is."""
    return _in_letters(name, _UKRAINIAN)


def russian_from_latin(name: str) -> str:
    """The name in Russian letters; what has no rule stays as it is."""
    return _in_letters(name, _RUSSIAN)


def slug_from_name(name: str) -> str:
    """The name as it stands in an id: lower case, hyphens."""
    return name.lower().replace(" ", "-")


def _in_letters(name: str, rules: dict[str, str]) -> str:
    return " ".join(_word_in_letters(word, rules) for word in name.split(" "))


def _word_in_letters(word: str, rules: dict[str, str]) -> str:
    letters, index, lower = [], 0, word.lower()
    while index < len(lower):
        for length in range(_LONGEST_GROUP, 0, -1):
            group = lower[index : index + length]
            if len(group) == length and group in rules:
                letters.append(rules[group])
                break
        else:
            letters.append(lower[index])
            length = 1
        index += length
    text = "".join(letters)
    return text[:1].upper() + text[1:] if word[:1].isupper() else text


__all__ = ["russian_from_latin", "slug_from_name", "ukrainian_from_latin"]
