"""How likely it is that some reports speak of one event rather than of several.

The measure is a Bayes factor in natural logarithm. Events fall independently, so many
per km2 and day (the background); a report stands at its event's site plus its own
error; its time lies in its interval unless it is misdated. For a group of n reports the
factor is

    log of  integral over place and time of  product of p(report | event)
    minus (n - 1) times the log of the background density
    plus what the entries say of being one (texts, kinds, shared posts)
    plus the log of how often each feed enters one event again.

A single report has the factor 0. The integral over place is closed for normals; over
extents of the event it is a small sum; over time it is a sum over pieces between the
ends of intervals. All quantities of a group but the last sum are additive, so that two
groups merge by addition.
"""

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from truce.incidents.evidence import Evidence
from truce.incidents.parameters import Parameters
from truce.incidents.sayings import assess_saying
from truce.places import EARTH_RADIUS_M

Array = NDArray[np.float64]
_LOG_2PI: Final = math.log(2.0 * math.pi)
_KM2_DAY_IN_M2_S: Final = 1e6 * 86_400.0
# Gains are compared after rounding, so that the last bit of a float never decides.
GAIN_DIGITS: Final = 6


def log_background(evidence: Evidence, parameters: Parameters) -> float:
    """Log of how many other events one expects there, per m2 and second."""
    rate = (
        parameters.thermal_background_per_km2_day
        if evidence.is_thermal
        else parameters.background_per_km2_day
    )
    return math.log(rate / _KM2_DAY_IN_M2_S)


@dataclass(frozen=True, slots=True)
class Sums:
    """What is additive of reports, one row per group (G rows).

    `sites`: (G, sites) reports at each site. `time`: (G, pieces) log densities.
    `reports`, `thermals`: (G,) counts. `rate`: (G,) log backgrounds. `feeds`: (G,
    feeds) counts. `against`: (G,) sum over pairs of what speaks against their being
    one; `in_favour`: (G,) the sum along the tree that joins all by what speaks for it
    most.
    """

    sites: Array
    time: Array
    reports: Array
    thermals: Array
    rate: Array
    feeds: Array
    against: Array
    in_favour: Array

    def rows(self, index: NDArray[np.int64]) -> "Sums":
        """The rows with these indices."""
        return Sums(*(getattr(self, name)[index] for name in _FIELDS))

    def total(self) -> "Sums":
        """All rows added up to one; what they say to each other is not in it."""
        return Sums(
            *(getattr(self, name).sum(axis=0, keepdims=True) for name in _FIELDS)
        )

    def put(self, index: int, row: "Sums") -> None:
        """Replace one row by the only row of another."""
        for name in _FIELDS:
            getattr(self, name)[index] = getattr(row, name)[0]

    def minus(self, other: "Sums") -> "Sums":
        """Row by row differences, but for what the members say to each other."""
        return Sums(*(getattr(self, name) - getattr(other, name) for name in _FIELDS))

    def plus(self, other: "Sums", against: Array, in_favour: Array) -> "Sums":
        """Row by row sums, with what the members of one say to those of the other."""
        added = Sums(*(getattr(self, name) + getattr(other, name) for name in _FIELDS))
        return replace(
            added,
            against=added.against + against,
            in_favour=added.in_favour + in_favour,
        )


_FIELDS: Final = (
    "sites",
    "time",
    "reports",
    "thermals",
    "rate",
    "feeds",
    "against",
    "in_favour",
)


def stacked(rows: list[Sums]) -> Sums:
    """The rows of several, one below the other; at least one."""
    return Sums(
        *(np.concatenate([getattr(row, name) for row in rows]) for name in _FIELDS)
    )


@dataclass(frozen=True, slots=True)
class Scale:
    """What all groups of one component share: sites, extents, pieces of time, feeds.

    `place`: (sites, extents times 7), see `place_sums`. `log_same_site`: (sites,) the
    log density of standing at the very place of another report.
    """

    place: Array
    log_same_site: Array
    log_extent_shares: Array
    piece_s: Array
    log_repeats: Array
    log_rate_report: float
    log_rate_thermal: float
    log_thermal_share: float


def _local_xy(evidence: list[Evidence]) -> tuple[Array, Array]:
    """Metres east and north of the first one (flat earth, for under 100 km)."""
    origin = evidence[0]
    lat = np.array([e.lat_rad for e in evidence])
    lon = np.array([e.lon_rad for e in evidence])
    x = (lon - origin.lon_rad) * math.cos(origin.lat_rad) * EARTH_RADIUS_M
    y = (lat - origin.lat_rad) * EARTH_RADIUS_M
    return x, y


# Coordinates closer than this many degrees (11 m) are one place copied, not two
# measurements.
_SITE_DEG: Final = 1e-4


