"""A checkpoint stamped by an outside authority: kept, checked, and by openssl too."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import rfc3161_client as rfc3161
from tests.integration.tsa import Authority, openssl, serving
from typer.testing import CliRunner

from truce.cli import app
from truce.record import Record
from truce.record.timestamps import timestamp_sizes

# PKIStatus rejection (2) and nothing else. Source: RFC 3161, section 2.4.2.
REJECTION = bytes.fromhex("30053003020102")


@pytest.fixture(scope="module")
def authority_made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    """Our own authority, on loopback."""
    with serving(tmp_path_factory.mktemp("tsa")) as authority:
        yield authority


@pytest.fixture
def authority(authority_made: Authority, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """Our authority, well-behaved again; a proxy of this machine is passed by."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    authority_made.answer, authority_made.status = None, 200
    authority_made.asked.clear()
    return authority_made


@pytest.fixture
def record(tmp_path: Path) -> Path:
    """A new study."""
    folder = tmp_path / "a-study"
    assert call("init", folder, "--kind", "study")[0] == 0
    return folder


def call(*words: str | Path) -> tuple[int, str]:
    """The exit code and what was printed."""
    result = CliRunner().invoke(app, [str(word) for word in words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def stamped(record: Path, authority: Authority) -> Any:
    """What `truce timestamp --tsa` answers; it must succeed."""
    code, output = call(
        "timestamp", record, "--tsa", authority.url, "--roots", authority.roots,
        "--json",
    )  # fmt: skip
    assert code == 0, output
    return json.loads(output)


def checked(record: Path, roots: Path) -> tuple[int, Any]:
    """The exit code and the answer of `truce timestamp --verify`."""
    code, output = call("timestamp", record, "--verify", "--roots", roots, "--json")
    return code, json.loads(output)


def test_a_stamp_is_kept_beside_the_log_and_holds(
    record: Path, authority: Authority
) -> None:
    """The note is the checkpoint, byte for byte, and the record still verifies."""
    answer = stamped(record, authority)
    assert (answer["kind"], answer["size"], answer["is_new"]) == ("study", 6, True)
    assert answer["authority"] == "CN=tsa,O=Exercise"
    assert answer["accuracy_s"] == 1.5
    room = record / "timestamps"
    assert (room / "index").read_text() == "6\n"
    assert (room / "6.note").read_bytes() == Record.opened(record).checkpoint
    code, found = checked(record, authority.roots)
    assert (code, found["holds"]) == (0, True)
    assert found["timestamps"][0]["stamped_at"] == answer["stamped_at"]
    assert call("verify", record)[0] == 0


def test_openssl_accepts_what_we_keep(record: Path, authority: Authority) -> None:
    """Whoever distrusts truce checks a timestamp without it."""
    stamped(record, authority)
    room = record / "timestamps"
    told = openssl(
        "ts", "-verify", "-data", room / "6.note", "-in", room / "6.tsr",
        "-CAfile", authority.roots,
    )  # fmt: skip
    assert "Verification: OK" in told


def test_a_size_is_stamped_once(record: Path, authority: Authority) -> None:
    """The earliest word for a checkpoint stays; nobody is asked again."""
    first = stamped(record, authority)
    kept = (record / "timestamps" / "6.tsr").read_bytes()
    again = stamped(record, authority)
    assert len(authority.asked) == 1
    assert again == first | {"is_new": False}
    assert (record / "timestamps" / "6.tsr").read_bytes() == kept


def test_leftovers_of_a_crash_are_no_timestamp(
    record: Path, authority: Authority
) -> None:
    """Files that the index does not name say nothing, and are written over."""
    room = record / "timestamps"
    room.mkdir()
    (room / "6.note").write_bytes(b"torn")
    (room / "6.tsr").write_bytes(b"")
    code, found = checked(record, authority.roots)
    assert (code, found["timestamps"]) == (1, [])
    assert stamped(record, authority)["is_new"]
    assert checked(record, authority.roots)[0] == 0


@pytest.mark.parametrize(
    ("answer", "status", "code", "message"),
    [
        (REJECTION, 200, 1, "refuses: REJECTION"),
        (b"<html>moved</html>", 200, 1, "no timestamp response"),
        (b"", 200, 1, "no timestamp response"),
        (bytes(2_000_000), 200, 1, "answers more than"),
        (b"no such place", 404, 1, "404"),
        (b"elsewhere", 302, 1, "302"),
        (b"overload", 503, 3, "503"),
        (b"too many", 429, 3, "429"),
    ],
    ids=["refused", "html", "empty", "huge", "404", "redirect", "503", "429"],
)
def test_a_bad_answer_is_not_kept(
    record: Path,
    authority: Authority,
    answer: bytes,
    status: int,
    code: int,
    message: str,
) -> None:
    """What is no timestamp gets a sentence and its exit code, and leaves no file."""
    authority.answer, authority.status = answer, status
    words = ("--tsa", authority.url, "--roots", authority.roots)
    found, output = call("timestamp", record, *words)
    assert found == code, output
    assert message in output
    assert "nothing was kept" in output
    assert not (record / "timestamps").exists()


def test_an_answer_to_another_question_is_not_kept(
    record: Path, authority: Authority
) -> None:
    """A response played back (another nonce) or over other bytes shows nothing."""
    note = Record.opened(record).checkpoint
    words = ("--tsa", authority.url, "--roots", authority.roots)
    for data, message in ((note, "another question"), (b"other", "other bytes")):
        question = (
            rfc3161.TimestampRequestBuilder()
            .data(data)
            .hash_algorithm(rfc3161.HashAlgorithm.SHA256)
            .build()
        )
        authority.answer = authority.reply(question.as_bytes())
        code, output = call("timestamp", record, *words)
        assert code == 1, output
        assert message in output
    assert timestamp_sizes(record) == ()


def test_an_authority_that_nobody_trusts_is_not_kept(
    record: Path, authority: Authority, tmp_path: Path
) -> None:
    """Signed by somebody is not signed by whom we trust: now, and years later."""
    other = tmp_path / "other"
    other.mkdir()
    with serving(other) as stranger:
        words = ("--tsa", stranger.url, "--roots", authority.roots)
        code, output = call("timestamp", record, *words)
    assert code == 1
    assert "trusted root" in output
    assert timestamp_sizes(record) == ()
    stamped(record, authority)
    code, found = checked(record, stranger.roots)
    assert (code, found["holds"]) == (1, False)
    assert "trusted root" in found["timestamps"][0]["reason"]
    assert found["timestamps"][0]["stamped_at"]


def test_an_authority_that_is_down_may_be_asked_again(
    record: Path, authority: Authority, tmp_path: Path
) -> None:
    """Nobody listens: the outside world failed, and a retry is safe."""
    other = tmp_path / "gone"
    other.mkdir()
    with serving(other) as gone:
        url = gone.url
    code, output = call("timestamp", record, "--tsa", url, "--roots", authority.roots)
    assert code == 3
    assert "try again later" in output
    assert timestamp_sizes(record) == ()


def test_without_roots_those_of_the_machine_are_trusted(
    record: Path,
    authority: Authority,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Well-known authorities need no file; a machine that trusts nobody says so."""
    stamped(record, authority)
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "none"))
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.roots))
    assert call("timestamp", record, "--verify")[0] == 0
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none"))
    code, output = call("timestamp", record, "--verify")
    assert code == 2
    assert "trusts no root certificates" in output


def test_tampering_is_found_and_named(record: Path, authority: Authority) -> None:
    """An altered note or response, a missing file: each is told by its size."""
    stamped(record, authority)
    room = record / "timestamps"
    for name in ("6.note", "6.tsr"):
        good = (room / name).read_bytes()
        at = good.rindex(b"\n") - 8 if name == "6.note" else 200
        (room / name).write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])
        code, found = checked(record, authority.roots)
        assert code == 1
        assert not found["timestamps"][0]["holds"]
        assert found["timestamps"][0]["reason"]
        (room / name).write_bytes(good)
    (room / "6.tsr").unlink()
    code, found = checked(record, authority.roots)
    assert code == 1
    assert "6.tsr" in found["timestamps"][0]["reason"]


def test_a_stamp_of_another_record_is_none_of_this_one(
    record: Path, authority: Authority, tmp_path: Path
) -> None:
    """A true timestamp copied from another record does not count here."""
    other = tmp_path / "other-study"
    assert call("init", other, "--kind", "study")[0] == 0
    stamped(other, authority)
    (other / "timestamps").rename(record / "timestamps")
    code, found = checked(record, authority.roots)
    assert code == 1
    assert "other-study" in found["timestamps"][0]["reason"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "--tsa URL"),
        (("--verify", "--tsa", "http://127.0.0.1/"), "--tsa URL"),
        (("--tsa", "file:///etc/passwd", "--roots", "ROOTS"), "http or https"),
        (("--verify", "--roots", "NOTE"), "no certificates"),
    ],
)
def test_wrong_input_ends_with_two(
    record: Path, authority: Authority, words: tuple[str, ...], message: str
) -> None:
    """A mistake on the command line is told, and nobody is asked."""
    places = {"ROOTS": authority.roots, "NOTE": record / "log" / "checkpoint"}
    code, output = call("timestamp", record, *(places.get(w, w) for w in words))
    assert code == 2, output
    assert message in output


@pytest.mark.parametrize("index", ["6", "6\n4\n", "06\n", "6\n6\n", "six\n", "0\n"])
def test_an_index_in_another_form_is_refused(
    record: Path, authority: Authority, index: str
) -> None:
    """Sizes, a line each, rising: anything else is not guessed at."""
    (record / "timestamps").mkdir()
    (record / "timestamps" / "index").write_text(index)
    words = ("timestamp", record, "--verify", "--roots", authority.roots)
    code, output = call(*words)
    assert code == 2, output
    assert "index" in output
