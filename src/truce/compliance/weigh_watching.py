"""How much of a place and time was watched well enough for silence to count."""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
import shapely  # type: ignore[import-untyped]  # it ships no types

from truce.agreement.plane import Floats, PlaneArea, plane_area
from truce.agreement.shapes import Shape
from truce.compliance.model import WatchFact
from truce.instants import Interval, seconds_from_instant

# Sample points per area. The share is then known to about 1 / sqrt(400) of what a
# single edge of coverage cuts, under 2 %; a threshold of an agreement is never meant
# more finely than that.
_SAMPLE_POINTS: Final = 400
# No watcher is sure: two perfect claims must not outweigh everything by an infinity.
_CERTAINTY_MAX: Final = 1.0 - 1e-9
# Probabilities that differ by less are the same; 0.8 must reach 0.8 after rounding.
_ROUNDING: Final = 1e-9


@lru_cache(maxsize=4096)
def sample_points(shape: Shape) -> tuple[Floats, Floats]:
    """Points of the area on its own map, shape (n, 2), and the share that each stands
    for.

    A square lattice over each separate part, so that small far-apart sites are not
    missed; a part too small for the lattice is its own middle.
    """
    geometry = plane_area(shape).geometry
    spacing_m = np.sqrt(geometry.area / _SAMPLE_POINTS)
    points: list[Floats] = []
    weights: list[Floats] = []
    for part in shapely.get_parts(geometry):
        inside = _lattice(part, float(spacing_m))
        points.append(inside)
        weights.append(np.full(len(inside), part.area / geometry.area / len(inside)))
    return np.concatenate(points), np.concatenate(weights)


def _lattice(part: shapely.Geometry, spacing_m: float) -> Floats:
    west, south, east, north = part.bounds
    columns = np.arange(west + spacing_m / 2.0, east, spacing_m)
    lines = np.arange(south + spacing_m / 2.0, north, spacing_m)
    x, y = (axis.ravel() for axis in np.meshgrid(columns, lines))
    is_inside = shapely.contains_xy(part, x, y)
    if not is_inside.any():
        middle: Floats = shapely.get_coordinates(shapely.point_on_surface(part))
        return middle
    return np.stack([x[is_inside], y[is_inside]], axis=-1)


class Watched(NamedTuple):
    """Shares of area x time, in [0, 1]: seen well enough, and looked at by anybody at
    all.
    """

    seen_share: float
    looked_share: float


def share_watched(
    shape: Shape,
    window: Interval,
    watches: Iterable[WatchFact],
    *,
    noticed_from: float,
) -> Watched:
    """How much of the area and window was watched, and how much of it well enough.

    A spot is seen at a moment if the watchers of it would together have noticed an
    ordinary explosion there with a probability of at least `noticed_from`. Different
    observers count as independent; of one observer's overlapping watches only the best
    counts, for a thing said twice is not seen twice. No watches, or a window of no
    length, give 0.
    """
    start_s, end_s = (seconds_from_instant(t) for t in (window.start, window.end))
    by_observer: dict[str, list[WatchFact]] = defaultdict(list)
    for watch in watches:
        by_observer[watch.observer].append(watch)
    if not by_observer or end_s <= start_s:
        return Watched(0.0, 0.0)
    edges = _time_edges(by_observer, start_s, end_s)
    area = plane_area(shape)
    points, weights = sample_points(shape)
    missed_log = np.zeros((len(edges) - 1, len(points)))
    for observer in sorted(by_observer):
        own = by_observer[observer]
        noticed = np.zeros_like(missed_log)
        for watch, is_covered in zip(own, _is_covered(area, points, own), strict=True):
            _mark_noticed(noticed, watch, edges, is_covered)
        missed_log += np.log1p(-noticed)
    slices = np.diff(edges) / (end_s - start_s)
    is_seen = -np.expm1(missed_log) >= noticed_from - _ROUNDING
    return Watched(
        seen_share=min(1.0, float(slices @ (is_seen @ weights))),
        looked_share=min(1.0, float(slices @ ((missed_log < 0.0) @ weights))),
    )


def _time_edges(
    by_observer: dict[str, list[WatchFact]], start_s: float, end_s: float
) -> Floats:
    """The moments at which somebody begins or stops watching, within the window."""
    moments = {start_s, end_s}
    for watches in by_observer.values():
        for watch in watches:
            moments.add(seconds_from_instant(watch.interval.start))
            moments.add(seconds_from_instant(watch.interval.end))
    return np.array(sorted(t for t in moments if start_s <= t <= end_s))


def _is_covered(area: PlaneArea, points: Floats, watches: list[WatchFact]) -> Floats:
    """Per watch and point, 1 where the point is in the watch's range, else 0."""
    centres = area.xy(
        np.array([watch.centre.lat_deg for watch in watches]),
        np.array([watch.centre.lon_deg for watch in watches]),
    )
    apart = points[None, :, :] - centres[:, None, :]
    range_m = np.array([watch.range_m for watch in watches])
    is_near = np.hypot(apart[..., 0], apart[..., 1]) <= range_m[:, None]
    covered: Floats = is_near.astype(np.float64)
    return covered


def _mark_noticed(
    noticed: Floats, watch: WatchFact, edges: Floats, is_covered: Floats
) -> None:
    """Raise what this observer notices to what this watch does, in its slices and its
    range.
    """
    first, last = np.searchsorted(
        edges,
        [
            seconds_from_instant(watch.interval.start),
            seconds_from_instant(watch.interval.end),
        ],
    )
    rows = slice(int(first), min(int(last), len(edges) - 1))
    probability = min(watch.detection_probability, _CERTAINTY_MAX)
    np.maximum(noticed[rows], probability * is_covered, out=noticed[rows])


__all__ = ["Watched", "sample_points", "share_watched"]