def sites_of(evidence: list[Evidence]) -> tuple[list[int], list[int]]:
    """The site of each report, and the first report of each site."""
    first: dict[tuple[int, int], int] = {}
    site_of: list[int] = []
    firsts: list[int] = []
    for i, e in enumerate(evidence):
        key = (
            round(math.degrees(e.lat_rad) / _SITE_DEG),
            round(math.degrees(e.lon_rad) / _SITE_DEG),
        )
        if key not in first:
            first[key] = len(firsts)
            firsts.append(i)
        site_of.append(first[key])
    return site_of, firsts


def place_sums(evidence: list[Evidence], parameters: Parameters) -> Array:
    """What is additive of normals, (reports, extents, 7): precision xx, xy, yy;
    precision times position x, y; the quadratic form; the log of the normal's constant.
    Metres east and north of the first report.
    """
    x, y = _local_xy(evidence)
    cov = np.array([e.cov for e in evidence])
    sums = np.empty((len(evidence), len(parameters.extents_m), 7))
    for k, (extent_m, _) in enumerate(parameters.extents_m):
        xx, xy, yy = cov[:, 0] + extent_m**2, cov[:, 1], cov[:, 2] + extent_m**2
        det = xx * yy - xy**2
        pxx, pxy, pyy = yy / det, -xy / det, xx / det
        ex, ey = pxx * x + pxy * y, pxy * x + pyy * y
        constant = -0.5 * np.log(det) - _LOG_2PI
        sums[:, k] = np.stack(
            (pxx, pxy, pyy, ex, ey, x * ex + y * ey, constant), axis=1
        )
    return sums


def _time_sums(evidence: list[Evidence], parameters: Parameters) -> tuple[Array, Array]:
    """Log density of each report over the pieces between all ends, and the pieces'
    lengths.
    """
    start = np.array([e.from_s for e in evidence])
    end = np.array([e.to_s for e in evidence])
    early, late = start - parameters.misdating_s, end + parameters.misdating_s
    ends = np.unique(np.concatenate((early, start, end, late)))
    middle = (ends[1:] + ends[:-1]) / 2.0
    inside = (start[:, None] < middle) & (middle < end[:, None])
    around = (early[:, None] < middle) & (middle < late[:, None]) & ~inside
    dated = math.log(1.0 - parameters.misdated_share) - np.log(end - start)
    misdated = math.log(parameters.misdated_share / (2.0 * parameters.misdating_s))
    log_density = np.where(inside, dated[:, None], np.where(around, misdated, -1e4))
    return log_density, ends[1:] - ends[:-1]


def _area(cov: tuple[float, float, float]) -> float:
    """The root of a covariance's determinant, m2."""
    return math.sqrt(cov[0] * cov[2] - cov[1] ** 2)


def sums_from_evidence(
    evidence: list[Evidence], parameters: Parameters
) -> tuple[Sums, Scale]:
    """One row per report, and what they share. Needs at least one report."""
    feeds = sorted({str(e.observation.feed) for e in evidence if not e.is_thermal})
    time, piece_s = _time_sums(evidence, parameters)
    thermal = np.array([float(e.is_thermal) for e in evidence])
    counts = np.array(
        [
            [float(not e.is_thermal and e.observation.feed == feed) for feed in feeds]
            for e in evidence
        ]
    ).reshape(len(evidence), len(feeds))
    site_of, firsts = sites_of(evidence)
    sites = np.zeros((len(evidence), len(firsts)))
    sites[np.arange(len(evidence)), site_of] = 1.0
    standing = [evidence[i] for i in firsts]
    sums = Sums(
        sites=sites,
        time=time,
        reports=1.0 - thermal,
        thermals=thermal,
        rate=np.array([log_background(e, parameters) for e in evidence]),
        feeds=counts,
        against=np.zeros(len(evidence)),
        in_favour=np.zeros(len(evidence)),
    )
    scale = Scale(
        place=place_sums(standing, parameters).reshape(len(standing), -1),
        log_same_site=np.array(
            [-_LOG_2PI - math.log(2.0 * _area(e.cov)) for e in standing]
        ),
        log_extent_shares=np.log([share for _, share in parameters.extents_m]),
        piece_s=piece_s,
        log_repeats=np.log([parameters.repeat_share_of(feed) for feed in feeds]),
        log_rate_report=math.log(parameters.background_per_km2_day / _KM2_DAY_IN_M2_S),
        log_rate_thermal=math.log(
            parameters.thermal_background_per_km2_day / _KM2_DAY_IN_M2_S
        ),
        log_thermal_share=math.log(parameters.thermal_share_of_strikes),
    )
    return sums, scale


def _log_sum_exp(values: Array) -> Array:
    top = values.max(axis=-1, keepdims=True)
    summed: Array = top[..., 0] + np.log(np.exp(values - top).sum(axis=-1))
    return summed


