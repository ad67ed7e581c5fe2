"""The built-in exercise: its land, its agreement, its bytes through the same desks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from truce.app.opened import OpenRecord, attached
from truce.app.shipped import shipped_agreement
from truce.exercise.land import (
    EXERCISE_NAME,
    STARTS_AT,
    TIME_ZONE,
    base_map,
    gazetteer_tsv,
)
from truce.exercise.play import ExerciseDelivery, play
from truce.identifiers import AgreementId
from truce.record import RecordKind, RecordWriter
from truce.statements import AgreementText, BaseMap, GazetteerTable
from truce.workflows.exercise.play import (
    PlayedClock,
    hours_of,
    participants_of,
    play_hour,
)
from truce.workflows.founding.begin_record import (
    Land,
    adopt_agreements,
    begin_record,
)


class Playing:
    """An exercise that is being played into its record, hour by hour."""

    def __init__(
        self,
        writer: RecordWriter,
        opened: OpenRecord,
        clock: PlayedClock,
        deliveries: tuple[ExerciseDelivery, ...],
    ) -> None:
        self.opened = opened
        self._writer = writer
        self._clock = clock
        self._hours = list(hours_of(deliveries))
        self._at = 0

    def play(
        self,
        *,
        until_last: timedelta = timedelta(0),
        on_progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """Plays every hour but those of the last stretch of so long."""
        end = self._hours[-1][0] - until_last
        while self._at < len(self._hours) and self._hours[self._at][0] <= end:
            self.play_next_hour()
            if on_progress is not None:
                on_progress(self._at, len(self._hours))

    def play_next_hour(self) -> bool:
        """Plays the next hour in which something arrives; False where none is left."""
        if self._at >= len(self._hours):
            return False
        deliveries = self._hours[self._at][1]
        play_hour(self._writer, self._clock, deliveries, self.opened.follow)
        self._at += 1
        return True


@contextmanager
def begin_exercise(folder: Path, *, seed: int, days: int) -> Iterator[Playing]:
    """A new exercise record, with its land and its agreement, ready to be played.

    Raises:
        InvalidRecord: the folder is not empty.
        InvalidQuery: `days` is out of its range.
    """
    deliveries = tuple(play(seed, days=days))
    clock = PlayedClock(STARTS_AT)
    writer = begin_record(
        folder,
        kind=RecordKind.EXERCISE,
        name=EXERCISE_NAME.lower().replace(" ", "-"),
        land=Land(
            gazetteer=GazetteerTable(
                name=EXERCISE_NAME, zone=str(TIME_ZONE), table=gazetteer_tsv()
            ),
            base_map=BaseMap(name=EXERCISE_NAME, geojson=base_map()),
        ),
        clock=clock,
        participants=participants_of(deliveries),
    )
    try:
        text = AgreementText(
            agreement=AgreementId("exercise"),
            text=shipped_agreement("exercise"),
            geography=base_map(),
        )
        adopt_agreements(writer, [text], clock=clock)
        with attached(writer) as opened:
            yield Playing(writer, opened, clock, deliveries)
    finally:
        writer.close()


__all__ = ["Playing", "begin_exercise"]
