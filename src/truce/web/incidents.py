"""One incident: its page, its pane beside the list, and the proofs behind it."""

import base64

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from truce.canonical import Json
from truce.errors import InvalidQuery
from truce.instants import text_from_instant
from truce.picture import Dossier, RecordKind, dossier_of, proof_for
from truce.picture.features import row_from
from truce.release.model import ReleasedProof
from truce.web.frame import Frame
from truce.web.handlers import FrameHere, SiteHere, html
from truce.web.site import Site


@get("/incidents/{reference:str}", sync_to_thread=True)
def incident(
    site: SiteHere, frame: FrameHere, reference: FromPath[str]
) -> Response[str]:
    """An incident with its evidence; only the pane where a script asks for it."""
    dossier = _dossier(site, frame, reference)
    if not frame.is_swap:
        return html(site, frame, "incident.html", desk="incidents", dossier=dossier)
    response = html(site, frame, "_incident.html", dossier=dossier)
    # The address of the page it opens in, so that it always says what is shown.
    opened = dossier.sight.reference
    response.headers["HX-Push-Url"] = frame.link("/", keep=True, open=opened)
    return response


@get("/api/incidents/{reference:str}", sync_to_thread=True)
def incident_values(site: SiteHere, frame: FrameHere, reference: FromPath[str]) -> Json:
    """An incident with its evidence as plain values."""
    dossier = _dossier(site, frame, reference)
    return dossier_values(dossier, site.desk.source.record_kind)


@get("/api/incidents/{reference:str}/proof/{statement:int}", sync_to_thread=True)
def proof(
    site: SiteHere, frame: FrameHere, reference: FromPath[str], statement: FromPath[int]
) -> Json:
    """That a statement behind an incident stands in the log, to be recomputed."""
    source = site.desk.source
    dossier = _dossier(site, frame, reference)
    released = proof_for(source, dossier, frame.reader, statement)
    return proof_values(released, source.record_kind, source.origin)


def dossier_values(dossier: Dossier, record_kind: RecordKind) -> Json:
    """An incident with everything behind it as plain values."""
    return {
        "record_kind": record_kind.value,
        "marking": dossier.sight.incident.marking.value,
        "incident": row_from(dossier.sight),
        "findings": [
            {
                "agreement": one.agreement,
                "clause": one.clause,
                "verdict": one.verdict.value,
                "reason": one.reason,
            }
            for one in dossier.findings
        ],
        "witnesses": [
            {
                "stated_by": list(witness.stated_by),
                "observations": [o.id for o in witness.observations],
            }
            for witness in dossier.witnesses
        ],
        "contradicted_by": [o.id for o in dossier.contradictions],
        "statements": list(dossier.statements),
        "history": [
            {
                "position": line.position,
                "sealed_at": text_from_instant(line.sealed_at),
                "change": line.change.value,
                "others": list(line.others),
            }
            for line in dossier.history
        ],
    }


def proof_values(proof: ReleasedProof, record_kind: RecordKind, origin: str) -> Json:
    """A proof as plain values: bytes in base64, hashes in hexadecimal."""
    entry = proof.entry
    return {
        "record_kind": record_kind.value,
        "origin": origin,
        "statement": proof.statement,
        "tree_size": proof.tree_size,
        "leaf_hash": proof.leaf_hash.hex(),
        "hashes": [one.hex() for one in proof.hashes],
        "checkpoint": proof.checkpoint,
        "entry": None if entry is None else base64.b64encode(entry).decode(),
        "withheld": list(proof.withheld),
    }


def _dossier(site: Site, frame: Frame, reference: str) -> Dossier:
    shown = site.desk.picture(frame.reader, frame.as_of)
    try:
        return dossier_of(site.desk.source, shown, reference)
    except InvalidQuery as error:
        # A good address; what it names is not there, or not for this reader.
        raise NotFoundException(str(error)) from error


ROUTES = (incident, incident_values, proof)

__all__ = ["ROUTES", "dossier_values", "proof_values"]
