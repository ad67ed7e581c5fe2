"""A bulletin with its proof beside it, for readers who do not believe us."""

import base64
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from truce.cli import app
from truce.identifiers import ParticipantId
from truce.instants import instant_from_text
from truce.record import (
    ENROLMENT,
    OPERATOR,
    Participant,
    Record,
    RecordKind,
    Role,
    Unsealed,
    found_record,
)
from truce.record.envelope import commitment_of, entry_from_bytes
from truce.record.identity.decisions import enrolment_payload
from truce.record.keys import kept_key
from truce.statements import IssuedAnswer, rights_by_kind

AT = instant_from_text("2031-05-05T18:00:00Z")
CONTENT = b'{"record_kind":"exercise","total":3}'


def issued(
    reader: str, marking: str = "", *, subject: str = "daily-report/2031-05-05"
) -> Unsealed:
    """An answer as it was issued, before it is sealed."""
    given = IssuedAnswer(
        subject=subject,
        reader=reader,
        media_type="application/json",
        as_of=AT,
        known_count=1,
        content=CONTENT,
    )
    return Unsealed(
        kind="issued-answer",
        by=OPERATOR,
        payload=given.payload(),
        stated_at=AT,
        marking=marking or reader,
    )


@pytest.fixture
def record(tmp_path: Path) -> Path:
    """An exercise with four issued answers: statements 1 to 4."""
    folder = tmp_path / "record"
    writer = found_record(
        folder,
        kind=RecordKind.EXERCISE,
        name="kestrel",
        clock=lambda: AT,
        rights=rights_by_kind(),
    )
    writer.seal(
        [
            issued("PUBLIC"),
            issued("CELL"),
            issued("PUBLIC", "MECHANISM"),
            issued("PUBLIC", subject="../../../tmp/x"),
        ]
    )
    writer.close()
    return folder


