"""An evidence package: what a court is handed, and how it checks it without us."""

import base64
import hashlib
import json
import zipfile
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from prov.model import ProvActivity, ProvDocument
from rocrate.rocrate import ROCrate  # type: ignore[import-untyped] # ships no types
from tests.integration.photographs import JPEG, signed_photograph, tampered
from tests.integration.tsa import serving
from typer.testing import CliRunner

from truce.app import open_writer
from truce.cli import app
from truce.errors import InvalidInput, InvalidQuery, ProofFails, Unavailable
from truce.exchange.content_credentials import C2paCredentials
from truce.exchange.rfc3161 import OfflineStamps
from truce.identifiers import FeedName, ParticipantId
from truce.record import (
    OPERATOR,
    Record,
    RecordKind,
    Role,
    Unsealed,
    found_record,
)
from truce.record.envelope import commitment_of, entry_from_bytes
from truce.record.merkle import leaf_hash, root_from_inclusion
from truce.record.note import checkpoint_from_note
from truce.record.payloads import PayloadReader
from truce.release import Reader
from truce.statements import Delivery
from truce.workflows.custody import _verifier
from truce.workflows.custody.export import Exported, Outside, export_evidence
from truce.workflows.custody.ports import Credentials

AT = datetime(2031, 5, 9, 12, tzinfo=UTC)
RECEIVED_AT = datetime(2031, 5, 9, 8, 30, tzinfo=UTC)
SEALED_AT = datetime(2031, 5, 9, 8, 32, tzinfo=UTC)
STATED_AT = datetime(2031, 5, 9, 8, 31, tzinfo=UTC)
SECRET = b"the witness lives in Elm, third house"
ROW = "48.5012,37.9123,322.9,1.12,1.05,2022-06-01,0824,Terra,MODIS,46,6.1NRT,302.7,9,D"
HEADER = (
    "latitude,longitude,brightness,scan,track,acq_date,acq_time,satellite,instrument,"
    "confidence,version,bright_t31,frp,daynight"
)


@pytest.fixture(autouse=True)
def verifier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The verifier stands beside truce; where it is not built, one that says so."""
    if find_spec("truce_verify") is None:
        package = tmp_path / "beside" / "truce_verify"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text('"""Stands in for the verifier."""\n')
        monkeypatch.syspath_prepend(str(package.parent))


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An exercise record with four photographs and a secret: statements 6 to 10."""

    folder: Path
    signed: bytes

    @property
    def record(self) -> Record:
        """The record, opened anew."""
        return Record.opened(self.folder)


