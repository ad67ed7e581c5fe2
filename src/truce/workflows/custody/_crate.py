"""What lies in an evidence package, as an RO-Crate.

Source: RO-Crate 1.1.3 (w3id.org/ro/crate/1.1), sections on root data entity and files.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from truce.canonical import Json
from truce.instants import text_from_instant
from truce.workflows.custody._packing import PackedFile

METADATA: Final = "ro-crate-metadata.json"
_PROFILE: Final = "https://w3id.org/ro/crate/1.1"
_TERMS: Final = "#terms"


def crate_json(
    files: Sequence[PackedFile],
    *,
    name: str,
    description: str,
    exported_at: datetime,
    provenance: str,
) -> bytes:
    """The metadata of a package of these files. `provenance` is the path of the PROV.

    Name and description begin with the record's kind: whoever shows the crate in a
    catalogue shows that first.
    """
    graph: list[Json] = [
        {
            "@id": METADATA,
            "@type": "CreativeWork",
            "about": {"@id": "./"},
            "conformsTo": {"@id": _PROFILE},
        },
        {
            "@id": "./",
            "@type": "Dataset",
            "name": name,
            "description": description,
            "datePublished": text_from_instant(exported_at),
            "license": {"@id": _TERMS},
            "hasPart": [{"@id": file.path} for file in files],
            "subjectOf": {"@id": provenance},
        },
        {
            "@id": _TERMS,
            "@type": "CreativeWork",
            "name": "Evidence, handed over for proceedings",
            "description": "Not for publication: markings of the record go on "
            "to hold. The files under verifier/ are free software, Apache-2.0.",
        },
    ]
    graph += [_file(file, provenance) for file in files]
    # The context of RO-Crate 1.1 does not know schema.org's word for the hash.
    context: Json = [f"{_PROFILE}/context", {"sha256": "https://schema.org/sha256"}]
    crate: Json = {"@context": context, "@graph": graph}
    return f"{json.dumps(crate, ensure_ascii=False, indent=1)}\n".encode()


def _file(file: PackedFile, provenance: str) -> Json:
    told: dict[str, Json] = {
        "@id": file.path,
        "@type": "File",
        "name": file.says,
        "contentSize": str(file.size),
        "encodingFormat": file.media_type,
        "sha256": file.sha256,
    }
    if file.path == provenance:
        told["conformsTo"] = {"@id": "https://www.w3.org/TR/prov-dm/"}
    return told


__all__ = ["METADATA", "crate_json"]
