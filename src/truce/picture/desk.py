"""A record kept open for readers: pictures made once and asked many times."""

from collections import Counter, OrderedDict
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Lock
from typing import Final
from zoneinfo import ZoneInfo

from truce.errors import InvalidQuery
from truce.identifiers import StatementIndex
from truce.instants import EPOCH, text_from_instant
from truce.picture.answer import Answer
from truce.picture.ask import answer_from
from truce.picture.ports import AsOf, PictureSource
from truce.picture.question import Question
from truce.picture.sights import Picture, Sight, picture_for
from truce.release.gate import OPEN_GATE, Gate
from truce.release.model import Reader

# Four readers, now and a past moment each.
_KEPT_MAX: Final = 8
# Now moves by whole minutes: lists and maps that are asked for one after the other hold
# the same picture, and nothing is shown earlier than release allows, only up to a
# minute later.
_NOW_STEP: Final = timedelta(minutes=1)

_Asked = tuple[Reader, int, datetime, Question]


class Desk:
    """Answers questions about one record, whoever reads it.

    Safe to call from several threads. A picture is kept for as long as its reader, the
    size of the log and the minute stay the same.
    """

    def __init__(self, source: PictureSource, *, gate: Gate = OPEN_GATE) -> None:
        self.source = source
        self.gate = gate
        self.zone = ZoneInfo(source.time_zone)
        self._kept: OrderedDict[tuple[Reader, int, datetime], Picture] = OrderedDict()
        self._answers: OrderedDict[_Asked, Answer] = OrderedDict()
        self._lock = Lock()
        self._making = Lock()

    def now(self, instant: datetime) -> AsOf:
        """As of the newest statement, at the last whole minute."""
        whole = EPOCH + (instant - EPOCH) // _NOW_STEP * _NOW_STEP
        return AsOf(count=self.source.statement_count, instant=whole)

    def as_of(
        self, now: datetime, *, at: datetime | None = None, count: int | None = None
    ) -> AsOf:
        """The moment that somebody asks for, or now.

        A bare `count` means the sealing time of the last of so many statements; a bare
        `at` means all that had been sealed by then. Both together are a view as it was
        shown.

        Raises:
            InvalidQuery: a moment yet to come, or more statements than there are.
        """
        if at is None and count is None:
            return self.now(now)
        if at is not None and at > now:
            raise InvalidQuery(
                f"at is {text_from_instant(at)}, which is yet to come; expected a "
                f"moment up to {text_from_instant(now)}"
            )
        size = self.source.statement_count
        if count is not None and not 0 < count <= size:
            raise InvalidQuery(f"position is {count}, expected 1 to {size}")
        if count is None and at is not None:
            return AsOf(count=self.source.count_at(at), instant=at, is_past=True)
        known = count or 0
        return AsOf(count=known, instant=at or self._sealed(known), is_past=True)

    def picture(self, reader: Reader, as_of: AsOf) -> Picture:
        """What the reader is given as of a moment."""
        key = (reader, as_of.count, as_of.instant)
        picture = self._kept_at(key)
        if picture is None:
            # One at a time: a page, its map and its events ask at once for the same.
            with self._making:
                picture = self._kept_at(key) or self._made(reader, as_of)
        # The same moment may be asked for as now and as past: the map of a live list.
        return picture if picture.as_of == as_of else replace(picture, as_of=as_of)

    def _kept_at(self, key: tuple[Reader, int, datetime]) -> Picture | None:
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
            return kept

    def _made(self, reader: Reader, as_of: AsOf) -> Picture:
        with self._lock:
            own = (p for (who, _, _), p in self._kept.items() if who is reader)
            before = max(own, key=lambda p: p.as_of.count, default=None)
        picture = picture_for(self.source, reader, as_of, gate=self.gate, before=before)
        with self._lock:
            self._kept[reader, as_of.count, as_of.instant] = picture
            while len(self._kept) > _KEPT_MAX:
                self._kept.popitem(last=False)
        return picture

    def answer(self, question: Question, reader: Reader, as_of: AsOf) -> Answer:
        """The answer to a question, kept for the next one: maps ask what lists ask."""
        key = (reader, as_of.count, as_of.instant, question)
        with self._lock:
            kept = self._answers.get(key)
        if kept is None:
            picture = self.picture(reader, as_of)
            kept = answer_from(picture, question, zone=self.zone)
            with self._lock:
                self._answers[key] = kept
                while len(self._answers) > _KEPT_MAX:
                    self._answers.popitem(last=False)
        return kept if kept.as_of == as_of else replace(kept, as_of=as_of)

    def changed(self, before: Picture, after: Picture) -> tuple[Sight, ...]:
        """The sights of a later picture that are new or differ from an earlier one.

        Found by comparing what the reader was given, never by what the record took in:
        for a reader who is shown things late, a change that is not shown is none.
        """
        known = Counter(before.sights)
        changed = []
        for sight in after.sights:
            # Sights without a reference may be equal: each is matched with one other.
            known[sight] -= 1
            if known[sight] < 0:
                changed.append(sight)
        return tuple(changed)

    def _sealed(self, count: int) -> datetime:
        return self.source.sealed_at(StatementIndex(count - 1))


__all__ = ["Desk"]
