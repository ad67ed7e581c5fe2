"""Who did what with each file of an evidence package, and when, as W3C PROV.

Source: PROV-JSON, W3C member submission of 24 April 2013; PROV-DM, W3C recommendation
of 30 April 2013. The times are kept apart (docs/reference/times.md): stating,
receiving, sealing, stamping and exporting are five activities, each with its own.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from truce.canonical import Json
from truce.instants import text_from_instant
from truce.record import Record, Role
from truce.workflows.custody._evidence import Evidence
from truce.workflows.custody._packing import PackedFile
from truce.workflows.custody.ports import Stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Custody:
    """All that the provenance of a package tells.

    `files` are the packed bytes of given statements, by index; `stamps` what each
    timestamp says, by size (nobody checked it).
    """

    record: Record
    evidence: Sequence[Evidence]
    files: Mapping[int, PackedFile]
    stamps: Mapping[int, Stamp]
    name: str
    exported_at: datetime
    software: str


def prov_json(custody: Custody) -> bytes:
    """The provenance of a package."""
    document = _Document(custody)
    document.tell_agents()
    for evidence in custody.evidence:
        document.tell_statement(evidence)
    document.tell_log()
    document.tell_export()
    text = json.dumps(document.as_json(), ensure_ascii=False, indent=1, sort_keys=True)
    return f"{text}\n".encode()


class _Document:
    """A PROV document that grows; relations are numbered in the order they are told."""

    def __init__(self, custody: Custody) -> None:
        self.custody = custody
        self.parts: defaultdict[str, dict[str, Json]] = defaultdict(dict)
        self.kind = custody.record.founding.kind.upper()

    def as_json(self) -> Json:
        origin, name = self.custody.record.origin, self.custody.name
        prefixes = {
            "truce": "urn:truce:provenance:",
            "record": f"urn:truce:record:{origin}:",
            "package": f"urn:truce:package:{name}:",
        }
        return {"prefix": prefixes, **self.parts}

    def tell_agents(self) -> None:
        record = self.custody.record
        makers = {evidence.by for evidence in self.custody.evidence}
        for known in record.participants.by_id.values():
            if known.id in makers or Role.OPERATOR in known.roles:
                self.parts["agent"][f"record:participant-{known.id}"] = {
                    "prov:label": known.name,
                    "truce:key": known.key.id,
                    "truce:roles": ", ".join(sorted(known.roles)),
                }
        self.parts["agent"]["record:log"] = {
            "prov:label": f"{self.kind}: log {record.origin}",
            "truce:key": record.founding.log_key.id,
        }

    def tell_statement(self, evidence: Evidence) -> None:
        number, maker = evidence.index, f"record:participant-{evidence.by}"
        statement, entry = f"record:statement-{number}", f"record:entry-{number}"
        times = {"stated_at": evidence.stated_at, "sealed_at": evidence.sealed_at}
        if evidence.received_at is not None:
            times["received_at"] = evidence.received_at
        self.parts["entity"][statement] = {
            "prov:label": f"{self.kind}: statement {number}, {evidence.kind}",
            "truce:record_kind": self.kind,
            "truce:kind": evidence.kind,
            "truce:marking": evidence.marking,
            "truce:commitment": evidence.commitment,
            "truce:bytes": str(evidence.given),
            **{f"truce:{name}": _time(at) for name, at in times.items()},
        }
        stating = self.activity(f"record:stating-{number}", evidence.stated_at, maker)
        self.relate("wasGeneratedBy", entity=statement, activity=stating)
        self.relate("wasAttributedTo", entity=statement, agent=maker)
        if evidence.received_at is not None:
            at = evidence.received_at
            receiving = self.activity(f"record:receiving-{number}", at, maker)
            self.relate("used", activity=receiving, entity=statement)
        self.parts["entity"][entry] = {"prov:label": f"{self.kind}: entry {number}"}
        sealing = self.activity(
            f"record:sealing-{number}", evidence.sealed_at, "record:log"
        )
        self.relate("used", activity=sealing, entity=statement)
        self.relate("wasGeneratedBy", entity=entry, activity=sealing)
        self.relate("wasDerivedFrom", generatedEntity=entry, usedEntity=statement)

    def tell_log(self) -> None:
        size = self.custody.record.size
        for held in sorted({size, *self.custody.stamps}):
            checkpoint = f"record:checkpoint-{held}"
            self.parts["entity"][checkpoint] = {
                "prov:label": f"{self.kind}: checkpoint of {held} statements"
            }
            for evidence in self.custody.evidence:
                if evidence.index < held:
                    entry = f"record:entry-{evidence.index}"
                    self.relate(
                        "wasDerivedFrom", generatedEntity=checkpoint, usedEntity=entry
                    )
            self.relate("wasAttributedTo", entity=checkpoint, agent="record:log")
        for held, stamp in self.custody.stamps.items():
            authority = f"record:authority-{held}"
            self.parts["agent"][authority] = {"prov:label": stamp.authority}
            name = f"record:stamping-{held}"
            stamping = self.activity(name, stamp.stamped_at, authority)
            self.relate("used", activity=stamping, entity=f"record:checkpoint-{held}")
            timestamp = f"package:timestamps/{held}.tsr"
            self.parts["entity"][timestamp] = {
                "truce:stamped_at": _time(stamp.stamped_at)
            }
            self.relate("wasGeneratedBy", entity=timestamp, activity=stamping)

    def tell_export(self) -> None:
        software = "truce:software"
        self.parts["agent"][software] = {
            "prov:label": self.custody.software,
            "prov:type": {"$": "prov:SoftwareAgent", "type": "prov:QUALIFIED_NAME"},
        }
        exporting = self.activity(
            "package:exporting", self.custody.exported_at, software
        )
        for index, file in self.custody.files.items():
            name = f"package:{file.path}"
            self.parts["entity"][name] = {
                "prov:label": f"{self.kind}: {file.says}",
                "truce:sha256": file.sha256,
                "truce:size": file.size,
            }
            statement = f"record:statement-{index}"
            self.relate("used", activity=exporting, entity=statement)
            self.relate("wasGeneratedBy", entity=name, activity=exporting)
            self.relate("wasDerivedFrom", generatedEntity=name, usedEntity=statement)

    def activity(self, name: str, at: datetime, agent: str) -> str:
        """An activity of one moment, and who did it."""
        time = text_from_instant(at)
        self.parts["activity"][name] = {"prov:startTime": time, "prov:endTime": time}
        self.relate("wasAssociatedWith", activity=name, agent=agent)
        return name

    def relate(self, relation: str, **ends: str) -> None:
        """One relation between things that are told."""
        told = self.parts[relation]
        told[f"_:{relation}{len(told)}"] = {f"prov:{e}": n for e, n in ends.items()}


def _time(at: datetime) -> Json:
    return {"$": text_from_instant(at), "type": "xsd:dateTime"}


__all__ = ["Custody", "prov_json"]
