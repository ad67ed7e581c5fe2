"""Every text that people read, in English, Ukrainian and French.

In: a language, a key and values. Out: the text. Each language is one table of texts
(`en.toml`, `uk.toml`, `fr.toml`) under the same keys with the same placeholders.

Always holds: no key is missing in any language, so a page never falls back to another
language without saying so. A text that counts things has one form for each plural
category of its language.

Not decided here: which language a reader gets, and how numbers and times are written.
"""

from truce.wording.tables import LANGUAGES, Language, language_from_header
from truce.wording.texts import counted, has_text, keys, raw_text, reason_text, text

__all__ = [
    "LANGUAGES",
    "Language",
    "counted",
    "has_text",
    "keys",
    "language_from_header",
    "raw_text",
    "reason_text",
    "text",
]
