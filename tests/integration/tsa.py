"""A time stamping authority of our own, for tests: openssl behind loopback HTTP."""

import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.conftest import skip_for_want_of

_CONFIG = """\
[tsa]
default_tsa = ours
[ours]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1, millisecs:500
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


@dataclass(slots=True, kw_only=True)
class Authority:
    """Our authority: its folder with `ca.pem`, its address, how it behaves.

    `asked` holds every question. `answer`, where set, is given instead of a timestamp,
    and `status` is the HTTP status.
    """

    folder: Path
    url: str = ""
    answer: bytes | None = None
    status: int = 200
    asked: list[bytes]

    @property
    def roots(self) -> Path:
        """The certificate that its own leads to."""
        return self.folder / "ca.pem"

    def reply(self, question: bytes) -> bytes:
        """The response to a question, as openssl makes it."""
        query, reply = self.folder / "query.tsq", self.folder / "reply.tsr"
        query.write_bytes(question)
        openssl(
            "ts", "-reply", "-config", self.folder / "tsa.cnf", "-queryfile", query,
            "-out", reply,
        )  # fmt: skip
        return reply.read_bytes()


def openssl(*words: str | Path) -> str:
    """What openssl prints; skips where there is none."""
    program = shutil.which("openssl")
    if program is None:
        skip_for_want_of("openssl", how="apt-get install openssl")
    done = subprocess.run(
        [program, *map(str, words)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def make_ca(folder: Path, name: str) -> None:
    """A root certificate and its key: `ca.pem`, `ca.key`."""
    openssl(
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
        "-nodes", "-keyout", folder / "ca.key", "-out", folder / "ca.pem",
        "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-days", "3650",
        "-subj", f"/O=Exercise/CN={name}",
    )  # fmt: skip


def make_certificate(folder: Path, name: str, usage: str) -> None:
    """A certificate that the root signs: `NAME.pem`, `NAME.key`."""
    extensions = folder / f"{name}.ext"
    extensions.write_text(
        "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n"
        f"extendedKeyUsage={usage}\nsubjectKeyIdentifier=hash\n"
        "authorityKeyIdentifier=keyid\n"
    )
    openssl(
        "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
        "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.csr",
        "-subj", f"/O=Exercise/CN={name}",
    )  # fmt: skip
    openssl(
        "x509", "-req", "-in", folder / f"{name}.csr", "-CA", folder / "ca.pem",
        "-CAkey", folder / "ca.key", "-CAcreateserial", "-days", "3000",
        "-extfile", extensions, "-out", folder / f"{name}.pem",
    )  # fmt: skip


@contextmanager
def serving(folder: Path) -> Iterator[Authority]:
    """An authority that answers on loopback until the block ends."""
    make_ca(folder, "Root")
    make_certificate(folder, "tsa", "critical,timeStamping")
    (folder / "serial").write_text("01\n")
    (folder / "tsa.cnf").write_text(_CONFIG.format(folder=folder))
    authority = Authority(folder=folder, asked=[])

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.headers["Content-Type"] == "application/timestamp-query"
            authority.asked.append(question)
            body = authority.answer
            if body is None:
                body = authority.reply(question)
            self.send_response(authority.status)
            if authority.status == 302:
                self.send_header("Location", authority.url)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Says nothing: tests print enough."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    authority.url = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield authority
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
