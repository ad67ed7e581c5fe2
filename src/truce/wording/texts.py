"""Looking up a text and filling in its values."""

from collections.abc import Iterable

from truce.wording.tables import LANGUAGES, PLURALS, Language, table


def text(language: Language, key: str, **values: object) -> str:
    """The text of a key in a language, its placeholders filled in.

    Raises:
        RuntimeError: no such language or key, or a value is missing: our bug.
    """
    try:
        return _found(language, key).format_map(values)
    except (KeyError, IndexError) as error:
        raise RuntimeError(f"{language}.toml: {key!r} lacks a value {error}") from error


def raw_text(language: Language, key: str) -> str:
    """The text of a key with its placeholders left in, for scripts that fill them.

    Raises:
        RuntimeError: no such language or key: our bug.
    """
    return _found(language, key)


def counted(language: Language, key: str, count: int) -> str:
    """The form of a text that goes with a count, with `{count}` filled in if it has it.

    Raises:
        RuntimeError: no such language or key: our bug.
    """
    category = PLURALS[language](abs(count))
    return text(language, f"{key}.{category}", count=count)


def reason_text(
    language: Language, key: str, values: Iterable[tuple[str, str]], *, default: str
) -> str:
    """Why a finding is as it is, or `default` where the language has no such reason.

    A value that is a word of ours (a kind, a side) is said in the language too; what
    the agreement calls its own things stays as it is. A reason that lacks a value is
    said in full by `default`, which is always there.
    """
    # The sentences of release stand with the texts that reports share.
    own = key if key.startswith("release.") else f"reason.{key}"
    if not has_text(language, own):
        return default
    words = {name: _phrase(language, name, value) for name, value in values}
    try:
        sentence = _found(language, own).format_map(words)
    except KeyError:
        return default
    if words.get("status") == "proposed":
        return _found(language, "reason.if-in-force") + sentence
    return sentence


def has_text(language: Language, key: str) -> bool:
    """Whether a language has a text for a key."""
    return key in table(language)


def keys(language: Language) -> frozenset[str]:
    """Every key of a language."""
    return frozenset(table(language))


def _phrase(language: Language, name: str, value: str) -> str:
    return table(language).get(f"phrase.{name}.{value}", value)


def _found(language: Language, key: str) -> str:
    if language not in LANGUAGES:
        raise RuntimeError(f"no texts in {language!r}; there are {LANGUAGES}")
    found = table(language).get(key)
    if found is None:
        raise RuntimeError(f"{language}.toml has no text {key!r}")
    return found


__all__ = ["counted", "has_text", "keys", "raw_text", "reason_text", "text"]
