"""Every shipped example finds what it says; every number of an agreement matters."""

import re
from pathlib import Path

import pytest
from tests.scenarios.examples import (
    AGREEMENTS,
    Example,
    differences,
    examples_under,
    findings_of,
    read_example,
)

from truce.compliance.explain import IF_IN_FORCE, TEMPLATES
from truce.compliance.model import Verdict
from truce.errors import InvalidAgreement

CORRIDOR = AGREEMENTS / "corridor-2022"
EXAMPLES = [read_example(path) for path in examples_under(CORRIDOR)]
# The last field of a date or a time counts as a number of its own, like any other
# number.
NUMBER = re.compile(r"\d+(?:\.\d+)?")
# Sentences, sources and comments hold numbers for people; no finding may rest on them.
FOR_PEOPLE = re.compile(
    r"#[^\n]*|^(?:title|note):[^\n]*|source:[^\n]*"
    r"|says:(?: >-\n(?: {6}[^\n]*\n)+|[^\n]*)",
    re.MULTILINE,
)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.path.stem)
def test_an_example_finds_what_a_lawyer_has_read(example: Example) -> None:
    """A lawyer reviewed verdict, incidents and reason; a change of any of them must
    show.
    """
    assert differences(example, findings_of(example)) == []


def test_the_examples_show_every_verdict_and_every_reason() -> None:
    """A verdict or a reason without an example is one that nobody has reviewed."""
    found = [finding for one in EXAMPLES for finding in findings_of(one).values()]
    expected_clauses = [(one.path, e.clause) for one in EXAMPLES for e in one.expected]
    reasons = {finding.reason_key for finding in found}

    assert len(expected_clauses) >= len(EXAMPLES) >= 10
    assert {finding.verdict for finding in found} == set(Verdict)
    assert reasons == TEMPLATES.keys() - {IF_IN_FORCE, "pending.doubt"}


def _mutations(text: str) -> list[tuple[int, str, str]]:
    """Line, old word and text for every number changed by a little, one at a time."""
    hidden = [match.span() for match in FOR_PEOPLE.finditer(text)]
    changed = []
    for match in NUMBER.finditer(text):
        start, end = match.span()
        if any(first <= start < last for first, last in hidden):
            continue
        line = text.count("\n", 0, start) + 1
        changed.append((line, match[0], text[:start] + _other(match[0]) + text[end:]))
    return changed


def _other(number: str) -> str:
    """A number of the same form, larger by a tenth or by one unit of its last digit."""
    decimals = len(number.partition(".")[2])
    unit = 10.0**-decimals
    larger = float(number) + max(unit, min(0.1 * float(number), 0.05))
    if decimals:
        return f"{larger:.{decimals}f}"
    return str(int(number) + 1).zfill(len(number))


@pytest.mark.parametrize(
    "agreement", sorted(CORRIDOR.glob("*.yaml")), ids=lambda path: path.stem
)
def test_changing_any_number_of_an_agreement_fails_an_example(
    agreement: Path,
) -> None:
    """A number that could be changed unnoticed is one that no example has tested."""
    examples = [one for one in EXAMPLES if one.agreement == agreement]
    survivors = []
    mutations = _mutations(agreement.read_text(encoding="utf-8"))
    for line, number, text in mutations:
        try:
            failing = any(
                differences(one, findings_of(one, text.encode())) for one in examples
            )
        except InvalidAgreement:
            failing = True
        if not failing:
            survivors.append(f"{agreement.name}:{line}: {number}")

    assert len(mutations) > 20
    assert survivors == []
