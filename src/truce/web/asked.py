"""What an address asks of the agreement, the record and a ledger, as reports ask it."""

from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from truce.compliance.model import Verdict
from truce.errors import InvalidQuery
from truce.identifiers import AgreementId, ClauseId
from truce.picture import Answer, answer_from
from truce.picture.question import moment_from_text
from truce.reporting.changes import changed_picture
from truce.reporting.model import Change, Outcome, Query, Subject
from truce.web.frame import Frame
from truce.web.site import Site

_Word = TypeVar("_Word", bound=StrEnum)


def findings_asked(frame: Frame) -> Query:
    """The question on findings: agreement, clause, verdict, and a time they meet.

    Raises:
        InvalidQuery: there is no such verdict, or a name is given twice.
    """
    return Query(
        subject=Subject.FINDINGS,
        at=frame.as_of.instant,
        reader=frame.reader,
        since=frame.question.since,
        until=frame.question.until,
        agreement=AgreementId(frame.only("agreement")) or None,
        clause=ClauseId(frame.only("clause")) or None,
        verdict=_word(frame, "verdict", Verdict),
    )


def rows_asked(frame: Frame) -> Query:
    """The question on deliveries sealed after the one time and up to the other.

    Its feed is left open: an address may name several (`Question.feeds`).

    Raises:
        InvalidQuery: there is no such outcome, or it is given twice.
    """
    return Query(
        subject=Subject.ROWS,
        at=frame.as_of.instant,
        reader=frame.reader,
        since=frame.question.since,
        until=frame.question.until,
        outcome=_word(frame, "outcome", Outcome),
    )


def change_asked(site: Site, frame: Frame) -> tuple[Change, datetime] | None:
    """The line of a ledger that is asked for, and since when; None for none.

    Raises:
        InvalidQuery: one stands without the other, or has no meaning.
    """
    change, since = _word(frame, "change", Change), frame.only("since")
    if change is None and not since:
        return None
    if change is None or not since:
        raise InvalidQuery(
            "change and since belong together: what came or went by the change since "
            "the moment; give both, or neither"
        )
    return change, moment_from_text(since, site.desk.zone)


def answer_asked(site: Site, frame: Frame) -> Answer:
    """The answer to the whole address: its question, over all or over one change."""
    asked = change_asked(site, frame)
    if asked is None:
        return site.desk.answer(frame.question, frame.reader, frame.as_of)
    change, since = asked
    picture = changed_picture(
        site.desk, frame.reader, frame.as_of, change=change, since=since
    )
    return answer_from(picture, frame.question, zone=site.desk.zone)


def _word(frame: Frame, name: str, words: type[_Word]) -> _Word | None:
    value = frame.only(name)
    known = {word.value: word for word in words}
    if value and value not in known:
        raise InvalidQuery(f"{name} is {value!r}, expected one of {', '.join(known)}")
    return known.get(value)


__all__ = ["answer_asked", "change_asked", "findings_asked", "rows_asked"]
