"""What photographs say of their own making: four answers, and never a network."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from tests.integration.photographs import JPEG, signed_photograph, tampered

from truce.exchange.content_credentials import C2paCredentials
from truce.workflows.custody.ports import CredentialAnswer

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture(scope="module")
def photograph(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A photograph that our camera signed."""
    return signed_photograph(tmp_path_factory.mktemp("camera"))


def test_a_signed_photograph_is_present_and_valid(photograph: bytes) -> None:
    """As its signer left it; that nobody knows the signer is told, and no fault."""
    found = C2paCredentials().read("image/jpeg", photograph)
    assert found.answer is CredentialAnswer.VALID
    assert "exercise camera" in str(found.manifest_store)
    assert "signingCredential.untrusted" in str(found.validation)
    assert found.reader.startswith("c2pa 0.")


def test_a_photograph_altered_afterwards_does_not_validate(photograph: bytes) -> None:
    """One bit of the picture, and the manifest is of another one."""
    found = C2paCredentials().read("image/jpeg", tampered(photograph))
    assert found.answer is CredentialAnswer.INVALID
    assert "assertion.dataHash.mismatch" in str(found.validation)
    assert "does not validate" in found.reason


@pytest.mark.parametrize(
    ("media_type", "content", "answer"),
    [
        ("image/jpeg", JPEG, CredentialAnswer.ABSENT),
        ("image/jpeg", JPEG[:60], CredentialAnswer.UNREADABLE),
        ("image/png", b"\x89PNG\r\n\x1a\n", CredentialAnswer.UNREADABLE),
        ("application/pdf", PDF[:9], CredentialAnswer.UNREADABLE),
    ],
)
def test_absent_and_unreadable_are_two_answers(
    media_type: str, content: bytes, answer: CredentialAnswer
) -> None:
    """No manifest is an ordinary photograph; bytes that nobody can read are not."""
    found = C2paCredentials().read(media_type, content)
    assert found.answer is answer
    assert found.reason
    assert (found.manifest_store, found.validation) == (None, None)


def test_a_manifest_that_lies_elsewhere_is_not_fetched(tmp_path: Path) -> None:
    """Whoever made the file must not learn that, or where, it is examined."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}/manifest"
        content = signed_photograph(tmp_path, manifest_at=address)
        assert address.encode() in content
        found = C2paCredentials().read("image/jpeg", content)
        server.shutdown()
        thread.join()
    assert asked == []
    assert found.answer is CredentialAnswer.UNREADABLE
    assert address in found.reason
