"""The numbers by which incidents are formed, each with its unit and where it comes
from.

They are sealed as a statement ("method"), so that every incident says by which numbers
it was made. How each was chosen, and what changes when it is changed, stands in
docs/reference/fusion.md.
"""

import math
from dataclasses import asdict, dataclass
from typing import Final

from truce.canonical import Json
from truce.errors import InvalidValue

VERSION: Final = "incidents-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What fusion takes for granted. Rates and shares are about the world, not about
    one feed.

    Raises:
        InvalidValue: a number outside its range; all faults are named together.
    """

    version: str = VERSION
    # Whether a shared post is evidence of one event. Off only where the link itself is
    # on trial.
    use_post_links: bool = True
    # Distinct events per km2 and day around a reported event, in places that are under
    # fire.
    background_per_km2_day: float = 0.4
    # The same for thermal anomalies: 30,600 detections over 604,000 km2 and about 600
    # days, and thirty times as many where there is one already, for fires come in
    # seasons and fields.
    thermal_background_per_km2_day: float = 0.003
    # Strikes after which a satellite reports heat within about 3 km on the same day:
    # 188 of 3,856. Source: NASA FIRMS against the events of the Eyes on Russia map,
    # 2022.
    thermal_share_of_strikes: float = 188 / 3856
    # An event may have more than one site. One sigma of a site around the centre in
    # metres, and the share of events with it.
    extents_m: tuple[tuple[float, float], ...] = (
        (0.0, 0.85),
        (100.0, 0.10),
        (300.0, 0.05),
    )
    # A source's position is never better known than this, whatever it says (a camera's
    # place, a corner of the block, a rounded coordinate): metres, one sigma.
    sigma_floor_m: float = 35.0
    # Clocks and round numbers: an interval is widened by so many seconds on either
    # side.
    clock_slack_s: float = 600.0
    # The share of sources that misdate an event, by up to `misdating_s` seconds either
    # way.
    misdated_share: float = 0.005
    misdating_s: float = 86_400.0
    # What glows now may have been set alight so many seconds ago: satellites pass about
    # twice in a day and night, so half a day and a margin.
    burning_s: float = 64_800.0
    # How often one feed enters an event again, per entry that it already has: (feed,
    # share).
    repeat_shares: tuple[tuple[str, float], ...] = (
        ("bellingcat_civharm", 0.02),
        ("eyes_on_russia", 0.4),
        ("ucdp_ged", 0.001),
    )
    # The same for a feed that nobody has measured: reports of many people in one feed
    # repeat.
    repeat_share_other: float = 0.5
    # Log likelihood ratios of what two entries say (natural logarithm).
    same_object: float = 0.9
    same_dwelling: float = 0.3
    other_object: float = -1.7
    same_trace: float = 0.4
    other_trace: float = -1.0
    same_name: float = 1.2
    names_counted_max: int = 3
    similar_text: float = 2.5
    similar_text_overlap: float = 0.4
    foreign_text: float = -0.5
    foreign_text_overlap: float = 0.2
    shared_post: float = 7.0
    # The same where one feed cites a post twice: its curators knew, and kept two
    # entries.
    shared_post_own_feed: float = 2.0
    # Reports that could be anywhere or any time prove nothing together: above these
    # they stand alone. Metres (one sigma) and seconds.
    vague_sigma_m: float = 12_000.0
    vague_duration_s: float = 45 * 86_400.0
    # Two reports are compared only within this many metres plus `reach_sigmas` sigmas
    # of each.
    reach_m: float = 500.0
    reach_sigmas: float = 2.5
    # A group of linked reports larger than this is cut before it is weighed (bounds the
    # work).
    group_size_max: int = 96

    def __post_init__(self) -> None:
        faults = [
            f"{name} is {value}, expected above 0"
            for name, value in (
                ("background_per_km2_day", self.background_per_km2_day),
                ("thermal_background_per_km2_day", self.thermal_background_per_km2_day),
                ("sigma_floor_m", self.sigma_floor_m),
                ("clock_slack_s", self.clock_slack_s),
                ("misdating_s", self.misdating_s),
                ("burning_s", self.burning_s),
                ("reach_m", self.reach_m),
            )
            if not value > 0.0
        ]
        shares = [
            ("thermal_share_of_strikes", self.thermal_share_of_strikes),
            ("misdated_share", self.misdated_share),
            ("repeat_share_other", self.repeat_share_other),
            *((f"repeat share of {feed}", share) for feed, share in self.repeat_shares),
        ]
        faults += [
            f"{name} is {share}, expected between 0 and 1"
            for name, share in shares
            if not 0.0 < share < 1.0
        ]
        if not math.isclose(sum(share for _, share in self.extents_m), 1.0):
            faults.append(
                f"extents_m is {self.extents_m}, expected shares that sum to 1"
            )
        if self.group_size_max < 2:
            faults.append(
                f"group_size_max is {self.group_size_max}, expected 2 or more"
            )
        if faults:
            raise InvalidValue("parameters of incidents: " + "; ".join(faults))

    def repeat_share_of(self, feed: str) -> float:
        """How often this feed enters an event again."""
        return dict(self.repeat_shares).get(feed, self.repeat_share_other)

    def as_json(self) -> dict[str, Json]:
        """The numbers as a plain object, for sealing; `parameters_from_json` takes it
        back.
        """
        plain: dict[str, Json] = {}
        for name, value in asdict(self).items():
            plain[name] = (
                [list(row) for row in value] if isinstance(value, tuple) else value
            )
        return plain


def parameters_from_json(value: dict[str, Json]) -> Parameters:
    """The parameters that a sealed statement holds.

    Raises:
        InvalidValue: an unknown name, or a number outside its range.
    """
    known = Parameters.__dataclass_fields__
    unknown = sorted(set(value) - set(known))
    if unknown:
        raise InvalidValue(
            f"parameters of incidents name {', '.join(unknown)}, expected names among "
            f"{', '.join(sorted(known))}"
        )
    plain = {
        name: tuple(tuple(row) for row in entry if isinstance(row, list))
        if isinstance(entry, list)
        else entry
        for name, entry in value.items()
    }
    return Parameters(**plain)  # type: ignore[arg-type]  # ranges are verified on creation


__all__ = ["VERSION", "Parameters", "parameters_from_json"]
