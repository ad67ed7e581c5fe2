"""Observations as numbers that can be weighed against each other."""

import math
from dataclasses import dataclass
from typing import Final

from truce.incidents.parameters import Parameters
from truce.incidents.texts import Mention, mention_from_text
from truce.instants import seconds_from_instant
from truce.observations.kinds import Kind
from truce.observations.model import Observation

# How readers of satellite heat call it ("thermal anomaly, static land source").
THERMAL_WORD: Final = "thermal anomaly"
_SILENCE: Final = mention_from_text("")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One observation, prepared for weighing: radians, metres and seconds.

    `cov` is the covariance of the place east and north (xx, xy, yy) in m2; `from_s` and
    `to_s` bound when the event was, if it is not misdated.
    """

    observation: Observation
    lat_rad: float
    lon_rad: float
    cov: tuple[float, float, float]
    sigma_m: float
    from_s: float
    to_s: float
    mention: Mention
    posts: frozenset[str]
    is_thermal: bool
    is_vague: bool


def is_thermal_anomaly(observation: Observation) -> bool:
    """Whether it is heat seen by a satellite, by the source's own word for it."""
    return observation.kind is Kind.FIRE and observation.kind_word.startswith(
        THERMAL_WORD
    )


def evidence_from_observation(
    observation: Observation, parameters: Parameters
) -> Evidence:
    """The observation as numbers."""
    where = observation.where
    major = max(where.sigma_major_m, parameters.sigma_floor_m)
    minor = max(where.sigma_minor_m, parameters.sigma_floor_m)
    bearing = math.radians(where.bearing_deg)
    east, north = math.sin(bearing), math.cos(bearing)
    cov = (
        major**2 * east**2 + minor**2 * north**2,
        (major**2 - minor**2) * east * north,
        major**2 * north**2 + minor**2 * east**2,
    )
    is_thermal = is_thermal_anomaly(observation)
    start = seconds_from_instant(observation.when.start)
    end = seconds_from_instant(observation.when.end)
    return Evidence(
        observation=observation,
        lat_rad=math.radians(where.centre.lat_deg),
        lon_rad=math.radians(where.centre.lon_deg),
        cov=cov,
        sigma_m=major,
        from_s=start
        - (parameters.burning_s if is_thermal else parameters.clock_slack_s),
        to_s=end + parameters.clock_slack_s,
        mention=_SILENCE if is_thermal else _mention(observation),
        posts=frozenset(observation.posts),
        is_thermal=is_thermal,
        is_vague=major > parameters.vague_sigma_m
        or end - start > parameters.vague_duration_s,
    )


def _mention(observation: Observation) -> Mention:
    """What an entry speaks of; the name of its place names no single thing there."""
    text = mention_from_text(observation.text)
    said = mention_from_text(f"{observation.kind_word} {observation.weapon_word}")
    return Mention(
        text.objects | said.objects,
        text.traces | said.traces,
        text.names - mention_from_text(observation.where.name).words,
        text.words,
    )


__all__ = [
    "THERMAL_WORD",
    "Evidence",
    "evidence_from_observation",
    "is_thermal_anomaly",
]
