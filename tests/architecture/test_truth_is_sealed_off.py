"""No room but the scorers can read what really happened in an exercise."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import truce
import truce.exercise
from truce.exercise import land, play
from truce.exercise._world import events
from truce.exercise.truth import TrueIncident, truth

_SOURCE = Path(truce.__file__).resolve().parent
_EXERCISE = "truce.exercise"
# What other rooms may import of the exercise; the scorers may import its truth as well.
_OPEN = frozenset({f"{_EXERCISE}.land", f"{_EXERCISE}.play"})
_SCORERS = "truce.scoring"
_TRUTH = f"{_EXERCISE}.truth"
_DYNAMIC = frozenset({"__import__", "import_module", "find_spec", "run_module"})


def reaches_truth(source: str, module: str) -> list[str]:
    """Every way in which a module's source reaches for an exercise's inside."""
    allowed = _OPEN | ({_TRUTH} if _is_in(module, _SCORERS) else frozenset())
    tree = ast.parse(source)
    faults = [
        f"{module} imports {name}"
        for name in _imported(tree, module)
        if _is_in(name, _EXERCISE) and not _is_open(name, allowed)
    ]
    faults += [
        f"{module} names {text[:60]!r}"
        for text in _texts_in(tree)
        if "exercise.truth" in text or "exercise._" in text
    ]
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) in _DYNAMIC:
            faults += [
                f"{module} imports {argument!r} as it runs"
                for argument in _texts_in(node)
                if "exercise" in argument
            ]
    return faults + _private_attributes(tree, module)


def _is_open(name: str, allowed: frozenset[str]) -> bool:
    return any(_is_in(name, one) for one in allowed) and "._" not in name


def _is_in(name: str, parent: str) -> bool:
    return name == parent or name.startswith(parent + ".")


def _imported(tree: ast.AST, module: str) -> Iterator[str]:
    """The full name of everything that is imported, relative imports resolved."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = module.split(".")[: -node.level]
                base = ".".join([*package, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def _called(node: ast.Call) -> str:
    function = node.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _texts_in(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def _private_attributes(tree: ast.AST, module: str) -> list[str]:
    """`play._clock` and the like: going in by the back door of an open module."""
    names = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith(_EXERCISE)
        for alias in node.names
    }
    return [
        f"{module} takes {node.value.id}.{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in names
        and node.attr.startswith("_")
    ]


def _modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(_SOURCE.rglob("*.py")):
        parts = path.relative_to(_SOURCE.parent).with_suffix("").parts
        name = ".".join(parts)
        if not _is_in(name, _EXERCISE):
            yield name, path


def test_no_room_but_scoring_imports_the_truth() -> None:
    """Every source file of every other room is read: none reaches into the exercise.

    An answer made with the truth at hand would make every score worthless.
    """
    faults = [
        fault
        for name, path in _modules()
        for fault in reaches_truth(path.read_text(encoding="utf-8"), name)
    ]
    assert not faults


@pytest.mark.parametrize(
    "source",
    [
        "import truce.exercise.truth",
        "import truce.exercise",
        "from truce.exercise import truth",
        "from truce.exercise import *",
        "from truce.exercise.truth import truth",
        "from truce.exercise._world import events",
        "from truce.exercise import _world",
        "from ..exercise import truth",
        "from ..exercise.truth import truth as t",
        "import importlib\nimportlib.import_module('truce.exercise.truth')",
        "from importlib import import_module\nimport_module(f'truce.exercise.{x}')",
        "__import__('truce.exercise')",
        "name = 'truce.exercise._world'",
        "from truce.exercise import play\nplay._clock.STARTS_AT",
        "def later():\n    from truce.exercise import truth",
    ],
)
def test_every_way_in_is_noticed(source: str) -> None:
    """Each way to reach the truth that we can think of is a fault in another room.

    Without this the test above could pass because it looks at nothing.
    """
    assert reaches_truth(source, "truce.workflows.peek")


@pytest.mark.parametrize(
    "source",
    [
        "from truce.exercise.play import play",
        "from truce.exercise.land import base_map",
        "from truce.exercise import play, land",
        "from truce.workflows.exercise.play import hours_of",
    ],
)
def test_the_open_modules_stay_open(source: str) -> None:
    """Playing an exercise is no breach, and must not be refused as one."""
    assert reaches_truth(source, "truce.app.playing") == []


def test_only_scoring_may_ask_for_the_truth() -> None:
    """The scorers import the truth and nothing else of the world's inside."""
    source = "from truce.exercise.truth import truth"
    assert reaches_truth(source, "truce.scoring.exercise") == []
    assert reaches_truth(source, "truce.scoring_of_another_kind")
    assert reaches_truth("from truce.exercise._world import events", "truce.scoring.x")


def test_public_names_of_play_and_land_tell_nothing_of_the_truth() -> None:
    """What may be imported hands out neither the truth nor a way to it."""
    for module in (play, land):
        for name in module.__all__:
            value = getattr(module, name)
            assert value is not truth
            assert value is not TrueIncident
            home = getattr(value, "__module__", "")
            assert home not in (_TRUTH, f"{_EXERCISE}._world")
    assert not hasattr(play, "truth")
    assert not hasattr(land, "truth")


def test_a_delivery_has_no_field_for_the_truth() -> None:
    """A delivery holds what a real feed would hand in, and nothing beside it."""
    fields = set(play.ExerciseDelivery.__dataclass_fields__)
    assert fields == {
        "feed",
        "participant",
        "participant_name",
        "file_name",
        "received_at",
        "raw",
    }


def test_no_delivery_names_a_true_incident() -> None:
    """Neither the truth's ids nor the world's own keys stand in any byte handed in.

    A key in a delivery would let the fusion join reports by the answer.
    """
    handed_in = b"\n".join(
        delivery.file_name.encode() + b"\n" + delivery.raw
        for delivery in play.play(11, days=3)
    )
    assert b"truth" not in handed_in
    for incident in truth(11, 3):
        assert incident.id.encode() not in handed_in
        assert incident.id.removeprefix("truth-").encode() not in handed_in
    for event in events(11, 3):
        assert event.key.encode() not in handed_in
