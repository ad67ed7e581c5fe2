"""Our own server of a record's files: what it shows, and what it never does."""

import http.client
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.integration.mirrors import (
    SEALED,
    begun,
    holds,
    look,
    seal,
    size_shown,
    stamp,
)
from typer.testing import CliRunner

from truce.app.mirroring import serving_log
from truce.cli import app
from truce.errors import InvalidInput
from truce.record.note import checkpoint_from_note


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record past the end of its first bundle, stamped and witnessed."""
    folder = begun(tmp_path_factory.mktemp("mirrored") / "record")
    stamp(folder)
    return folder


@pytest.fixture
def record(sealed: Path, tmp_path: Path) -> Path:
    """The same, to be written to."""
    return Path(shutil.copytree(sealed, tmp_path / "record"))


def asked(
    address: str, path: str, *, method: str = "GET", **headers: str
) -> http.client.HTTPResponse:
    """What a server answers, the path sent as it is; the body is read."""
    host = address.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=5)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    answer.body = answer.read()  # type: ignore[attr-defined]
    connection.close()
    return answer


def test_our_server_shows_a_record_and_nothing_else(
    record: Path, tmp_path: Path
) -> None:
    """Content types and caches as C2SP asks; nothing of the operator's own, ever."""
    (tmp_path / "secret").write_text("secret")
    (record / "state.sqlite").write_text("secret")
    with serving_log(record, host="127.0.0.1", port=0, has_payloads=False) as address:
        shown = asked(address, "/log/checkpoint")
        assert shown.status == 200
        assert shown.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert shown.headers["Cache-Control"] == "no-cache"
        tile = asked(address, "/log/tile/entries/000")
        assert tile.headers["Content-Type"] == "application/octet-stream"
        assert "immutable" in tile.headers["Cache-Control"]
        whole = (record / "log/tile/entries/000").read_bytes()
        assert tile.body == whole  # type: ignore[attr-defined]
        head = asked(address, "/log/tile/entries/000", method="HEAD")
        assert head.headers["Content-Length"] == str(len(whole))
        assert asked(address, "/log/checkpoint", method="POST").status == 405
        for path in (
            "/keys/log.key",
            "/log/../keys/log.key",
            "/log/%2e%2e/keys/log.key",
            "/log/tile/entries/../../../keys/log.key",
            "//etc/passwd",
            "/journal",
            "/lock",
            "/state.sqlite",
            "/index/enrolments.json",
            "/../secret",
            "/payloads/000",
            "/payloads/",
            "/log/",
            "/log/tile/0/000.p",
            "/log/tile/0/00a",
            "/",
            "/log/checkpoint.new",
        ):
            assert asked(address, path).status == 404, path


def test_our_server_gives_payloads_in_parts_and_to_this_machine_only(
    record: Path,
) -> None:
    """A page elsewhere that points its name at this machine is refused."""
    whole = (record / "payloads/000").read_bytes()
    with serving_log(record, host="127.0.0.1", port=0, has_payloads=True) as address:
        for wanted, status, body in (
            ("", 200, whole),
            ("bytes=10-19", 206, whole[10:20]),
            ("bytes=10-", 206, whole[10:]),
            (f"bytes=5-{len(whole) + 9}", 206, whole[5:]),
            (f"bytes={len(whole)}-", 416, None),
            ("bytes=0-1,5-6", 200, whole),
            ("bytes=-5", 200, whole),
        ):
            found = asked(address, "/payloads/000", Range=wanted)
            assert found.status == status, wanted
            if body is not None:
                assert found.body == body, wanted  # type: ignore[attr-defined]
        assert asked(address, "/payloads/000", Host="evil.example").status == 403
    with (
        pytest.raises(InvalidInput, match="payloads are not public"),
        serving_log(record, host="0.0.0.0", port=0, has_payloads=True),
    ):
        pytest.fail("it must not serve")
    done = CliRunner().invoke(
        app, ["serve-log", str(record), "--host", "0.0.0.0", "--with-payloads"]
    )
    assert done.exit_code == 2


def test_our_server_shows_nothing_that_no_checkpoint_covers(
    record: Path, tmp_path: Path
) -> None:
    """What a taking-over left half done might be cached for good."""
    copy = tmp_path / "copy"
    look(record, copy)
    seal(record, *(f"grown {n}" for n in range(300)))
    for path in ("log/tile/entries/001", "payloads/002"):
        shutil.copy(record / path, copy / path)
    with serving_log(copy, host="127.0.0.1", port=0, has_payloads=True) as address:
        for path in ("/log/tile/entries/001", "/payloads/002"):
            assert asked(address, path).status == 404
        look(record, copy)
        for path in ("/log/tile/entries/001", "/payloads/002"):
            assert asked(address, path).status == 200


def test_it_follows_and_serves_until_it_is_stopped(
    record: Path, tmp_path: Path
) -> None:
    """A process of its own: the source is away at first, then comes and grows; the
    process is killed, and the next one goes on.
    """
    source, copy = tmp_path / "source", tmp_path / "copy"
    source.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    words = ["mirror", str(source), str(copy), "--every", "0.05", "--serve", str(port)]
    # Whoever starts the tests in a background job makes us inherit that it is ignored.
    heeds = "import signal; signal.signal(2, signal.default_int_handler); "
    code = f"{heeds}from truce.cli import main; main()"
    command = [sys.executable, "-c", code, *words]

    def served_size() -> int:
        try:
            found = asked(f"http://127.0.0.1:{port}", "/log/checkpoint")
        except OSError:
            return -1
        if found.status != 200:
            return 0
        return checkpoint_from_note(found.body).size  # type: ignore[attr-defined]

    def wait_for(size: int) -> None:
        until = time.monotonic() + 60
        while served_size() != size:
            assert time.monotonic() < until, size
            time.sleep(0.05)

    for kill in (signal.SIGKILL, signal.SIGINT):
        with subprocess.Popen(command, stdout=-1, stderr=-1, text=True) as process:
            try:
                wait_for(size_shown(source))
                for room in ("payloads", "log"):
                    shutil.copytree(record / room, source / room, dirs_exist_ok=True)
                wait_for(size_shown(record))
            finally:
                process.send_signal(kill)
            try:
                _, told = process.communicate(timeout=60)
            finally:
                process.kill()
        assert "Traceback" not in told
        seal(record, "more")
    assert size_shown(copy) == SEALED + 1
    assert holds(copy)
