"""The name of a package tells of what kind of record it is, wherever it is copied."""

import pytest

from truce.errors import InvalidInput
from truce.record import RecordKind
from truce.workflows.custody.export import verify_name_tells


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("exercise-kestrel-evidence", RecordKind.EXERCISE),
        ("EXERCISE_kestrel.zip", RecordKind.EXERCISE),
        ("kestrel-study", RecordKind.STUDY),
        ("real", RecordKind.REAL),
    ],
)
def test_a_name_that_tells_the_kind_is_taken(name: str, kind: RecordKind) -> None:
    """The word stands by itself, in any case."""
    verify_name_tells(name, kind)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("kestrel-evidence", RecordKind.EXERCISE),
        ("exercises", RecordKind.EXERCISE),
        ("real-exercise", RecordKind.EXERCISE),
        ("exercise-kestrel", RecordKind.REAL),
        ("unreal", RecordKind.REAL),
        ("", RecordKind.STUDY),
    ],
)
def test_a_name_that_misleads_is_refused(name: str, kind: RecordKind) -> None:
    """No kind, another kind, two kinds, or a word that only holds one."""
    with pytest.raises(InvalidInput, match=f"of kind {kind}"):
        verify_name_tells(name, kind)
