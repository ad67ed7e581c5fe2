"""What an id of long ago stands for today."""

from collections.abc import Iterable

from truce.errors import InvalidQuery
from truce.identifiers import IncidentId
from truce.incidents.model import Change, HistoryEntry


def resolve(
    history: Iterable[HistoryEntry], incident: IncidentId
) -> tuple[IncidentId, ...]:
    """Today's incidents that hold what the id has stood for, sorted; none if it was
    withdrawn.

    An id that merged leads to what it merged into; one that was split to itself and its
    parts. `history` is the whole history in any order.

    Raises:
        InvalidQuery: no incident ever had this id.
    """
    others: dict[IncidentId, set[IncidentId]] = {}
    ended: set[IncidentId] = set()
    for entry in history:
        others.setdefault(entry.incident, set()).update(entry.others)
        if entry.change in (Change.MERGED, Change.WITHDRAWN):
            ended.add(entry.incident)
    if incident not in others:
        raise InvalidQuery(
            f"incident {incident!r} stands nowhere in the history of {len(others)} "
            "incidents; check the id"
        )
    seen = {incident}
    waiting = [incident]
    for one in waiting:
        fresh = sorted(others.get(one, set()) - seen)
        seen.update(fresh)
        waiting.extend(fresh)
    return tuple(sorted(seen - ended))


__all__ = ["resolve"]
