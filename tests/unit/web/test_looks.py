"""What the look promises, as far as numbers can tell: contrast, size, no dead words."""

import re
from pathlib import Path

import pytest

from truce.observations.kinds import Kind
from truce.observations.model import Grade
from truce.web.rendering import STATIC, kind_symbol
from truce.wording import LANGUAGES, keys

_STYLE = (STATIC / "style.css").read_text()
_TEMPLATES = Path(STATIC).parent / "templates"
# Source: WCAG 2.2, success criterion 1.4.6 (contrast, enhanced).
_CONTRAST_MIN = 7.0
_TEXTS = (
    "text",
    "soft",
    "met",
    "pending",
    "breached",
    "undetermined",
    "blind",
    "none",
)
_GROUNDS = ("ground", "pane", "raised")


def _tokens(theme: str) -> dict[str, str]:
    """The colours of a theme: dim ones are the root's, light ones override them."""
    blocks = re.findall(r"(:root[^{]*)\{([^{}]*)\}", _STYLE)
    found = dict(re.findall(r"--([\w-]+): (#\w{6});", blocks[0][1]))
    if theme == "light":
        light = next(body for name, body in blocks if '[data-theme="light"]' in name)
        found |= dict(re.findall(r"--([\w-]+): (#\w{6});", light))
    return found


def _luminance(colour: str) -> float:
    """Relative luminance. Source: WCAG 2.2, definitions."""

    def linear(part: str) -> float:
        value = int(part, 16) / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(colour[i : i + 2]) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["dim", "light"])
@pytest.mark.parametrize("ground", _GROUNDS)
@pytest.mark.parametrize("text", _TEXTS)
def test_text_can_be_read(theme: str, ground: str, text: str) -> None:
    """A tired eye in a dim room, or sun on a screen: at least 7 to 1 everywhere."""
    tokens = _tokens(theme)
    assert _contrast(tokens[text], tokens[ground]) >= _CONTRAST_MIN


@pytest.mark.parametrize("theme", ["dim", "light"])
def test_a_past_moment_and_a_button_can_be_read(theme: str) -> None:
    """Text also stands on the past moment's ground and on the filled button."""
    tokens = _tokens(theme)
    assert _contrast(tokens["on-past"], tokens["past"]) >= _CONTRAST_MIN
    assert _contrast(tokens["ground"], tokens["text"]) >= _CONTRAST_MIN


def test_both_ways_into_the_light_theme_are_one() -> None:
    """The system's wish and the page's switch give the very same colours."""
    bodies = [
        sorted(re.findall(r"--[\w-]+: [^;]+;", body))
        for name, body in re.findall(r"(:root[^{]*)\{([^{}]*)\}", _STYLE)
        if "color-scheme: light" in body
    ]
    assert len(bodies) == 2
    assert bodies[0] == bodies[1]


def test_own_scripts_are_small() -> None:
    """Under 100 kB of our own script, all files together, uncompressed."""
    size = sum(path.stat().st_size for path in STATIC.glob("*.js"))
    assert 0 < size < 100_000


def test_every_kind_has_its_own_shape() -> None:
    """A kind is told by its shape, so no two shapes are alike and none is missing."""
    sprite = (STATIC / "symbols.svg").read_text()
    shapes = dict(re.findall(r'<symbol id="([^"]+)"[^>]*>(.*?)</symbol>', sprite))
    drawn = [shapes[kind_symbol(kind.value)] for kind in Kind]
    assert len(set(drawn)) == len(Kind)


def test_templates_say_only_words_that_exist() -> None:
    """A misspelt key would break a page only when somebody opens it."""
    known = keys("en")
    said = set()
    for path in sorted(_TEMPLATES.glob("*.html")):
        said |= set(re.findall(r"""\bt\('([^']+)'[,)]""", path.read_text()))
    assert len(said) > 60
    assert said <= known


def test_scripts_say_only_words_that_exist() -> None:
    """The same for what scripts say."""
    known = keys("en")
    said = set()
    for path in sorted(STATIC.glob("*.js")):
        said |= set(re.findall(r"""words\.t\("([^"]+)"[,)]""", path.read_text()))
    assert len(said) > 15
    assert said <= known


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_grade_has_words(language: str) -> None:
    """Each letter and figure of the Admiralty scale is told in plain words."""
    known = keys(language)
    for letter in "ABCDEF":
        for figure in range(1, 7):
            grade = Grade(reliability=letter, credibility=figure)
            assert f"reliability.{grade.reliability}" in known
            assert f"credibility.{grade.credibility}" in known


def test_states_of_bars_differ_without_colour() -> None:
    """On a grey print of the timeline each state still has a look of its own."""
    fills = dict(re.findall(r"\.plot rect\.(\w+) \{ fill: ([^;]+);", _STYLE))
    assert fills["pending"] == "none"
    patterns = {state for state, fill in fills.items() if fill.startswith("url(#")}
    assert patterns == {"met", "undetermined"}
    base = (_TEMPLATES / "base.html").read_text()
    for state in patterns:
        assert f'<pattern id="{fills[state][5:-1]}"' in base
    assert len({fills[state] for state in patterns}) == len(patterns)
    # Filled whole are the gravest state and, fainter, what carries no finding at all.
    assert re.search(r"\.plot rect\.none \{[^}]*fill-opacity: 0\.5;", _STYLE)
