"""Playing an exercise: its raw bytes through the same desks as those of real feeds.

The exercise's clock is the record's clock, so that sealing times, delays of release and
deadlines run in the time of the simulated world.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Protocol

from truce.identifiers import FeedName, ParticipantId
from truce.record import RecordWriter, Role
from truce.statements import Delivery
from truce.workflows.intake.seal_delivery import seal_deliveries


class PlayedDelivery(Protocol):
    """What an exercise hands in: bytes, by whom, and when they reach the record."""

    @property
    def feed(self) -> FeedName:
        """The feed whose format the bytes are in."""

    @property
    def participant(self) -> ParticipantId:
        """Who delivers."""

    @property
    def participant_name(self) -> str:
        """What people call them."""

    @property
    def file_name(self) -> str:
        """The name that the bytes come under."""

    @property
    def received_at(self) -> datetime:
        """When they reach the record, in the exercise's time."""

    @property
    def raw(self) -> bytes:
        """The bytes."""


class PlayedClock:
    """A clock that shows what it was last set to."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def __call__(self) -> datetime:
        """What it shows."""
        return self._now

    def set(self, moment: datetime) -> None:
        """Moves it to a moment; it never goes back."""
        self._now = max(self._now, moment)


def participants_of(
    deliveries: Iterable[PlayedDelivery],
) -> tuple[tuple[ParticipantId, str, tuple[Role, ...]], ...]:
    """Who delivers in an exercise, to be enrolled when its record is founded."""
    names = {d.participant: d.participant_name for d in deliveries}
    return tuple((id_, names[id_], (Role.CONTRIBUTOR,)) for id_ in sorted(names))


def hours_of(
    deliveries: Sequence[PlayedDelivery],
) -> Iterator[tuple[datetime, list[PlayedDelivery]]]:
    """Deliveries by the hour in which they arrive, in order of arrival."""
    arrived = sorted(deliveries, key=lambda delivery: delivery.received_at)
    for hour, group in groupby(arrived, key=_hour):
        yield hour, list(group)


def play_hour(
    writer: RecordWriter,
    clock: PlayedClock,
    deliveries: Sequence[PlayedDelivery],
    follow: Callable[[], object],
) -> None:
    """Seals what arrives in one hour in one commit, then follows it."""
    clock.set(deliveries[-1].received_at)
    seal_deliveries(
        writer,
        [
            (
                delivery.participant,
                Delivery(
                    feed=delivery.feed,
                    file_name=delivery.file_name,
                    received_at=delivery.received_at,
                    raw=delivery.raw,
                ),
            )
            for delivery in deliveries
        ],
    )
    follow()


def _hour(delivery: PlayedDelivery) -> datetime:
    return delivery.received_at.replace(minute=0, second=0, microsecond=0)


__all__ = [
    "PlayedClock",
    "PlayedDelivery",
    "hours_of",
    "participants_of",
    "play_hour",
]
