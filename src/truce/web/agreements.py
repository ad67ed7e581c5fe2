"""The agreement: every clause with its finding."""

from dataclasses import dataclass, replace
from typing import Any

from litestar import Response, get

from truce.compliance.model import Verdict
from truce.picture.ports import ClauseText
from truce.release.model import ReleasedFinding
from truce.reporting.model import Query
from truce.reporting.query import is_asked_finding
from truce.web.asked import findings_asked
from truce.web.chips import chips_of
from truce.web.frame import Frame
from truce.web.handlers import FrameHere, SiteHere, html
from truce.web.site import Site

_FILTERS = ("agreement", "clause", "verdict", "from", "to")
# The gravest first: what somebody has to look at.
_ORDER = (Verdict.BREACHED, Verdict.UNDETERMINED, Verdict.PENDING, Verdict.MET)


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A finding beside the text of its clause, where the record holds that."""

    finding: ReleasedFinding
    text: ClauseText | None


@get("/agreement", sync_to_thread=True)
def agreement(site: SiteHere, frame: FrameHere) -> Response[str]:
    """Every finding, or those that the address asks for."""
    values = findings_of(site, frame, findings_asked(frame))
    values["chips"] = chips_of(site, frame, *_FILTERS)
    return html(site, frame, "agreement.html", desk="agreement", **values)


def findings_of(site: Site, frame: Frame, query: Query) -> dict[str, Any]:
    """The findings that a question asks for, gravest first, with tallies.

    A tally is what choosing its verdict would bring.
    """
    findings = [
        one
        for one in site.desk.picture(frame.reader, frame.as_of).findings
        if is_asked_finding(replace(query, verdict=None), one)
    ]
    texts = {(t.agreement, t.clause): t for t in site.desk.source.clauses(frame.as_of)}
    return {
        "chosen": query.verdict or "",
        "tallies": [
            (v.value, sum(1 for f in findings if f.verdict is v)) for v in _ORDER
        ],
        "findings": [
            FindingLine(one, texts.get((one.agreement, one.clause)))
            for verdict in _ORDER
            for one in findings
            if one.verdict is verdict and query.verdict in (None, verdict)
        ],
    }


ROUTES = (agreement,)

__all__ = ["ROUTES", "FindingLine", "findings_of"]
