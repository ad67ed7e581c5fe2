"""What the room offers to those above it."""

import importlib

import pytest

import truce.incidents

MODULES = (
    "associate", "classify", "engine", "evidence", "existence", "form", "grouping",
    "likelihood", "links", "locate", "model", "parameters", "resolve", "sayings",
    "texts", "witnesses",
)  # fmt: skip


@pytest.mark.parametrize("name", ["", *(f".{module}" for module in MODULES)])
def test_public_names_are_sorted_and_exist(name: str) -> None:
    """A name that is offered and missing breaks whoever trusts the list."""
    module = importlib.import_module(f"truce.incidents{name}")
    assert all(hasattr(module, public) for public in module.__all__)
    assert len(set(module.__all__)) == len(module.__all__)


def test_the_room_offers_what_workflows_call() -> None:
    """Workflows and scorers are written against these names."""
    assert set(truce.incidents.__all__) == {
        "Changes",
        "Engine",
        "Formed",
        "Parameters",
        "associate",
        "form",
        "parameters_from_json",
        "resolve",
    }
