"""Which kind of thing a monitor's or a party's own word means."""

from types import MappingProxyType
from typing import Final

from truce.observations.kinds import Kind

# The words of ceasefire monitors' daily reports. Source: the categories of the OSCE
# Special Monitoring Mission to Ukraine's daily reports, 2014-2022, and their annexed
# tables.
WORDS: Final = MappingProxyType(
    {
        "undetermined explosion": Kind.EXPLOSION,
        "detonation": Kind.EXPLOSION,
        "impact": Kind.EXPLOSION_IMPACT,
        "shelling": Kind.EXPLOSION_IMPACT,
        "strike": Kind.EXPLOSION_IMPACT,
        "airstrike": Kind.EXPLOSION_IMPACT,
        "outgoing": Kind.EXPLOSION_OUTGOING,
        "outgoing round": Kind.EXPLOSION_OUTGOING,
        "muzzle flash": Kind.EXPLOSION_OUTGOING,
        "launch": Kind.EXPLOSION_OUTGOING,
        "machine-gun burst": Kind.BURST,
        "small-arms burst": Kind.BURST,
        "gunshot": Kind.SHOT,
        "small-arms fire": Kind.SHOT,
        "exchange of fire": Kind.CLASH,
        "fighting": Kind.CLASH,
        "assault": Kind.CLASH,
        "tracer": Kind.PROJECTILE,
        "illumination flare": Kind.PROJECTILE,
        "rocket in flight": Kind.PROJECTILE,
        "missile": Kind.PROJECTILE,
        "uav": Kind.DRONE,
        "quadcopter": Kind.DRONE,
        "helicopter": Kind.AIRCRAFT,
        "plane": Kind.AIRCRAFT,
        "tank": Kind.WEAPON_PRESENT,
        "howitzer": Kind.WEAPON_PRESENT,
        "mlrs": Kind.WEAPON_PRESENT,
        "troops": Kind.FORCES_PRESENT,
        "convoy": Kind.FORCES_PRESENT,
        "trench": Kind.FORCES_PRESENT,
        "smoke": Kind.FIRE,
        "crater": Kind.DAMAGE,
        "civilian casualty": Kind.HARM,
        "injury": Kind.HARM,
        "death": Kind.HARM,
        "landmine": Kind.MINE,
        "unexploded ordnance": Kind.MINE,
        "lightning": Kind.THUNDER,
        "quarry blast": Kind.BLAST_QUARRY,
        "controlled demolition": Kind.BLAST_QUARRY,
        "sonic boom": Kind.SONIC_BOOM,
        "siren": Kind.ALARM,
    }
)
_KINDS: Final = MappingProxyType({kind.value: kind for kind in Kind})


def kind_from_word(word: str) -> Kind:
    """The kind that a single word means: one of ours, or one of the monitors' words.

    Any other word gives `Kind.UNDETERMINED`: something was seen, and the word is kept.
    """
    plain = " ".join(word.casefold().split())
    return _KINDS.get(plain) or WORDS.get(plain) or Kind.UNDETERMINED


__all__ = ["WORDS", "kind_from_word"]
