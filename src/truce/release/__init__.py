"""The one gate: who sees what, how coarse, how late.

In: incidents, observations, watches, findings and proofs as the mechanism knows them,
the reader who asks, and the moment. Out: what this reader is given, or `Withheld`,
which is the same for everything withheld and for what does not exist.

Always holds: nothing comes out finer or earlier than the floors in `table.py`, whatever
policy is passed; a coarse thing shows the same cell each time; what it shows
(reference, order, counts, times of appearance) is computed from coarse values only.
Filters, totals and tiles for a reader must be made from released things, never from
exact ones.

Not decided here: who the reader is (sign-in), what a commission serves on a party, and
from which position of the record a page reads (`cut_for` says from which it may).
"""

from truce.release.cells import cell_outline
from truce.release.evidence import (
    release_observation,
    release_proof,
    release_visibility,
    release_watch,
)
from truce.release.findings import (
    finding_cut_for,
    release_finding,
    release_findings,
)
from truce.release.gate import OPEN_GATE, Gate
from truce.release.incidents import (
    count_withheld,
    release_incident,
    release_incidents,
)
from truce.release.model import (
    Coarseness,
    Condition,
    Decision,
    Policy,
    Precedent,
    Precedents,
    ProbabilityBand,
    Provinces,
    Reader,
    ReleasedFinding,
    ReleasedIncident,
    ReleasedProof,
    ReleasedVisibility,
    ReleasedWatch,
    Rule,
    StatementProof,
    Thing,
    VisibilityLevel,
    Withheld,
)
from truce.release.readers import (
    cut_for,
    reader_from_request,
    reader_from_roles,
    reader_from_text,
)
from truce.release.refuse import withheld_from
from truce.release.table import decide

__all__ = [
    "OPEN_GATE",
    "Coarseness",
    "Condition",
    "Decision",
    "Gate",
    "Policy",
    "Precedent",
    "Precedents",
    "ProbabilityBand",
    "Provinces",
    "Reader",
    "ReleasedFinding",
    "ReleasedIncident",
    "ReleasedProof",
    "ReleasedVisibility",
    "ReleasedWatch",
    "Rule",
    "StatementProof",
    "Thing",
    "VisibilityLevel",
    "Withheld",
    "cell_outline",
    "count_withheld",
    "cut_for",
    "decide",
    "finding_cut_for",
    "reader_from_request",
    "reader_from_roles",
    "reader_from_text",
    "release_finding",
    "release_findings",
    "release_incident",
    "release_incidents",
    "release_observation",
    "release_proof",
    "release_visibility",
    "release_watch",
    "withheld_from",
]
