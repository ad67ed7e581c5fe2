"""What a mirror says of servers that answer nonsense, and of words that make none."""

import json
import shutil
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from tests.integration.mirrors import (
    SEALED,
    begun,
    key_of,
    look,
    look_at,
    size_shown,
    stamp,
)
from typer.testing import CliRunner

from truce.cli import app
from truce.errors import Unavailable
from truce.exchange.record_files import RecordAtAddress


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


def answering(answer: Callable[[socket.socket], None]) -> tuple[str, socket.socket]:
    """A server that answers one request in its own way."""
    listener = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection:
            connection.recv(4096)
            answer(connection)

    threading.Thread(target=run, daemon=True).start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}", listener


ANSWERS: dict[str, tuple[bytes, str]] = {
    "no HTTP": (b"hello\r\n\r\n", "hello"),
    "an error": (b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", "answered 500"),
    "elsewhere": (b"HTTP/1.1 302 X\r\nLocation: http://a/\r\n\r\n", "answered 302"),
    "too large": (b"HTTP/1.1 200 OK\r\n\r\n" + bytes(70_000), "more than 65536 bytes"),
    "broken off": (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab", "broke off 7"),
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_a_server_that_answers_nonsense(tmp_path: Path, kind: str) -> None:
    """Each is the world's failure, and says what came."""
    raw, told = ANSWERS[kind]
    address, listener = answering(lambda connection: connection.sendall(raw))
    with listener, pytest.raises(Unavailable, match=told):
        look(address, tmp_path / "copy")
    assert size_shown(tmp_path / "copy") == 0


def test_a_server_that_trickles(tmp_path: Path) -> None:
    """A byte now and then keeps no mirror waiting for ever."""

    def trickle(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        with suppress(OSError):
            for _ in range(100):
                connection.sendall(b"a")
                time.sleep(0.05)

    address, listener = answering(trickle)
    source = RecordAtAddress(address, timeout_s=0.3)
    with listener, pytest.raises(Unavailable, match="it came too slowly"):
        look_at(source, tmp_path / "copy")


def test_nobody_there(tmp_path: Path) -> None:
    """Exit code 3: try again."""
    done = CliRunner().invoke(
        app, ["mirror", "http://127.0.0.1:9", str(tmp_path / "copy")]
    )
    assert done.exit_code == 3
    assert "refused" in done.stderr


def test_a_page_is_no_record(tmp_path: Path) -> None:
    """Exit code 1 for what is no checkpoint, 3 where there is none at all."""
    page = tmp_path / "page"
    (page / "log").mkdir(parents=True)
    where = [str(page), str(tmp_path / "copy")]
    done = CliRunner().invoke(app, ["mirror", *where])
    assert done.exit_code == 3
    assert "expected the address or the folder" in done.stderr
    (page / "log" / "checkpoint").write_text("<html>hello</html>")
    shutil.copytree(begun(tmp_path / "r", sealed=150) / "payloads", page / "payloads")
    done = CliRunner().invoke(app, ["mirror", *where])
    assert done.exit_code == 1
    assert "log/checkpoint: note has no signature lines" in done.stderr


def test_trust_on_first_use_is_said_aloud(record: Path, tmp_path: Path) -> None:
    """Once, with the line to compare; not where the key was given, and not again."""
    runner, key = CliRunner(), key_of(record).text()
    words = ["mirror", str(record), str(tmp_path / "copy"), "--json"]
    done = runner.invoke(app, words)
    assert done.exit_code == 0
    assert "ATTENTION" in done.stderr
    assert key in done.stderr
    assert json.loads(done.stdout)["key_trusted_on_first_use"] is True
    assert "ATTENTION" not in runner.invoke(app, words).stderr
    words = ["mirror", str(record), str(tmp_path / "other"), "--key", key]
    done = runner.invoke(app, words)
    assert "ATTENTION" not in done.stderr
    assert f"{SEALED} statements taken over" in done.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["--fill", "--without-payloads"],
        ["--serve", "port"],
        ["--serve", "0.0.0.0:0", "--serve-payloads"],
        ["--key", "nonsense"],
    ],
)
def test_words_that_make_no_sense(
    record: Path, tmp_path: Path, words: list[str]
) -> None:
    """Bad usage is exit code 2, before anything is taken over."""
    done = CliRunner().invoke(
        app, ["mirror", str(record), str(tmp_path / "copy"), *words]
    )
    assert done.exit_code == 2, done.output
    assert size_shown(tmp_path / "copy") == 0
