"""The house keeps its own rules: imports, sizes, names, documents."""

import ast
import importlib
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import truce

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
# Guides of docs/reference/house.md. They may only be lowered.
FILE_LINES_MAX = 500
FUNCTION_LINES_MAX = 70
# Rooms with an inside of their own; a module in one is told by its room's docstring.
DOCUMENTS = ("README.md", "LICENSE", "NOTICE", "docs/GLOSSARY.md")


def modules() -> Iterator[str]:
    """Every public module of truce by name."""
    for found in pkgutil.walk_packages(truce.__path__, "truce."):
        if not any(part.startswith("_") for part in found.name.split(".")):
            yield found.name


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function in a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_imports_point_toward_the_record() -> None:
    """Every contract of the house holds, and no room stands outside them."""
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_files_and_functions_stay_readable(path: Path) -> None:
    """A careful person reads a file in one sitting and a function on one screen."""
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= FILE_LINES_MAX, f"{path} has {lines} lines"
    for function in functions(path):
        length = (function.end_lineno or function.lineno) - function.lineno + 1
        assert length <= FUNCTION_LINES_MAX, f"{path}:{function.name} has {length}"


@pytest.mark.parametrize("name", list(modules()))
def test_public_names_are_complete_and_sorted(name: str) -> None:
    """What a module offers stands in `__all__`, sorted, exists, and is documented."""
    module = importlib.import_module(name)
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    defined = {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
    }
    public = list(getattr(module, "__all__", []))
    # Constants first, then classes, then functions: the order that ruff keeps.
    kinds = [(0 if n.isupper() else 1 if n[0].isupper() else 2, n) for n in public]
    assert kinds == sorted(kinds), f"{name}.__all__ is not sorted"
    # A command or a route is offered by being registered, not by its name.
    if not name.startswith(("truce.cli.", "truce.web.")):
        missing = sorted(defined - set(public))
        assert not missing, f"{name}.__all__ lacks {missing}"
    for item in public:
        assert hasattr(module, item), f"{name}.{item} does not exist"


def test_every_room_says_what_it_is() -> None:
    """A newcomer reads in ten lines what comes in and what goes out of a room."""
    for folder in sorted((ROOT / "src" / "truce").iterdir()):
        if (folder / "__init__.py").exists():
            told = ast.get_docstring(ast.parse((folder / "__init__.py").read_text()))
            assert told, f"{folder.name} says nothing of itself"
            told = " ".join(told.split())
            for word in ("In:", "Always", "Not decided here"):
                assert word in told, f"{folder.name} does not say {word!r}"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_exist(name: str) -> None:
    """What the README promises to a newcomer is there."""
    assert (ROOT / name).stat().st_size > 0


def test_decisions_are_numbered_and_have_a_status() -> None:
    """Each hard decision is found by its number, and says whether it holds."""
    numbers = []
    for path in sorted((ROOT / "docs" / "adr").glob("*.md")):
        match = re.fullmatch(r"(\d{4})-[a-z0-9-]+\.md", path.name)
        assert match, path.name
        numbers.append(int(match[1]))
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {match[1]} "), path.name
        assert re.search(r"^Status: ", text, re.MULTILINE), path.name
    assert numbers == list(range(1, len(numbers) + 1))


def test_readme_shows_every_command() -> None:
    """The README's table of commands is the command line's own list."""
    from truce.cli import app

    nouns = {group.name for group in app.registered_groups}
    verbs = {
        command.name or str(getattr(command.callback, "__name__", ""))
        for command in app.registered_commands
    }
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for word in sorted(nouns | verbs, key=str):
        assert f"truce {word}" in readme, f"README does not show truce {word}"


def test_glossary_words_are_used() -> None:
    """A word that the glossary defines and nobody uses is a word too many."""
    glossary = (ROOT / "docs" / "GLOSSARY.md").read_text(encoding="utf-8")
    words = re.findall(r"^\| ([^|]+) \|", glossary, re.MULTILINE)[1:]
    assert len(words) > 40
    code = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES).lower()
    for row in words:
        first = re.split(r"[,(/]", row)[0].strip()
        assert first == "---" or first.lower() in code, f"{first!r} is used nowhere"
