"""The verifier stays independent and short enough to be read."""

import ast
import importlib
import sys
from pathlib import Path

import pytest

import truce_verify

FOLDER = Path(truce_verify.__file__).parent
FILES = sorted(FOLDER.glob("*.py"))
# A careful person reads so much in one evening.
LINES_MAX = 1000


def imported(path: Path) -> set[str]:
    """The first part of everything that a file imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(str(node.module) if node.level == 0 else ".")
    return {name.split(".")[0] for name in names}


def test_it_imports_python_and_cryptography_alone() -> None:
    """Two implementations check each other only where they share nothing."""
    assert len(FILES) == len(list(FOLDER.rglob("*.py"))) > 5
    for path in FILES:
        foreign = imported(path) - sys.stdlib_module_names
        assert foreign <= {"cryptography", "truce_verify"}, path.name


def test_loading_it_does_not_load_truce() -> None:
    """Nor does anything that it imports."""
    import subprocess

    code = "import sys, truce_verify.__main__; print('truce' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


def test_truce_does_not_lean_on_it() -> None:
    """What checks truce is no part of truce."""
    sources = list((FOLDER.parent / "truce").rglob("*.py"))
    assert len(sources) > 50
    for path in sources:
        assert "truce_verify" not in imported(path), path


def test_it_can_be_read_by_one_person() -> None:
    """The number may only be lowered."""
    lines = sum(path.read_text(encoding="utf-8").count("\n") for path in FILES)
    assert lines <= LINES_MAX


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_file_says_what_it_checks_and_what_it_offers(path: Path) -> None:
    """A numbered list opens it, the code repeats the numbers; `__all__` is sorted."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    told = ast.get_docstring(tree) or ""
    if path.name != "__init__.py":
        assert "\n1. " in told
    name = "truce_verify" if path.name == "__init__.py" else f"truce_verify.{path.stem}"
    module = importlib.import_module(name)
    defined = {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name[0] != "_"
    }
    public: list[str] = module.__all__
    assert defined <= set(public)
    assert all(hasattr(module, one) for one in public)
    kinds = [(0 if n.isupper() else 1 if n[0].isupper() else 2, n) for n in public]
    assert kinds == sorted(kinds)
