"""The agreement: every clause with its finding."""

from dataclasses import dataclass
from typing import Any

from litestar import Response, get

from truce.compliance.model import Verdict
from truce.errors import InvalidQuery
from truce.picture.ports import ClauseText
from truce.release.model import ReleasedFinding
from truce.web.frame import Frame
from truce.web.handlers import FrameHere, SiteHere, html
from truce.web.site import Site

# The gravest first: what somebody has to look at.
_ORDER = (Verdict.BREACHED, Verdict.UNDETERMINED, Verdict.PENDING, Verdict.MET)


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A finding beside the text of its clause, where the record holds that."""

    finding: ReleasedFinding
    text: ClauseText | None


@get("/agreement", sync_to_thread=True)
def agreement(site: SiteHere, frame: FrameHere) -> Response[str]:
    """Every finding, or those of one verdict."""
    values = findings_of(site, frame, frame.one("verdict"))
    return html(site, frame, "agreement.html", desk="agreement", **values)


def findings_of(site: Site, frame: Frame, chosen: str) -> dict[str, Any]:
    """The findings of a verdict (all for an empty one), gravest first, with tallies.

    Raises:
        InvalidQuery: there is no such verdict.
    """
    if chosen and chosen not in {verdict.value for verdict in Verdict}:
        expected = ", ".join(verdict.value for verdict in Verdict)
        raise InvalidQuery(f"verdict is {chosen!r}, expected one of {expected}")
    findings = site.desk.picture(frame.reader, frame.as_of).findings
    texts = {(t.agreement, t.clause): t for t in site.desk.source.clauses(frame.as_of)}
    return {
        "chosen": chosen,
        "tallies": [
            (v.value, sum(1 for f in findings if f.verdict is v)) for v in _ORDER
        ],
        "findings": [
            FindingLine(one, texts.get((one.agreement, one.clause)))
            for verdict in _ORDER
            for one in findings
            if one.verdict is verdict and chosen in ("", verdict.value)
        ],
    }


ROUTES = (agreement,)

__all__ = ["ROUTES", "FindingLine", "findings_of"]
