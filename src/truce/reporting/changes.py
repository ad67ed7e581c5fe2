"""The incidents that a line of the ledger counts, as a picture that pages can ask."""

from collections import Counter
from dataclasses import replace
from datetime import datetime

from truce.errors import InvalidQuery
from truce.instants import text_from_instant
from truce.picture.desk import Desk
from truce.picture.ports import AsOf
from truce.picture.sights import Picture, known_to
from truce.release.incidents import release_incident
from truce.release.model import Reader, Withheld
from truce.reporting.ledger import Changes, Shown
from truce.reporting.model import Change


def changed_picture(
    desk: Desk, reader: Reader, as_of: AsOf, *, change: Change, since: datetime
) -> Picture:
    """What a reader is given of the incidents that came or went by one change.

    Between `since` and `as_of`; what went is shown as it was given at `since`. It is
    counted as a report's ledger counts it, from two pictures that the reader may each
    ask for alone.

    Raises:
        InvalidQuery: `since` is after `as_of`, or the change is one that this reader is
            not told of.
    """
    verify_change(reader, change)
    if since > as_of.instant:
        raise InvalidQuery(
            f"since is {text_from_instant(since)}, expected a moment up to "
            f"{text_from_instant(as_of.instant)}"
        )
    opening = AsOf(count=desk.source.count_at(since), instant=since, is_past=True)
    before, after = _shown(desk, reader, opening), _shown(desk, reader, as_of)
    changes = _changes(desk, reader, opening, as_of)
    names = [n for n, why in changes.between(before, after, reader) if why is change]
    is_coming = change.sign > 0
    counted = Counter((after if is_coming else before)[name] for name in names)
    picture = desk.picture(reader, as_of if is_coming else opening)
    sights = []
    for sight in picture.sights:
        # Without references two incidents may look alike: as many are taken as count.
        if counted[sight.incident] > 0:
            counted[sight.incident] -= 1
            sights.append(sight)
    return replace(
        picture,
        as_of=as_of,
        sights=tuple(sights),
        by_reference={one.reference: one for one in sights if one.reference},
    )


def verify_change(reader: Reader, change: Change) -> None:
    """Refuse a change whose reason this reader is not told.

    Raises:
        InvalidQuery: it is.
    """
    told = (Change.REVISED_IN, Change.REVISED_OUT)
    if reader is not Reader.MECHANISM and change not in told:
        raise InvalidQuery(
            f"change is {change.value}, which only the mechanism is told; expected "
            f"{' or '.join(one.value for one in told)}"
        )


def _shown(desk: Desk, reader: Reader, as_of: AsOf) -> Shown:
    """What the reader is given as of a moment, by the record's ids."""
    incidents = desk.source.incidents(known_to(desk.source, reader, as_of))
    released = (
        (one.id, release_incident(one, reader, as_of.instant, gate=desk.gate))
        for one in incidents
    )
    return {name: one for name, one in released if not isinstance(one, Withheld)}


def _changes(desk: Desk, reader: Reader, opening: AsOf, closing: AsOf) -> Changes:
    source = desk.source
    first, last = (known_to(source, reader, one) for one in (opening, closing))
    return Changes(
        known_before=(one.id for one in source.incidents(first)),
        known_after=(one.id for one in source.incidents(last)),
        history=(
            e for e in source.changes_after(first.count) if e.position < last.count
        ),
    )


__all__ = ["changed_picture", "verify_change"]
