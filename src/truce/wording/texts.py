"""Looking up a text and filling in its values."""

from truce.wording.tables import LANGUAGES, PLURALS, Language, table


def text(language: Language, key: str, **values: object) -> str:
    """The text of a key in a language, its placeholders filled in.

    Raises:
        RuntimeError: no such language or key, or a placeholder without a value: our bug.
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


def has_text(language: Language, key: str) -> bool:
    """Whether a language has a text for a key."""
    return key in table(language)


def keys(language: Language) -> frozenset[str]:
    """Every key of a language."""
    return frozenset(table(language))


def _found(language: Language, key: str) -> str:
    if language not in LANGUAGES:
        raise RuntimeError(f"no texts in {language!r}; there are {LANGUAGES}")
    found = table(language).get(key)
    if found is None:
        raise RuntimeError(f"{language}.toml has no text {key!r}")
    return found


__all__ = ["counted", "has_text", "keys", "raw_text", "text"]