def call(*words: str | Path) -> tuple[int, str]:
    """The exit code and what was printed."""
    result = CliRunner().invoke(app, [str(word) for word in words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def extra_of(proof: bytes) -> dict[str, Any]:
    """What a proof holds beside the log's own words."""
    line = proof.split(b"\n")[1].removeprefix(b"extra ")
    extra: dict[str, Any] = json.loads(base64.b64decode(line))
    return extra


def chain_of(proof: bytes) -> list[bytes]:
    """The payloads that a proof carries of foundings and enrolments."""
    return [base64.b64decode(link["payload"]) for link in extra_of(proof)["chain"]]


def test_a_bulletin_is_the_issued_bytes_and_its_proof(
    record: Path, tmp_path: Path
) -> None:
    """File and prefix, joined, are the payload that the sealed entry commits to."""
    out = tmp_path / "site"
    words = ("report", "issued", record, "--statement", "1", "--publish", out)
    code, output = call(*words, "--json")
    assert code == 0, output
    answer = json.loads(output)
    name = "EXERCISE-daily-report-2031-05-05-PUBLIC-1.json"
    assert sorted(p.name for p in out.iterdir()) == [name, f"{name}.tlog-proof"]
    content, proof = (out / name).read_bytes(), Path(answer["proof"]).read_bytes()
    assert content == CONTENT
    assert proof.endswith(Record.opened(record).checkpoint)
    extra = extra_of(proof)
    prefix = base64.b64decode(extra["prefix"])
    assert prefix.endswith(b"\n")
    committed = entry_from_bytes(base64.b64decode(extra["entry"])).header.commitment
    salt = base64.b64decode(extra["salt"])
    assert commitment_of(salt, prefix + content) == committed
    assert commitment_of(salt, prefix + content + b" ") != committed
    assert answer["named"] == ["operator"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--statement", "2"), "issued to CELL"),
        (("--statement", "3"), "is marked MECHANISM"),
        (("--statement", "1", "--reader", "CELL"), "issued to PUBLIC"),
        (("--statement", "0"), "no issued answer"),
        (("--statement", "9"), "does not exist"),
        ((), "--publish needs --statement"),
    ],
)
def test_what_was_not_for_this_reader_is_not_published(
    record: Path, tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    """By default only what the public was told; nothing else slips out by a number."""
    out = tmp_path / "site"
    code, output = call("report", "issued", record, *words, "--publish", out)
    assert code == 2, output
    assert message in output
    assert not out.exists()


def test_another_readers_report_is_published_when_its_reader_is_named(
    record: Path, tmp_path: Path
) -> None:
    """The cell's own report goes to the cell, with the cell's name on it."""
    out = tmp_path / "cell"
    words = ("--statement", "2", "--publish", out, "--reader", "CELL")
    code, output = call("report", "issued", record, *words)
    assert code == 0, output
    assert (out / "EXERCISE-daily-report-2031-05-05-CELL-2.json").is_file()


@pytest.mark.parametrize(
    ("kind", "reader", "code"),
    [
        (RecordKind.REAL, "PUBLIC", 2),
        (RecordKind.STUDY, "CELL", 2),
        (RecordKind.REAL, "MECHANISM", 0),
        (RecordKind.EXERCISE, "PUBLIC", 0),
    ],
)
def test_a_proof_names_no_source_to_those_who_may_not_know_it(
    tmp_path: Path, kind: RecordKind, reader: str, code: int
) -> None:
    """The founding goes with every proof: a source that it enrols would be told to
    the public beside the first bulletin. Invented people may be known.
    """
    source = (ParticipantId("listening-north"), "North", (Role.CONTRIBUTOR,))
    writer = found_record(
        tmp_path / "r",
        kind=kind,
        name="n",
        clock=lambda: AT,
        participants=[source],
        rights=rights_by_kind(),
    )
    writer.seal([issued(reader)])
    writer.close()
    out = tmp_path / "site"
    words = ("--statement", "1", "--publish", out, "--reader", reader)
    found, output = call("report", "issued", tmp_path / "r", *words)
    assert found == code, output
    assert "listening-north" in output
    assert out.exists() is (code == 0)


def test_an_enrolment_that_names_others_beside_the_maker_is_refused(
    tmp_path: Path,
) -> None:
    """The maker's own enrolment goes with the proof as well, whole."""
    folder = tmp_path / "r"
    writer = found_record(
        folder,
        kind=RecordKind.REAL,
        name="n",
        clock=lambda: AT,
        rights=rights_by_kind(),
    )
    officer, source = ParticipantId("officer"), ParticipantId("listening-north")
    both = [
        Participant(id=id_, name=id_, key=kept_key(folder, id_).public, roles=(role,))
        for id_, role in (
            (officer, Role.REPORTING_OFFICER),
            (source, Role.CONTRIBUTOR),
        )
    ]
    enrolment = Unsealed(
        kind=ENROLMENT, by=OPERATOR, payload=enrolment_payload(both), stated_at=AT
    )
    writer.seal([enrolment])
    writer.seal([replace(issued("PUBLIC"), by=officer)])
    writer.close()
    words = ("--statement", "2", "--publish", tmp_path / "site")
    code, output = call("report", "issued", folder, *words)
    assert code == 2
    assert "would name listening-north, whom PUBLIC" in output
    assert not (tmp_path / "site").exists()


def test_a_source_that_was_enrolled_later_is_not_named(tmp_path: Path) -> None:
    """That is how a real record keeps its sources and publishes all the same."""
    writer = found_record(
        tmp_path / "r",
        kind=RecordKind.REAL,
        name="n",
        clock=lambda: AT,
        rights=rights_by_kind(),
    )
    writer.enrol(ParticipantId("listening-north"), "North", (Role.CONTRIBUTOR,))
    writer.seal([issued("PUBLIC")])
    writer.close()
    out = tmp_path / "site"
    words = ("--statement", "2", "--publish", out)
    code, output = call("report", "issued", tmp_path / "r", *words)
    assert code == 0, output
    for path in out.iterdir():
        assert b"listening-north" not in path.read_bytes()
        if path.suffix == ".tlog-proof":
            assert "listening-north" not in str(chain_of(path.read_bytes()))


def test_a_subject_cannot_lead_elsewhere(record: Path, tmp_path: Path) -> None:
    """The file's name is made of the subject; the folder is the one that was named."""
    out = tmp_path / "site"
    words = ("--statement", "4", "--publish", out)
    assert call("report", "issued", record, *words)[0] == 0
    assert (out / "EXERCISE-tmp-x-PUBLIC-4.json").is_file()
    code, output = call("report", "issued", record, *words)
    assert code == 2
    assert "nothing is written over" in output
