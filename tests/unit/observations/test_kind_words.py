"""Which kind of thing a description speaks of."""

import pytest

from truce.observations.kind_words import kind_from_words
from truce.observations.kinds import Kind


@pytest.mark.parametrize(
    ("description", "kind"),
    [
        ("Missile strike on a market", Kind.EXPLOSION_IMPACT),
        ("Residential area hit by shelling", Kind.EXPLOSION_IMPACT),
        ("Rocket motor embedded in the road", Kind.EXPLOSION_IMPACT),
        ("Multiple Launch Rocket System strike on a suburb", Kind.EXPLOSION_IMPACT),
        ("They launched a missile strike on the port", Kind.EXPLOSION_IMPACT),
        ("Damage to a school after shelling", Kind.DAMAGE),
        ("Image 3: aftermath of a missile strike", Kind.DAMAGE),
        ("Drone footage of destroyed houses", Kind.DAMAGE),
        ("House after an overnight rocket attack", Kind.DAMAGE),
        ("Artillery firing from a field", Kind.EXPLOSION_OUTGOING),
        ("Launch of rockets towards the north", Kind.EXPLOSION_OUTGOING),
        ("Tanks fire at a village", Kind.EXPLOSION_OUTGOING),
        ("Artillery firing positions in a field", Kind.WEAPON_PRESENT),
        ("Explosions heard in the distance", Kind.EXPLOSION),
        ("Explosion near the TV tower", Kind.EXPLOSION),
        ("Oil depot on fire", Kind.FIRE),
        ("Firefighters beside a convoy", Kind.FORCES_PRESENT),
        ("Convoy of trucks moving south", Kind.FORCES_PRESENT),
        ("Infantry fighting vehicles on a train", Kind.WEAPON_PRESENT),
        ("Tanks transported by train", Kind.WEAPON_PRESENT),
        ("Civilian casualties after a strike near the bridge", Kind.HARM),
        ("Mass grave beside the church", Kind.HARM),
        ("Fighting in the outskirts", Kind.CLASH),
        ("Soldiers open fire on a car", Kind.SHOT),
        ("Road mined by troops", Kind.MINE),
        ("Helicopter shot down over the sea", Kind.AIRCRAFT),
        ("Reconnaissance drone shot down, roof damaged", Kind.DRONE),
        ("Missile intercepted above the town", Kind.PROJECTILE),
        ("Two jets over the town", Kind.AIRCRAFT),
        ("Attack helicopters taking off", Kind.AIRCRAFT),
    ],
)
def test_words_tell_the_kind(description: str, kind: Kind) -> None:
    """What is found afterwards is not the strike; what leaves is not what lands."""
    assert kind_from_words(description) is kind


@pytest.mark.parametrize("description", ["", "Image 3", "People queue for bread"])
def test_a_description_without_such_words_tells_nothing(description: str) -> None:
    """No guess: the feed's own category decides."""
    assert kind_from_words(description) is None


def test_the_camera_is_not_what_it_sees() -> None:
    """Footage by a drone shows no drone."""
    assert kind_from_words("Drone footage of a convoy") is Kind.FORCES_PRESENT
    assert kind_from_words("A drone above the town") is Kind.DRONE
