"""Where and when an event was, from the reports of it."""

import math
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

import numpy as np

from truce.incidents.evidence import Evidence
from truce.incidents.likelihood import Array, place_sums, sites_of
from truce.incidents.model import Ellipse
from truce.incidents.parameters import Parameters
from truce.instants import Interval
from truce.places import SIGMAS_95, Position, moved

# A tenth of a metre in degrees, and in metres: finer digits would only show a machine's
# rounding.
_DEGREE_DIGITS = 6
_METRE_DIGITS = 1


def position_of(
    evidence: Sequence[Evidence], parameters: Parameters
) -> tuple[Position, Ellipse]:
    """The most probable centre and the ellipse that holds it with 95 %; needs one
    report or more.

    Each possible extent of the event gives a normal; they are mixed by how well each
    explains where the reports stand, and the ellipse is that of the mixture's
    covariance.
    """
    if len(evidence) == 1:
        # The same sums, written out: most incidents have one report.
        (one,) = evidence
        spread = sum(share * extent**2 for extent, share in parameters.extents_m)
        xx, xy, yy = one.cov
        return _rounded(one.observation.where.centre), _ellipse(
            xx + spread, xy, yy + spread
        )
    centre, covariance = _moments(list(evidence), parameters)
    origin = evidence[0].observation.where.centre
    position = moved(origin, east_m=float(centre[0]), north_m=float(centre[1]))
    (xx, xy), (_, yy) = covariance.tolist()
    return _rounded(position), _ellipse(xx, xy, yy)


def _rounded(position: Position) -> Position:
    return Position(
        lat_deg=round(position.lat_deg, _DEGREE_DIGITS),
        lon_deg=round(position.lon_deg, _DEGREE_DIGITS),
    )


def _moments(evidence: list[Evidence], parameters: Parameters) -> tuple[Array, Array]:
    """Mean east and north of the first report in metres, and covariance in m2."""
    _, firsts = sites_of(evidence)
    standing = [evidence[i] for i in firsts]
    sums = place_sums(standing, parameters).sum(axis=0)
    pxx, pxy, pyy, ex, ey, quadratic, constant = sums.T
    det = pxx * pyy - pxy**2
    covariances = np.stack((pyy, -pxy, -pxy, pxx), axis=-1) / det[:, None]
    means = np.stack((pyy * ex - pxy * ey, pxx * ey - pxy * ex), axis=-1) / det[:, None]
    explained = ex * means[:, 0] + ey * means[:, 1]
    fit = constant - 0.5 * np.log(det) - 0.5 * (quadratic - explained)
    fit = fit + np.log([share for _, share in parameters.extents_m])
    shares = np.exp(fit - fit.max())
    shares /= shares.sum()
    centre = shares @ means
    off = means - centre
    spread = np.einsum("k,ki,kj->ij", shares, off, off)
    return centre, (shares @ covariances).reshape(2, 2) + spread


def _ellipse(xx: float, xy: float, yy: float) -> Ellipse:
    """The ellipse of 95 % of a covariance east and north, m2."""
    middle, half = (xx + yy) / 2.0, math.hypot((xx - yy) / 2.0, xy)
    major = SIGMAS_95 * math.sqrt(middle + half)
    minor = SIGMAS_95 * math.sqrt(max(middle - half, 1e-6))
    # Angle of the major axis from east, counter-clockwise; a bearing is from north,
    # clockwise.
    angle_deg = (
        math.degrees(0.5 * math.atan2(2.0 * xy, xx - yy)) if half > 1e-6 else 90.0
    )
    bearing_deg = round((90.0 - angle_deg) % 180.0, _METRE_DIGITS) % 180.0
    semi_major = round(major, _METRE_DIGITS)
    return Ellipse(
        semi_major_m=semi_major,
        semi_minor_m=min(semi_major, max(0.1, round(minor, _METRE_DIGITS))),
        bearing_deg=bearing_deg,
    )


def interval_of(evidence: Sequence[Evidence]) -> Interval:
    """When the event was: the time that most reports agree on; needs one report or
    more.

    Where no moment lies in more than one report's interval, all moments that any names.
    Heat seen from space dates an event only where nothing else does, for fires outlast
    their cause.
    """
    spoken = [e for e in evidence if not e.is_thermal]
    intervals = [e.observation.when for e in spoken or evidence]
    if not spoken:
        return Interval(
            start=min(one.start for one in intervals),
            end=max(one.end for one in intervals),
        )
    moments = sorted({m for one in intervals for m in (one.start, one.end)})
    agreed = _agreed(intervals, moments)
    return Interval(start=agreed[0], end=agreed[-1])


def _agreed(
    intervals: Sequence[Interval], moments: Sequence[datetime]
) -> list[datetime]:
    """The ends of all stretches that lie in the largest number of intervals."""
    stretches = list(pairwise(moments)) or [(moments[0], moments[0])]
    depth = [
        sum(one.start <= start and end <= one.end for one in intervals)
        for start, end in stretches
    ]
    instants = [
        (sum(one.holds(moment) for one in intervals), moment) for moment in moments
    ]
    deepest = max(depth)
    if max(count for count, _ in instants) > deepest == 0:
        return [m for count, m in instants if count == max(c for c, _ in instants)]
    return [
        moment
        for count, stretch in zip(depth, stretches, strict=True)
        if count == deepest
        for moment in stretch
    ]


__all__ = ["interval_of", "position_of"]
