"""What a map is sent: no finer than it is known, and no more than it draws."""

from dataclasses import replace

import pytest
from tests.unit.picture.invented_picture import InventedPicture

from truce.incidents.model import Ellipse
from truce.picture import AsOf, picture_for
from truce.picture.features import feature_from
from truce.picture.sights import Sight
from truce.places import Position
from truce.release.model import Reader


def _sight(source: InventedPicture, now: AsOf, ellipse: Ellipse) -> Sight:
    sight = picture_for(source, Reader.MECHANISM, now).sights[0]
    incident = replace(
        sight.incident,
        position=Position(lat_deg=12.3456789, lon_deg=-23.4567891),
        ellipse=ellipse,
        position_radius_m=ellipse.semi_major_m,
    )
    return replace(sight, incident=incident)


@pytest.mark.parametrize(
    ("radius_m", "coordinates"),
    [
        (30.0, [-23.45679, 12.34568]),
        (500.0, [-23.4568, 12.3457]),
        (20_000.0, [-23.457, 12.346]),
    ],
)
def test_coordinates_are_as_fine_as_the_place_is_known(
    source: InventedPicture, now: AsOf, radius_m: float, coordinates: list[float]
) -> None:
    """A village is no point: decimals beyond its size would say that it were one."""
    round_one = Ellipse(semi_major_m=radius_m, semi_minor_m=radius_m, bearing_deg=0.0)
    feature = feature_from(_sight(source, now, round_one))
    assert isinstance(feature, dict)
    assert feature["geometry"] == {"type": "Point", "coordinates": coordinates}
    properties = feature["properties"]
    assert isinstance(properties, dict)
    assert properties["radius_m"] == radius_m
    assert "semi_major_m" not in properties


def test_an_ellipse_keeps_its_axes(source: InventedPicture, now: AsOf) -> None:
    """A place that two stations heard is long and narrow, and is drawn so."""
    long_one = Ellipse(semi_major_m=900.4, semi_minor_m=80.0, bearing_deg=41.3)
    feature = feature_from(_sight(source, now, long_one))
    assert isinstance(feature, dict)
    properties = feature["properties"]
    assert isinstance(properties, dict)
    axes = [properties[name] for name in ("semi_major_m", "semi_minor_m")]
    assert axes == [900, 80]
    assert properties["bearing_deg"] == 41
