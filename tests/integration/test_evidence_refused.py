"""Evidence that must not go out: for other readers, half done, or under false names."""

from pathlib import Path

import pytest
from tests.integration.evidence import (
    AT,
    Case,
    call,
    contents,
    delivered,
    exported,
    make_case,
    put_verifier_beside,
    seal,
)

from truce.errors import InvalidInput, InvalidQuery, Unavailable
from truce.exchange.content_credentials import C2paCredentials
from truce.exchange.rfc3161 import OfflineStamps
from truce.record import (
    Record,
)
from truce.release import Reader
from truce.workflows.custody import _verifier
from truce.workflows.custody.export import Outside, export_evidence
from truce.workflows.custody.ports import Credentials


@pytest.fixture(autouse=True)
def verifier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The verifier stands beside truce."""
    put_verifier_beside(tmp_path, monkeypatch)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """An exercise record with photographs and a secret."""
    return make_case(tmp_path_factory.mktemp("case"))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../etc/passwd", "006-etc_passwd"),
        ("photo.jpg.tlog-proof", "006-photo.jpg.tlog-proof.bytes"),
        ("", "006-delivery.bin"),
        ("…/.hidden", "006-hidden"),
        ("фото.jpg", "006-jpg"),
        ("a\nb\x1b[2J.csv", "006-a_b_2J.csv"),
        ("x" * 300 + ".csv", "006-" + "x" * 96 + ".csv"),
    ],
)
def test_hostile_names_stay_in_their_folder(
    tmp_path: Path, name: str, expected: str
) -> None:
    """Whoever delivered wrote the name: it neither leads elsewhere nor poses as a
    proof.
    """
    folder = tmp_path / "study"
    assert call("init", folder, "--kind", "study")[0] == 0
    seal(folder, delivered(b"rows", name, feed="firms"))
    out = tmp_path / "study-names"
    exported(Record.opened(folder), out, 6)
    found = sorted(path.name for path in (out / "statements").iterdir())
    assert found == [expected, f"{expected}.tlog-proof"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("OUT", "--statements", "99"), "does not exist"),
        (("OUT", "--statements", "3-"), "such as 3,7-9"),
        (("OUT", "--statements", "9-3"), "a range that rises"),
        (("OUT", "--statements", "0-99999999999"), "at most"),
        (("OUT", "--statements", "9" * 5000), "such as 3,7-9"),
        (("OUT",), "0 statements"),
        (("OUT", "--statements", "6", "--reader", "PUBLIC"), "PUBLIC is never given"),
        (("OUT", "--statements", "6", "--reader", "PARTIES"), "only MECHANISM"),
        (("PLAIN", "--statements", "6"), "of kind exercise"),
        (("OTHER", "--statements", "6"), "of kind exercise"),
        (("THERE", "--statements", "6"), "nothing is written over"),
    ],
)
def test_wrong_questions_leave_nothing(
    made: Case, tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    """Each mistake gets a sentence and exit code 2, and no half a package."""
    places = {
        "OUT": tmp_path / "exercise-out",
        "PLAIN": tmp_path / "kestrel",
        "OTHER": tmp_path / "exercise-real",
        "THERE": tmp_path / "exercise-there",
    }
    places["THERE"].mkdir()
    before = contents(tmp_path)
    code, output = call("export", made.folder, *(places.get(w, w) for w in words))
    assert code == 2, output
    assert message in output
    assert contents(tmp_path) == before
    assert not list(tmp_path.glob("*.partial"))


class FailingCredentials:
    """A reader that fails in the middle of an export."""

    def read(self, media_type: str, content: bytes) -> Credentials:
        """Fails, as a full disk would."""
        raise OSError(28, f"No space left for {media_type} of {len(content)}")


@pytest.mark.parametrize("is_zip", [False, True])
def test_a_failure_in_the_middle_leaves_nothing(
    made: Case, tmp_path: Path, is_zip: bool
) -> None:
    """Half a package must not be taken for one."""
    outside = Outside(
        stamps=OfflineStamps(()), credentials=FailingCredentials(), software="truce"
    )
    place = tmp_path / "into"
    place.mkdir()
    with pytest.raises(Unavailable, match="nothing was exported"):
        export_evidence(
            made.record,
            [0, 6],
            place / "exercise-broken",
            reader=Reader.MECHANISM,
            exported_at=AT,
            outside=outside,
            is_zip=is_zip,
        )
    assert list(place.iterdir()) == []


def test_the_part_of_a_killed_export_is_not_built_upon(
    made: Case, tmp_path: Path
) -> None:
    """What a kill left is named, and whoever exports decides."""
    (tmp_path / "exercise-out.partial").mkdir()
    with pytest.raises(InvalidInput, match=r"exercise-out\.partial exists"):
        exported(made.record, tmp_path / "exercise-out", 6)


def test_no_evidence_goes_out_without_the_verifier(
    made: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without it a court would have to believe us."""
    monkeypatch.setattr(_verifier, "PACKAGE", "truce_verify_that_is_not_here")
    with pytest.raises(Unavailable, match="not installed beside truce"):
        exported(made.record, tmp_path / "exercise-out", 6)
    assert not (tmp_path / "exercise-out").exists()


@pytest.mark.parametrize("reader", [Reader.CELL, Reader.PARTIES, Reader.PUBLIC])
def test_other_readers_are_refused_by_the_workflow_too(
    made: Case, tmp_path: Path, reader: Reader
) -> None:
    """Whoever calls it, page or command, meets the same gate."""
    with pytest.raises(InvalidQuery, match="only MECHANISM can export"):
        export_evidence(
            made.record,
            [6],
            tmp_path / "exercise-out",
            reader=reader,
            exported_at=AT,
            outside=Outside(
                stamps=OfflineStamps(()), credentials=C2paCredentials(), software=""
            ),
        )
