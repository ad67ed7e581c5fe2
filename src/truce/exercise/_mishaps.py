"""What goes wrong on the way: one delivery a day arrives broken, and is sent again
whole.
"""

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from truce.exercise._contributors import Batch
from truce.exercise._dice import Dice
from truce.identifiers import FeedName

_ERROR_PAGE: Final = (
    b"<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head>\n"
    b"<body><h1>502 Bad Gateway</h1></body></html>\n"
)
# What is lost of a transfer that breaks off.
_KEPT_SHARE: Final = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Mishap:
    """One way to break a delivery: its name, whose feed it happens to, what it does."""

    name: str
    feed: FeedName
    breaks: Callable[[bytes], bytes]


def broken_today(seed: int, day: int, batches: list[Batch]) -> tuple[int, bytes] | None:
    """Which of a day's batches arrives broken, by its index, and as what; None if none
    can.

    The ways to break follow each other day by day, so that ten days show them all.
    """
    dice = Dice(seed, "mishap", day)
    mishap = MISHAPS[(day + seed) % len(MISHAPS)]
    fit = [
        (index, broken)
        for index, batch in enumerate(batches)
        if batch.feed == mishap.feed
        and (broken := mishap.breaks(batch.raw)) != batch.raw
    ]
    return dice.pick(fit) if fit else None


def _truncated_gzip(raw: bytes) -> bytes:
    packed = gzip.compress(raw, mtime=0)
    return packed[: int(len(packed) * _KEPT_SHARE)]


def _swapped_degrees(raw: bytes) -> bytes:
    """One line of a watch log with its latitude and longitude exchanged."""
    head, *lines = raw.decode().splitlines(keepends=True)
    for index, line in enumerate(lines):
        values = json.loads(line)
        if values["type"] == "sighting":
            values["lat"], values["lon"] = values["lon"], values["lat"]
            lines[index] = json.dumps(values, ensure_ascii=False, sort_keys=True) + "\n"
            return "".join([head, *lines]).encode()
    return raw


def _in_the_future(raw: bytes) -> bytes:
    """A claim of two years hence: a slip of the keyboard."""
    return raw.replace(b",2031-", b",2033-", 2) if raw.count(b"\n") > 2 else raw


def _error_page(_: bytes) -> bytes:
    return _ERROR_PAGE


def _wrong_encoding(raw: bytes) -> bytes:
    return raw.decode().encode("utf-16")


def _cut_off(raw: bytes) -> bytes:
    """A log that breaks off in the middle of a line."""
    return raw[: int(len(raw) * _KEPT_SHARE)].rstrip(b"\n}")


def _without_header(raw: bytes) -> bytes:
    return raw.split(b"\n", 1)[1]


def _empty(_: bytes) -> bytes:
    return b""


MISHAPS: Final = (
    Mishap(name="truncated gzip", feed=FeedName("firms"), breaks=_truncated_gzip),
    Mishap(name="swapped degrees", feed=FeedName("watch_log"), breaks=_swapped_degrees),
    Mishap(name="future date", feed=FeedName("party_claims"), breaks=_in_the_future),
    Mishap(name="error page", feed=FeedName("eyes_on_russia"), breaks=_error_page),
    Mishap(name="cut off", feed=FeedName("watch_log"), breaks=_cut_off),
    Mishap(
        name="wrong encoding", feed=FeedName("party_claims"), breaks=_wrong_encoding
    ),
    Mishap(name="no header", feed=FeedName("air_raid_sirens"), breaks=_without_header),
    Mishap(name="empty", feed=FeedName("firms"), breaks=_empty),
)

__all__ = ["MISHAPS", "Mishap", "broken_today"]
