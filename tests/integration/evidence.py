"""A record with photographs and a secret, and evidence exported from it: for tests."""

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from tests.integration.photographs import JPEG, signed_photograph, tampered
from tests.integration.tsa import Authority
from typer.testing import CliRunner

from truce.app import open_writer
from truce.cli import app
from truce.exchange.content_credentials import C2paCredentials
from truce.exchange.rfc3161 import OfflineStamps
from truce.identifiers import FeedName
from truce.record import (
    OPERATOR,
    Record,
    Unsealed,
)
from truce.record.envelope import commitment_of, entry_from_bytes
from truce.record.merkle import leaf_hash, root_from_inclusion
from truce.record.note import checkpoint_from_note
from truce.release import Reader
from truce.statements import Delivery
from truce.workflows.custody.export import Exported, Outside, export_evidence

AT = datetime(2031, 5, 9, 12, tzinfo=UTC)
RECEIVED_AT = datetime(2031, 5, 9, 8, 30, tzinfo=UTC)
SEALED_AT = datetime(2031, 5, 9, 8, 32, tzinfo=UTC)
STATED_AT = datetime(2031, 5, 9, 8, 31, tzinfo=UTC)
SECRET = b"the witness lives in Elm, third house"


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


def stamp(folder: Path, authority: Authority) -> None:
    """Has a record's checkpoint stamped; a proxy of this machine is passed by."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("no_proxy", "127.0.0.1")
        words = ("--tsa", authority.url, "--roots", authority.roots)
        code, output = call("timestamp", folder, *words)
        assert code == 0, output


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


def make_case(base: Path) -> Case:
    """The case, in a folder; no test writes to its log."""
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


def put_verifier_beside(base: Path, patch: pytest.MonkeyPatch) -> None:
    """Where the verifier is not built, one that only says so stands in for it."""
    if find_spec("truce_verify") is None:
        package = base / "beside" / "truce_verify"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text('"""Stands in for the verifier."""\n')
        patch.syspath_prepend(str(package.parent))
