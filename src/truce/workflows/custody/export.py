"""Evidence for a court: statements as they came, with all that it takes to check them.

1. Reader, statements and name are checked; nothing is written for a wrong question.
2. Each statement's bytes are written as far as the gate gives them, and its proof.
3. The checkpoint, the witnessed one and the timestamps are copied as they stand.
4. Content credentials of pictures, films and documents are read and written down.
5. The verifier, the provenance, the page to read first, and the list of all files.

The same record, statements and `exported_at` give the same bytes.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from truce.errors import InvalidInput, InvalidQuery
from truce.formats.media import MediaType
from truce.identifiers import StatementIndex
from truce.instants import text_from_instant
from truce.record import Record, RecordKind
from truce.record.timestamps import FOLDER as TIMESTAMPS
from truce.record.timestamps import (
    kept_timestamp,
    timestamp_sizes,
    verify_stamped_note,
)
from truce.release import Reader
from truce.workflows.custody._crate import METADATA, crate_json
from truce.workflows.custody._evidence import (
    PROOF_SUFFIX,
    Evidence,
    Given,
    evidence_of,
)
from truce.workflows.custody._packing import PackedFile, Packing, packing
from truce.workflows.custody._proof import note_for, proof_text, witnessed_note
from truce.workflows.custody._provenance import Custody, prov_json
from truce.workflows.custody._readme import readme_text
from truce.workflows.custody._verifier import PACKAGE, verifier_files
from truce.workflows.custody.ports import CredentialReader, Stamp, StampReader
from truce.workflows.custody.timestamp import earliest_after

_TEXT: Final = "text/plain"
_JSON: Final = "application/json"
_PROVENANCE: Final = "custody/prov.json"
# A package is a choice for one case. Whoever wants all has the record copied.
STATEMENTS_MAX: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What an export needs from outside standards, and the program's own name."""

    stamps: StampReader
    credentials: CredentialReader
    software: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedStatement:
    """What became of one statement: `file` is the path of its bytes, empty where they
    are withheld or absent; `credentials` is empty for what is no picture, film or
    document.
    """

    index: int
    kind: str
    given: Given
    file: str
    proof: str
    credentials: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A package that stands: where, what of, and how many files."""

    path: Path
    statements: tuple[ExportedStatement, ...]
    file_count: int


def export_evidence(
    record: Record,
    indexes: Sequence[int],
    out: Path,
    *,
    reader: Reader,
    exported_at: datetime,
    outside: Outside,
    is_zip: bool = False,
) -> Exported:
    """Writes an evidence package, whole or not at all.

    Raises:
        InvalidQuery: the reader may not have it, or no statement is named.
        InvalidRecord: the record holds no such statement.
        InvalidInput: the name lacks the record's kind, or something stands there.
        ProofFails: the record does not hold what it sealed.
        Unavailable: the disk refused, or the verifier is not installed.
    """
    _verify_reader(reader)  # (1)
    chosen = sorted(set(indexes))
    if not 0 < len(chosen) <= STATEMENTS_MAX:
        raise InvalidQuery(
            f"{len(chosen)} statements, expected 1 to {STATEMENTS_MAX}; name them "
            "with --statements 3,7-9"
        )
    verify_name_tells(out.name, record.founding.kind)
    for index in (chosen[0], chosen[-1]):
        record.entry(StatementIndex(index))
    with packing(out, is_zip=is_zip) as package:
        export = _Export(record, package, reader, outside)
        for index in chosen:
            export.add_statement(index)  # (2), (4)
        export.add_log()  # (3)
        export.add_papers(out.stem if is_zip else out.name, exported_at)  # (5)
    return Exported(
        path=out,
        statements=tuple(export.exported),
        file_count=len(package.files),
    )


def verify_name_tells(name: str, kind: RecordKind) -> None:
    """Returns where a file's name says of what kind of record it is, and no other.

    Raises:
        InvalidInput: it does not.
    """
    words = name.lower().replace("_", "-").replace(".", "-").split("-")
    others = [other for other in RecordKind if other is not kind]
    if kind not in words or any(other in words for other in others):
        raise InvalidInput(
            f"{name!r} must tell that the record is of kind {kind}, and no other word "
            f"of that kind; call it e.g. {kind}-{name}"
        )


def _verify_reader(reader: Reader) -> None:
    if reader is not Reader.MECHANISM:
        raise InvalidQuery(
            f"an evidence package holds texts, sources and makers' names as they "
            f"came, which {reader} is never given; only MECHANISM can export one, and "
            "answers for whom it is handed to"
        )


class _Export:
    """One package while it is made."""

    def __init__(
        self, record: Record, package: Packing, reader: Reader, outside: Outside
    ) -> None:
        self.record = record
        self.package = package
        self.reader = reader
        self.outside = outside
        self.kind = record.founding.kind.upper()
        self.evidence: list[Evidence] = []
        self.files: dict[int, PackedFile] = {}
        self.exported: list[ExportedStatement] = []
        self.stamps: dict[int, Stamp] = {}

    def add_statement(self, index: int) -> None:
        evidence = evidence_of(self.record, index, self.reader)
        path = f"statements/{evidence.name}"
        says = f"statement {index}, {evidence.kind} by {evidence.by}"
        is_given = evidence.given is Given.GIVEN
        credentials = ""
        if is_given:
            self.files[index] = self.package.add(
                path, evidence.content, evidence.media_type.name, says
            )
            credentials = self._add_credentials(evidence)
        proof = proof_text(self.record, index, evidence.prefix if is_given else None)
        shown = f"Proof of {says}" + ("" if is_given else f" ({evidence.given})")
        self.package.add(f"{path}{PROOF_SUFFIX}", proof, _TEXT, shown)
        self._add_stamped_proof(index)
        # Its bytes are on the disk: only what the papers tell of it is kept.
        self.evidence.append(_without_bytes(evidence))
        self.exported.append(
            ExportedStatement(
                index=index,
                kind=evidence.kind,
                given=evidence.given,
                file=path if is_given else "",
                proof=f"{path}{PROOF_SUFFIX}",
                credentials=credentials,
            )
        )

    def _add_stamped_proof(self, index: int) -> None:
        """That the statement lies under the earliest checkpoint that was stamped with
        it: without that, an older stamp would say nothing of it.
        """
        kept = earliest_after(self.record.folder, index)
        if kept is None or kept.note == note_for(self.record, index):
            return
        proof = proof_text(self.record, index, None, note=kept.note)
        self.package.add(
            f"stamped/{index}-in-{kept.size}{PROOF_SUFFIX}",
            proof,
            _TEXT,
            f"Proof that statement {index} lies under the stamped checkpoint of "
            f"{kept.size} statements",
        )

    def _add_credentials(self, evidence: Evidence) -> str:
        if not _has_credentials(evidence.media_type):
            return ""
        found = self.outside.credentials.read(
            evidence.media_type.name, evidence.content
        )
        told = {
            "record_kind": self.kind,
            "file": f"statements/{evidence.name}",
            "media_type": evidence.media_type.name,
            "answer": found.answer.value,
            "reason": found.reason,
            "reader": found.reader,
            "manifest_store": found.manifest_store,
            "validation": found.validation,
        }
        text = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True)
        self.package.add(
            f"c2pa/{evidence.name}.json",
            f"{text}\n".encode(),
            _JSON,
            f"Content credentials of statement {evidence.index}: {found.answer}",
        )
        return found.answer.value

    def add_log(self) -> None:
        folder, add = self.record.folder, self.package.add
        # Not `checkpoint`: by that name a folder is known as a copy of a log.
        says = "The record's checkpoint"
        add("checkpoint.note", self.record.checkpoint, _TEXT, says)
        witnessed = witnessed_note(self.record)
        if witnessed is not None:
            says = "The newest checkpoint that the record's witnesses signed"
            add("witnessed/checkpoint", witnessed, _TEXT, says)
        sizes = timestamp_sizes(folder)
        for size in sizes:
            kept = kept_timestamp(folder, size)
            verify_stamped_note(self.record, kept)
            self.stamps[size] = self.outside.stamps.read(kept.response)
            says = f"checkpoint of {size} statements"
            add(f"{TIMESTAMPS}/{size}.note", kept.note, _TEXT, f"The stamped {says}")
            add(
                f"{TIMESTAMPS}/{size}.tsr",
                kept.response,
                "application/timestamp-reply",
                f"An authority's timestamp on the {says}",
            )
        if sizes:
            lines = "".join(f"{size}\n" for size in sizes).encode()
            add(f"{TIMESTAMPS}/index", lines, _TEXT, "The sizes that were stamped")

    def add_papers(self, name: str, exported_at: datetime) -> None:
        add, software = self.package.add, self.outside.software
        for file_name, content in verifier_files():
            path = f"verifier/{PACKAGE}/{file_name}"
            add(path, content, "text/x-python", f"The verifier: {file_name}")
        custody = Custody(
            record=self.record,
            evidence=self.evidence,
            files=self.files,
            stamps=self.stamps,
            name=name,
            exported_at=exported_at,
            software=software,
        )
        add(_PROVENANCE, prov_json(custody), _JSON, "Who did what, and when (W3C PROV)")
        page = readme_text(
            self.record,
            self.evidence,
            stamps=self.stamps,
            exported_at=exported_at,
            software=software,
        )
        add("README.txt", page, _TEXT, f"{self.kind}: what this is; read it first")
        told = self.record.founding.name
        listed = ", ".join(str(evidence.index) for evidence in self.evidence)
        crate = crate_json(
            self.package.files,
            name=f"{self.kind}: evidence from the record {told}",
            description=f"{self.kind}. Statements {listed} of the record "
            f"{self.record.origin}, with proofs, exported at "
            f"{text_from_instant(exported_at)}.",
            exported_at=exported_at,
            provenance=_PROVENANCE,
        )
        add(METADATA, crate, "application/ld+json", "What lies here (RO-Crate)")


def _has_credentials(media_type: MediaType) -> bool:
    """Whether files of this type can carry content credentials, as far as we read."""
    return (
        media_type.name.startswith(("image/", "video/"))
        or media_type.name == "application/pdf"
    )


def _without_bytes(evidence: Evidence) -> Evidence:
    return replace(evidence, prefix=b"", content=b"")


__all__ = [
    "STATEMENTS_MAX",
    "Exported",
    "ExportedStatement",
    "Outside",
    "export_evidence",
    "verify_name_tells",
]