def log_factors(sums: Sums, scale: Scale) -> Array:
    """The log Bayes factor of each row being one event rather than as many as it has
    reports.
    """
    # `einsum` and not `@`: a fast matrix product adds up in another order on every kind
    # of processor, and takes all its cores.
    present = np.minimum(sums.sites, 1.0)
    pxx, pxy, pyy, ex, ey, quadratic, constant = np.moveaxis(
        np.einsum("gs,sk->gk", present, scale.place).reshape(len(present), -1, 7), -1, 0
    )
    det = pxx * pyy - pxy**2
    explained = (pyy * ex**2 - 2.0 * pxy * ex * ey + pxx * ey**2) / det
    log_place = constant + _LOG_2PI - 0.5 * np.log(det) - 0.5 * (quadratic - explained)
    place = _log_sum_exp(log_place + scale.log_extent_shares)
    copied = sums.sites - present
    place = place + np.einsum("gs,s->g", copied, scale.log_same_site)
    time = _log_sum_exp(sums.time + np.log(scale.piece_s))
    count = sums.reports
    has_report, has_thermal = count > 0, sums.thermals > 0
    own_rate = np.where(has_report, scale.log_rate_report, scale.log_rate_thermal)
    seen_from_space = np.where(has_report & has_thermal, scale.log_thermal_share, 0.0)
    repeats = (np.maximum(sums.feeds - 1.0, 0.0) * scale.log_repeats).sum(axis=-1)
    # What speaks against is averaged, for pairs are not independent: n reports are n -
    # 1 chances.
    pairs = np.maximum(count * (count - 1.0) / 2.0, 1.0)
    against = sums.against / pairs * np.maximum(count - 1.0, 0.0)
    factors: Array = place + time + own_rate - sums.rate + seen_from_space
    rounded: Array = np.round(factors + repeats + against + sums.in_favour, GAIN_DIGITS)
    return rounded


def _density_in_time(a: Evidence, b: Evidence, parameters: Parameters) -> float:
    """The integral over time of the product of two reports' densities, per second.

    Each is its interval, or with a small share the time around it; both misdated is
    left out.
    """
    spread_s = parameters.misdating_s
    dated, misdated = 1.0 - parameters.misdated_share, parameters.misdated_share
    a_s, b_s = a.to_s - a.from_s, b.to_s - b.from_s
    start, end = max(a.from_s, b.from_s), min(a.to_s, b.to_s)
    both_s = max(0.0, end - start)
    # The part of each that lies in the other's surroundings but not in the other.
    a_around_b = min(a.to_s, b.to_s + spread_s) - max(a.from_s, b.from_s - spread_s)
    b_around_a = min(b.to_s, a.to_s + spread_s) - max(b.from_s, a.from_s - spread_s)
    beside = max(0.0, a_around_b - both_s) / a_s + max(0.0, b_around_a - both_s) / b_s
    in_time = dated**2 * both_s / (a_s * b_s)
    return in_time + dated * misdated * beside / (2.0 * spread_s)


def pair_factor(a: Evidence, b: Evidence, parameters: Parameters) -> float:
    """The log Bayes factor of two reports being one event; the same as `log_factors` of
    the two.

    Written without arrays, for it is asked of every two reports that stand near each
    other.
    """
    mean_lat = (a.lat_rad + b.lat_rad) / 2.0
    dx = (b.lon_rad - a.lon_rad) * math.cos(mean_lat) * EARTH_RADIUS_M
    dy = (b.lat_rad - a.lat_rad) * EARTH_RADIUS_M
    xx, xy, yy = (p + q for p, q in zip(a.cov, b.cov, strict=True))
    density = 0.0
    for extent_m, share in parameters.extents_m:
        vxx, vyy = xx + 2.0 * extent_m**2, yy + 2.0 * extent_m**2
        det = vxx * vyy - xy * xy
        squared = (vyy * dx * dx - 2.0 * xy * dx * dy + vxx * dy * dy) / det
        density += share * math.exp(-0.5 * squared) / (2.0 * math.pi * math.sqrt(det))
    in_time = _density_in_time(a, b, parameters)
    if density <= 0.0 or in_time <= 0.0:
        return -math.inf
    factor = math.log(density) + math.log(in_time)
    factor -= max(log_background(a, parameters), log_background(b, parameters))
    if a.is_thermal != b.is_thermal:
        gap = log_background(a, parameters) - log_background(b, parameters)
        factor += math.log(parameters.thermal_share_of_strikes) + abs(gap)
    elif not a.is_thermal:
        factor += assess_saying(a, b, parameters)
        if a.observation.feed == b.observation.feed:
            factor += math.log(parameters.repeat_share_of(str(a.observation.feed)))
    return factor


def says(evidence: list[Evidence], parameters: Parameters) -> Array:
    """What each report says to each other one: (n, n), symmetric, 0 for thermal
    anomalies.
    """
    table = np.zeros((len(evidence), len(evidence)))
    for i, a in enumerate(evidence):
        if a.is_thermal:
            continue
        for j in range(i):
            if not evidence[j].is_thermal:
                table[i, j] = table[j, i] = assess_saying(a, evidence[j], parameters)
    return table


__all__ = [
    "GAIN_DIGITS",
    "Array",
    "Scale",
    "Sums",
    "log_background",
    "log_factors",
    "pair_factor",
    "place_sums",
    "says",
    "sites_of",
    "stacked",
    "sums_from_evidence",
]
