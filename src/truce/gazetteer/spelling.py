"""What stays the same when a name is spelt in another script or by another rule.

Three forms, from strict to loose: `folded` (case, accents and marks gone), `skeleton`
(one Latin spelling for every romanisation of the same Cyrillic sounds: Zaporizhzhya,
Zaporizhzhia and Запоріжжя are one) and `consonants` (what Ukrainian and Russian forms
share: Sloviansk, Slavyansk).
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

_MARKS: Final = re.compile("['’‘ʼʹʺ`´\"«»“”ʿʾ]")
_BREAKS: Final = re.compile(r"[\s\-‐‑–—_/.]+")
# Ukrainian, Russian and Belarusian letters as one rough romanisation, before the sounds
# are merged.
_LATIN: Final = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "є": "ie",
        "ё": "io", "ж": "zh", "з": "z", "и": "i", "і": "i", "ї": "i", "й": "i",
        "к": "k",
        "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t",
        "у": "u", "ў": "v", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh",
        "щ": "shch", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "iu", "я": "ia",
        "ł": "l", "ı": "i", "ø": "o", "ß": "s", "æ": "e", "đ": "d",
    }
)  # fmt: skip
# Spellings of one sound, applied in this order: longer ones first.
_SOUNDS: Final = (
    ("zgh", "zg"), ("shch", "sc"), ("tsch", "c"), ("sch", "sc"), ("tch", "c"),
    ("kh", "g"),
    ("zh", "z"), ("sh", "s"), ("ch", "c"), ("cz", "c"), ("sz", "s"), ("ts", "c"),
    ("tz", "c"), ("ph", "f"), ("th", "t"), ("x", "ks"), ("q", "k"),
    ("w", "v"), ("h", "g"), ("y", "i"), ("j", "i"),
)  # fmt: skip
_GLIDE: Final = re.compile("i+(?=[aeou])")
_DOUBLED: Final = re.compile(r"([a-z])\1+")
_VOWELS: Final = re.compile("[aeiou]")
# Ukrainian and Russian forms of one name (Sloviansk, Slavyansk; Horske, Hirske) differ
# in one vowel or two; beyond that other towns begin (Buzova, Bziv).
_VOWELS_APART_MAX: Final = 2
# Endings of a Slavic adjective of place, in skeleton form: -skyi, -ska, -ske, -skoho,
# -skaya ...
_ADJECTIVE: Final = re.compile("(?:(?<=[cz])|s)k(?:i|a|e|oe|oi|ogo|iu|om|omu|im)$")
# What a town's name may gain before that ending (Rivne, Rivnenskyi; Yalta, Yaltynskyi).
_LINKS: Final = ("", "en", "iv", "in", "an", "n", "ov", "ev", "i")


@lru_cache(maxsize=65536)
def folded(text: str) -> str:
    """Lower case, no accents, marks or hyphens, single spaces; scripts are kept."""
    out = []
    for letter in unicodedata.normalize("NFC", text).casefold():
        if letter in "йїё":
            out.append(letter)
            continue
        parts = unicodedata.normalize("NFKD", letter)
        out.append("".join(c for c in parts if not unicodedata.combining(c)))
    return _BREAKS.sub(" ", _MARKS.sub("", "".join(out))).strip()


@lru_cache(maxsize=65536)
def skeleton(text: str) -> str:
    """The name's sounds in a few Latin letters, words joined; "" if it has none.

    Kherson, Херсон and Herson are `gerson`; h, g and kh count as one, because Ukrainian
    г is written h and Russian г is written g.
    """
    sounds = folded(text).translate(_LATIN)
    for spelling, sound in _SOUNDS:
        sounds = sounds.replace(spelling, sound)
    sounds = _GLIDE.sub("", re.sub("[^a-z0-9]", "", sounds))
    return _DOUBLED.sub(r"\1", sounds)


def consonants(sounds: str) -> str:
    """A skeleton without its vowels, doubled letters merged."""
    return _DOUBLED.sub(r"\1", _VOWELS.sub("", sounds))


def has_alike_vowels(a: str, b: str) -> bool:
    """Whether two skeletons of the same consonants differ in at most two vowels."""
    mine, theirs = (re.split("[^aeiou]", sounds) for sounds in (a, b))
    if len(mine) != len(theirs):
        return False
    apart: int = sum(x != y for x, y in zip(mine, theirs, strict=True))
    return apart <= _VOWELS_APART_MAX


def foreign_readings(text: str) -> tuple[str, ...]:
    """The name read as a German, Pole or Frenchman spells it: Cherson, Jytomyr."""
    name = folded(text)
    changes = (("ch", "kh"), ("j", "zh"), ("tsch", "ch"))
    return tuple(new + name[len(old) :] for old, new in changes if name.startswith(old))


def adjective_stem(text: str) -> str:
    """The stem of a place adjective (Umanska, Уманський give `uman`), or "" if it is
    none.
    """
    sounds = skeleton(text)
    found = _ADJECTIVE.search(sounds)
    return sounds[: found.start()] if found and found.start() >= 2 else ""


def _softened(stem: str) -> str:
    """The stem's last consonant as it sounds or is written before the ending.

    Kremenchuk, Kremenchutskyi; Bakhmut, Bakhmutskyi (whose ts is no sound of its own).
    """
    for last, soft in (("g", "z"), ("k", "c"), ("t", "c")):
        if stem.endswith(last):
            return stem[: -len(last)] + soft
    return stem


@lru_cache(maxsize=65536)
def adjective_stems(name: str) -> frozenset[str]:
    """Every stem that an adjective made from the town's name may have.

    Bila Tserkva gives, among others, `bilocerkiv`; Kryvyi Rih `krivoriz`; Horlivka
    `gorliv`.
    """
    words = folded(name).split(" ")
    whole = {skeleton(name)}
    if len(words) == 2:
        first = re.sub("[aeiou]+$", "", skeleton(words[0]))
        whole.add(f"{first}o{skeleton(words[1])}")
    stems: set[str] = set()
    for sounds in whole:
        bare = re.sub("[aeiou]+$", "", sounds)
        roots = {sounds, bare}
        roots |= {
            bare[: -len(end)]
            for end in ("sk", "k", "c", "s", "sc", "ec", "ok", "ck")
            if bare.endswith(end) and len(bare) - len(end) >= 2
        }
        # A vowel slips in between the two last consonants: Tserkva, tserkivskyi.
        if len(bare) > 3 and not _VOWELS.search(bare[-2:]):
            roots |= {f"{bare[:-1]}{vowel}{bare[-1]}" for vowel in "eio"}
        if len(bare) > 3 and bare[-2] in "eo":  # and one drops out: Ромни, Kovel
            roots.add(bare[:-2] + bare[-1])
        stems |= {_softened(root) for root in roots} | roots
        stems |= {root + link for root in roots for link in _LINKS}
    return frozenset(stem for stem in stems if len(stem) >= 2)


def is_one_slip_apart(a: str, b: str) -> bool:
    """Whether one letter changed, lost, added or swapped with its neighbour makes `a`
    into `b`.
    """
    if a == b:
        return True
    if len(a) > len(b):
        a, b = b, a
    if len(b) - len(a) > 1:
        return False
    start = next(
        (i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(a)
    )
    if len(a) < len(b):
        return a[start:] == b[start + 1 :]
    if a[start + 1 :] == b[start + 1 :]:
        return True
    swapped = a[start : start + 2] == b[start : start + 2][::-1]
    return swapped and a[start + 2 :] == b[start + 2 :]


__all__ = [
    "adjective_stem",
    "adjective_stems",
    "consonants",
    "folded",
    "foreign_readings",
    "has_alike_vowels",
    "is_one_slip_apart",
    "skeleton",
]
