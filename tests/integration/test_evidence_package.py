"""An evidence package: what a court is handed, and how it checks it without us."""

import base64
import hashlib
import json
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from prov.model import ProvActivity, ProvDocument
from rocrate.rocrate import ROCrate  # type: ignore[import-untyped] # ships no types
from tests.integration.evidence import (
    AT,
    RECEIVED_AT,
    SEALED_AT,
    SECRET,
    STATED_AT,
    Case,
    call,
    contents,
    delivered,
    exported,
    make_case,
    proved,
    put_verifier_beside,
    seal,
    stamp,
)
from tests.integration.photographs import JPEG, tampered
from tests.integration.tsa import serving

from truce.errors import ProofFails
from truce.identifiers import ParticipantId
from truce.record import (
    Record,
    RecordKind,
    Role,
    found_record,
)
from truce.record.payloads import PayloadReader
from truce.statements import rights_by_kind

ROW = "48.5012,37.9123,322.9,1.12,1.05,2022-06-01,0824,Terra,MODIS,46,6.1NRT,302.7,9,D"
HEADER = (
    "latitude,longitude,brightness,scan,track,acq_date,acq_time,satellite,instrument,"
    "confidence,version,bright_t31,frp,daynight"
)


@pytest.fixture(autouse=True)
def verifier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The verifier stands beside truce."""
    put_verifier_beside(tmp_path, monkeypatch)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """An exercise record with photographs and a secret."""
    return make_case(tmp_path_factory.mktemp("case"))


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
        assert files[row["proof"]].endswith(files["checkpoint.note"])
    assert files["checkpoint.note"] == made.record.checkpoint
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

    def without_8(self: PayloadReader, index: int) -> Any:
        return None if index == 8 else read(self, index)

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


def test_an_older_stamp_speaks_of_what_lay_under_it(tmp_path: Path) -> None:
    """A stamp of last week does not sign today's checkpoint: the package proves the
    statement under the stamped one as well.
    """
    folder = tmp_path / "exercise-record"
    assert call("init", folder, "--kind", "exercise")[0] == 0
    seal(folder, delivered(JPEG, "early.jpg"))
    (tmp_path / "tsa").mkdir()
    with serving(tmp_path / "tsa") as authority:
        stamp(folder, authority)
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
        ("007-late.jpg", files["checkpoint.note"]),
    ):
        proof = files[f"statements/{name}.tlog-proof"]
        proved(proof, files[f"statements/{name}"])
        assert proof.endswith(b"\n\n" + leads_to)
    (folder / "witnessed" / "checkpoint").write_bytes(
        note.replace(b"kestrel", b"merlin")
    )
    with pytest.raises(ProofFails, match="merlin"):
        exported(Record.opened(folder), tmp_path / "exercise-forged", 6)


def test_the_verifier_in_the_package_accepts_it(tmp_path: Path) -> None:
    """As a court runs it: from inside the package, with nothing of truce's around. A
    byte changed afterwards, or another kind expected, and it does not.
    """
    folder = tmp_path / "record"
    assert call("init", folder, "--kind", "exercise", "--name", "kestrel")[0] == 0
    (tmp_path / "tsa").mkdir()
    secret = delivered(SECRET, "who.txt", marking="SOURCE", feed="watch_log")
    with serving(tmp_path / "tsa") as authority:
        for statement in (delivered(JPEG, "early.jpg"), secret):
            seal(folder, statement)
            stamp(folder, authority)
    seal(folder, delivered(JPEG, "late.jpg"))
    out = tmp_path / "exercise-kestrel-evidence"
    exported(Record.opened(folder), out, 0, 6, 7, 8)

    def verified(*words: str | Path) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-B", "-m", "truce_verify", "..", *map(str, words)],
            cwd=out / "verifier", capture_output=True, text=True, check=False,
            env={"PATH": os.defpath},
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    code, told = verified("--expect", "exercise")
    assert code == 0, told
    assert told.startswith("EXERCISE\n")
    assert "openssl ts -verify" in told
    assert verified("--expect", "real")[0] == 1
    path = out / "statements" / "006-early.jpg"
    path.write_bytes(tampered(JPEG))
    code, told = verified("--expect", "exercise")
    assert code == 1
    assert "006-early.jpg" in told


def test_a_maker_who_was_enrolled_later_brings_the_enrolment(tmp_path: Path) -> None:
    """The chain shows who allowed the maker's key, for the reader has no record."""
    patrol = ParticipantId("patrol-7")
    writer = found_record(
        tmp_path / "record",
        kind=RecordKind.STUDY,
        name="late",
        clock=lambda: SEALED_AT,
        rights=rights_by_kind(),
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
