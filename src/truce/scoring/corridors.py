"""The verdicts on real corridors beside how others coded their outcome."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from truce.canonical import Json
from truce.compliance.model import Verdict
from truce.errors import InvalidValue
from truce.identifiers import AgreementId, IncidentId
from truce.workflows.study.replay_corridors import CorridorAnswer

# The 97.5 % point of the standard normal, for a two-sided interval of 95 %.
_Z_95: Final = 1.959963984540054


class Outcome(StrEnum):
    """How the corridor was coded by those who collected it."""

    SUCCESSFUL = "successful"
    VIOLATED = "violated"
    DISPUTED = "disputed"
    UNKNOWN = "unknown"


# The collectors' words (PeaceRep, column `status_result`). Disputed means that the two
# sides said different things; that is no violation.
_OUTCOMES: Final = {
    "successful": Outcome.SUCCESSFUL,
    "unsuccessful/disrupted": Outcome.VIOLATED,
    "disputed": Outcome.DISPUTED,
    "proposed route/outcome unknown": Outcome.UNKNOWN,
    "": Outcome.UNKNOWN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CorridorRow:
    """One corridor: what compliance answered, and how its outcome was coded."""

    agreement: AgreementId
    verdict: Verdict
    reason: str
    reason_key: str
    incidents: tuple[IncidentId, ...]
    has_stated_hours: bool
    outcome: Outcome


def corridor_row(answer: CorridorAnswer) -> CorridorRow:
    """A replayed corridor as a row to score.

    Raises:
        InvalidValue: its outcome is coded by a word that is not known.
    """
    return CorridorRow(
        agreement=answer.agreement,
        verdict=answer.verdict,
        reason=answer.reason,
        reason_key=answer.reason_key,
        incidents=answer.incidents,
        has_stated_hours=answer.has_stated_hours,
        outcome=outcome_from_word(answer.outcome_word),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """So many of so many, with a Wilson interval of 95 %; None of nothing."""

    count: int
    of: int
    low95: float | None
    high95: float | None


def outcome_from_word(word: str) -> Outcome:
    """The outcome that the collectors' word means.

    Raises:
        InvalidValue: a word that they have not used before; it must be read by a
        person.
    """
    outcome = _OUTCOMES.get(word.strip().lower())
    if outcome is None:
        known = ", ".join(repr(one) for one in _OUTCOMES)
        raise InvalidValue(f"outcome word is {word!r}, expected one of {known}")
    return outcome


def wilson_share(count: int, of: int) -> Share:
    """The share with its interval; of nothing, a share without one.

    Source: Wilson, Probable inference, the law of succession, and statistical
    inference, J. Am. Stat. Assoc. 22 (1927); without continuity correction.
    """
    if not 0 <= count <= of:
        raise InvalidValue(f"{count} of {of} is no share; expected 0 <= count <= of")
    if of == 0:
        return Share(count=0, of=0, low95=None, high95=None)
    share, z2 = count / of, _Z_95**2
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = (
        _Z_95 / (1 + z2 / of) * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    )
    return Share(
        count=count,
        of=of,
        low95=0.0 if count == 0 else max(0.0, middle - half),
        high95=1.0 if count == of else min(1.0, middle + half),
    )


def confusion(rows: Iterable[CorridorRow]) -> dict[str, Json]:
    """Verdict by coded outcome, for all rows and apart for those whose text states
    hours.

    Every group has the `table` of counts (verdict, then outcome, all sixteen cells),
    its `rows`, and shares with intervals: `incidents_known` by outcome (an incident is
    known that may have lain in the corridor), `decided_of_coded` (met or breached
    among those coded successful or violated), `breached_of_violated` and
    `breached_of_successful`. Disputed and unknown outcomes stand in the table only:
    neither is known to be kept or broken.
    """
    every = tuple(rows)
    return {
        "all": _group(every),
        "hours_known": _group(tuple(row for row in every if row.has_stated_hours)),
        "hours_unknown": _group(
            tuple(row for row in every if not row.has_stated_hours)
        ),
    }


def _group(rows: tuple[CorridorRow, ...]) -> dict[str, Json]:
    table = {
        verdict: {
            outcome: sum(r.verdict is verdict and r.outcome is outcome for r in rows)
            for outcome in Outcome
        }
        for verdict in Verdict
    }
    of = {outcome: sum(row.outcome is outcome for row in rows) for outcome in Outcome}
    breached, met = table[Verdict.BREACHED], table[Verdict.MET]
    coded = (Outcome.SUCCESSFUL, Outcome.VIOLATED)
    decided = sum(breached[outcome] + met[outcome] for outcome in coded)
    return {
        "rows": len(rows),
        "table": {
            verdict.value: {outcome.value: n for outcome, n in counts.items()}
            for verdict, counts in table.items()
        },
        "incidents_known": {
            outcome.value: _json(
                wilson_share(
                    sum(bool(r.incidents) for r in rows if r.outcome is outcome),
                    of[outcome],
                )
            )
            for outcome in Outcome
        },
        "decided_of_coded": _json(wilson_share(decided, sum(of[o] for o in coded))),
        "breached_of_violated": _json(
            wilson_share(breached[Outcome.VIOLATED], of[Outcome.VIOLATED])
        ),
        "breached_of_successful": _json(
            wilson_share(breached[Outcome.SUCCESSFUL], of[Outcome.SUCCESSFUL])
        ),
    }


def _json(share: Share) -> dict[str, Json]:
    return {
        "count": share.count,
        "of": share.of,
        "low95": share.low95,
        "high95": share.high95,
    }


__all__ = [
    "CorridorRow",
    "Outcome",
    "Share",
    "confusion",
    "corridor_row",
    "outcome_from_word",
    "wilson_share",
]