def call(*words: str | Path) -> tuple[int, str]:
    """The exit code and what was printed."""
    result = CliRunner().invoke(app, [str(word) for word in words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def seal(folder: Path, *statements: Unsealed) -> None:
    """Seals statements in a record."""
    with open_writer(folder, clock=lambda: SEALED_AT) as (writer, opened):
        writer.seal(list(statements))
        opened.follow()


def delivered(
    raw: bytes, name: str, *, marking: str = "MECHANISM", feed: str = "photographs"
) -> Unsealed:
    """A delivery before it is sealed."""
    delivery = Delivery(
        feed=FeedName(feed), file_name=name, received_at=RECEIVED_AT, raw=raw
    )
    return Unsealed(
        kind="delivery",
        by=OPERATOR,
        payload=delivery.payload(),
        stated_at=STATED_AT,
        marking=marking,
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """The case; no test writes to its log."""
    base = tmp_path_factory.mktemp("case")
    folder = base / "record"
    code, output = call("init", folder, "--kind", "exercise", "--name", "kestrel")
    assert code == 0, output
    signed = signed_photograph(base)
    seal(
        folder,
        delivered(signed, "IMG 001.jpg"),
        delivered(tampered(signed), "IMG_001-better.jpg"),
        delivered(JPEG, "../../plain.jpg"),
        delivered(JPEG[:60], "torn.jpg"),
        delivered(SECRET, "who.txt", marking="SOURCE", feed="watch_log"),
    )
    return Case(folder=folder, signed=signed)


def exported(
    record: Record, out: Path, *indexes: int, is_zip: bool = False
) -> Exported:
    """A package for the mechanism, at a fixed moment."""
    return export_evidence(
        record,
        indexes,
        out,
        reader=Reader.MECHANISM,
        exported_at=AT,
        outside=Outside(
            stamps=OfflineStamps(()), credentials=C2paCredentials(), software="truce"
        ),
        is_zip=is_zip,
    )


def proved(proof: bytes, content: bytes | None) -> dict[str, Any]:
    """Checks a proof by hand, in the order of the specification's section 9; answers
    its extra.
    """
    head, note = proof.split(b"\n\n", 1)
    first, extra_line, index_line, *path = head.decode().split("\n")
    assert first == "c2sp.org/tlog-proof@v1"
    extra: dict[str, Any] = json.loads(base64.b64decode(extra_line.split(" ")[1]))
    checkpoint = checkpoint_from_note(note)
    links = [
        (link["index"], link["path"], link["entry"], link["salt"], link["payload"])
        for link in extra["chain"]
    ]
    for index, steps, entry, salt, payload in links:
        included(entry, index, steps, checkpoint.size, checkpoint.root)
        header = entry_from_bytes(base64.b64decode(entry)).header
        committed = commitment_of(base64.b64decode(salt), base64.b64decode(payload))
        assert header.commitment == committed
    assert links[0][0] == 0
    index = int(index_line.removeprefix("index "))
    included(extra["entry"], index, path, checkpoint.size, checkpoint.root)
    if content is not None:
        header = entry_from_bytes(base64.b64decode(extra["entry"])).header
        payload = base64.b64decode(extra["prefix"]) + content
        salt = base64.b64decode(extra["salt"])
        assert commitment_of(salt, payload) == header.commitment
    return extra


def included(entry: str, index: int, path: list[str], size: int, root: bytes) -> None:
    """The entry lies in the tree."""
    leaf = leaf_hash(base64.b64decode(entry))
    steps = [base64.b64decode(step) for step in path]
    assert root_from_inclusion(leaf, index, size, steps) == root


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_package_holds_the_bytes_as_they_came_and_their_proofs(
    made: Case, tmp_path: Path
) -> None:
    """Each file is the delivery itself, and its proof leads to the checkpoint."""
    out = tmp_path / "exercise-kestrel-evidence"
    code, output = call("export", made.folder, out, "--statements", "0,6-9", "--json")
    assert code == 0, output
    answer = json.loads(output)
    assert answer["kind"] == "exercise"
    files = contents(out)
    assert files["statements/006-IMG_001.jpg"] == made.signed
    assert files["statements/008-plain.jpg"] == JPEG
    proofs = [row["proof"] for row in answer["statements"]]
    assert len(proofs) == 5
    for row in answer["statements"]:
        proved(files[row["proof"]], files[row["file"]])
        assert files[row["proof"]].endswith(files["checkpoint"])
    assert files["checkpoint"] == made.record.checkpoint
    assert any(name.startswith("verifier/truce_verify/") for name in files)
    assert files["README.txt"].startswith(b"EXERCISE\n")
    with pytest.raises(AssertionError):
        proved(files["statements/006-IMG_001.jpg.tlog-proof"], JPEG)


def test_content_credentials_give_four_answers(made: Case, tmp_path: Path) -> None:
    """Signed, altered after signing, never signed, broken: each is told apart."""
    out = tmp_path / "exercise-photographs"
    exported(made.record, out, 6, 7, 8, 9)
    answers = {}
    for name, raw in contents(out / "c2pa").items():
        told = json.loads(raw)
        assert told["record_kind"] == "EXERCISE"
        assert (out / told["file"]).is_file()
        assert told["reader"].startswith("c2pa ")
        answers[name[:3]] = told["answer"], told["reason"]
    assert answers["006"][0] == "present-and-valid"
    assert answers["007"][0] == "present-and-invalid"
    assert "does not validate" in answers["007"][1]
    assert answers["008"] == ("absent", "no manifest")
    assert answers["009"][0] == "unreadable"


def test_what_is_marked_source_is_withheld(made: Case, tmp_path: Path) -> None:
    """The proof shows that it was sealed; neither its bytes nor the salt, by which a
    guess could be tested, leave the record.
    """
    out = tmp_path / "exercise-sources"
    exported(made.record, out, 10)
    files = contents(out)
    proof = files["statements/010-delivery-withheld.tlog-proof"]
    extra = proved(proof, None)
    assert (extra["salt"], extra["prefix"]) == ("", "")
    assert "statements/010-delivery-withheld" not in files
    everything = b"\n".join(files.values()) + base64.b64decode(proof.split()[2])
    for hidden in (SECRET, base64.b64encode(SECRET)[:-4], b"who.txt"):
        assert hidden not in everything
    assert b"withheld" in files["README.txt"]


def test_what_this_copy_lacks_is_absent_and_not_withheld(
    made: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A payload that was erased is another answer than one that is kept back."""
    read = PayloadReader.read

    def without_8(self: PayloadReader, index: int, size: int) -> Any:
        return None if index == 8 else read(self, index, size)

    monkeypatch.setattr(PayloadReader, "read", without_8)
    out = tmp_path / "exercise-erased"
    answer = exported(made.record, out, 8, 10)
    assert [one.given.value for one in answer.statements] == ["absent", "withheld"]
    proved((out / answer.statements[0].proof).read_bytes(), None)


def test_provenance_tells_each_time_apart(made: Case, tmp_path: Path) -> None:
    """The prov library reads it: five activities, and each with its own moment."""
    out = tmp_path / "exercise-provenance"
    exported(made.record, out, 6)
    document = ProvDocument.deserialize(source=str(out / "custody" / "prov.json"))
    times = {
        str(activity.identifier): activity.get_startTime()
        for activity in document.get_records()
        if isinstance(activity, ProvActivity)
    }
    assert times == {
        "record:stating-6": STATED_AT,
        "record:receiving-6": RECEIVED_AT,
        "record:sealing-6": SEALED_AT,
        "package:exporting": AT,
    }
    told = document.get_provn()
    assert "agent(record:participant-operator" in told
    assert "wasDerivedFrom(package:statements/006-IMG_001.jpg" in told


def test_the_crate_lists_every_file_with_its_hash(made: Case, tmp_path: Path) -> None:
    """The rocrate library reads it, and nothing lies in the package unlisted."""
    out = tmp_path / "exercise-crate"
    exported(made.record, out, 6, 10)
    crate = ROCrate(str(out))
    files = contents(out)
    listed = {entity.id: entity for entity in crate.data_entities}
    assert set(listed) == set(files) - {"ro-crate-metadata.json"}
    for name, entity in listed.items():
        assert entity["sha256"] == hashlib.sha256(files[name]).hexdigest()
        assert entity["contentSize"] == str(len(files[name]))
        assert entity["encodingFormat"]
    assert crate.name.startswith("EXERCISE")
    assert crate.description.startswith("EXERCISE")
    assert crate.root_dataset["subjectOf"].id == "custody/prov.json"


def test_the_same_question_gives_the_same_bytes(made: Case, tmp_path: Path) -> None:
    """As a folder twice, and as a ZIP: whoever exports again can compare."""
    for place in ("a", "b"):
        (tmp_path / place).mkdir()
    name = "exercise-twice"
    exported(made.record, tmp_path / "a" / name, 6, 7)
    exported(made.record, tmp_path / "b" / name, 7, 6, 6)
    first = contents(tmp_path / "a" / name)
    assert first == contents(tmp_path / "b" / name)
    for place in ("a", "b"):
        exported(made.record, tmp_path / place / f"{name}.zip", 6, 7, is_zip=True)
    archives = [tmp_path / place / f"{name}.zip" for place in ("a", "b")]
    assert archives[0].read_bytes() == archives[1].read_bytes()
    with zipfile.ZipFile(archives[0]) as archive:
        packed = {name: archive.read(name) for name in archive.namelist()}
    assert packed == {f"{name}/{path}": raw for path, raw in first.items()}


def test_an_older_stamp_speaks_of_what_lay_under_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stamp of last week does not sign today's checkpoint: the package proves the
    statement under the stamped one as well.
    """
    folder = tmp_path / "exercise-record"
    assert call("init", folder, "--kind", "exercise")[0] == 0
    seal(folder, delivered(JPEG, "early.jpg"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    (tmp_path / "tsa").mkdir()
    with serving(tmp_path / "tsa") as authority:
        words = ("--tsa", authority.url, "--roots", authority.roots)
        assert call("timestamp", folder, *words)[0] == 0
    seal(folder, delivered(JPEG, "late.jpg"))
    out = tmp_path / "exercise-stamped"
    exported(Record.opened(folder), out, 6, 7)
    files = contents(out)
    proof = files["stamped/6-in-7.tlog-proof"]
    proved(proof, None)
    assert proof.endswith(files["timestamps/7.note"])
    assert files["timestamps/7.tsr"] == (folder / "timestamps/7.tsr").read_bytes()
    assert files["timestamps/index"] == b"7\n"
    assert [name for name in files if name.startswith("stamped/7")] == []
    assert b"record:stamping-7" in files["custody/prov.json"]
    assert b"CN=tsa,O=Exercise" in files["README.txt"]


def test_proofs_lead_to_what_witnesses_signed_where_it_covers_them(
    tmp_path: Path,
) -> None:
    """A checkpoint that witnesses signed is worth more than a newer one of ours
    alone; what came after it is proved by ours.
    """
    folder = tmp_path / "record"
    assert call("init", folder, "--kind", "exercise", "--name", "kestrel")[0] == 0
    seal(folder, delivered(JPEG, "early.jpg"))
    line = f"\u2014 witness.example {base64.b64encode(bytes(76)).decode()}\n"
    note = Record.opened(folder).checkpoint + line.encode()
    (folder / "witnessed").mkdir()
    (folder / "witnessed" / "checkpoint").write_bytes(note)
    seal(folder, delivered(JPEG, "late.jpg"))
    out = tmp_path / "exercise-witnessed"
    exported(Record.opened(folder), out, 6, 7)
    files = contents(out)
    assert files["witnessed/checkpoint"] == note
    for name, leads_to in (
        ("006-early.jpg", note),
        ("007-late.jpg", files["checkpoint"]),
    ):
        proof = files[f"statements/{name}.tlog-proof"]
        proved(proof, files[f"statements/{name}"])
        assert proof.endswith(b"\n\n" + leads_to)
    (folder / "witnessed" / "checkpoint").write_bytes(
        note.replace(b"kestrel", b"merlin")
    )
    with pytest.raises(ProofFails, match="merlin"):
        exported(Record.opened(folder), tmp_path / "exercise-forged", 6)


def test_a_maker_who_was_enrolled_later_brings_the_enrolment(tmp_path: Path) -> None:
    """The chain shows who allowed the maker's key, for the reader has no record."""
    patrol = ParticipantId("patrol-7")
    writer = found_record(
        tmp_path / "record", kind=RecordKind.STUDY, name="late", clock=lambda: SEALED_AT
    )
    writer.enrol(ParticipantId("patrol-6"), "Patrol 6", (Role.CONTRIBUTOR,))
    writer.enrol(patrol, "Patrol 7", (Role.CONTRIBUTOR,))
    writer.seal([replace(delivered(JPEG, "p.jpg"), by=patrol)])
    writer.close()
    out = tmp_path / "study-late"
    (one,) = exported(Record.opened(tmp_path / "record"), out, 3).statements
    extra = proved((out / one.proof).read_bytes(), (out / one.file).read_bytes())
    assert [link["index"] for link in extra["chain"]] == [0, 2]
    assert "Patrol 7" in base64.b64decode(extra["chain"][1]["payload"]).decode()


def test_evidence_of_an_incident(tmp_path: Path) -> None:
    """The statements that an incident rests on are found by its id."""
    folder = tmp_path / "study"
    assert call("init", folder, "--kind", "study")[0] == 0
    rows = tmp_path / "rows.csv"
    rows.write_text(f"{HEADER}\n{ROW}\n")
    assert call("ingest", folder, rows, "--feed", "firms")[0] == 0
    listed = json.loads(call("incidents", folder, "--json")[1])["incidents"]
    out = tmp_path / "study-incident"
    words = ("export", folder, out, "--incident", listed[0]["id"], "--json")
    code, output = call(*words)
    assert code == 0, output
    (row,) = json.loads(output)["statements"]
    assert row["statement"] == 6
    assert (out / row["file"]).read_bytes() == rows.read_bytes()
    code, output = call("export", folder, tmp_path / "study-x", "--incident", "nothing")
    assert code == 2
    assert "no incident" in output


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
