"""The whole of what happens: every event of an exercise, from its seed."""

from functools import cache

from truce.exercise import _clock
from truce.exercise._accidents import accidents, movements
from truce.exercise._events import Event
from truce.exercise._firing import false_flag
from truce.exercise._strikes import events_of_strikes
from truce.exercise._tactics import events_on_line


@cache
def events_of_day(seed: int, day: int) -> tuple[Event, ...]:
    """Everything that begins on a day, in order of time.

    What an exchange of the evening before leads to after midnight is part of it.
    """
    begun = [*_begun(seed, day - 1), *_begun(seed, day)] if day else [*_begun(seed, 0)]
    today = [event for event in begun if _clock.day_of(event.started_at) == day]
    return tuple(sorted(today, key=lambda event: (event.started_at, event.key)))


def events(seed: int, days: int) -> tuple[Event, ...]:
    """Everything that begins in the first `days` days, in order of time."""
    return tuple(event for day in range(days) for event in events_of_day(seed, day))


@cache
def _begun(seed: int, day: int) -> tuple[Event, ...]:
    return (
        *events_on_line(seed, day),
        *false_flag(seed, day),
        *events_of_strikes(seed, day),
        *accidents(seed, day),
        *movements(seed, day),
    )


__all__ = ["events", "events_of_day"]
