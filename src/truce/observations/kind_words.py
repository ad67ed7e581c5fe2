"""Which kind of thing an English description speaks of, by its words.

The table is read from the top; the first row of which a word occurs decides. The order
carries the meaning:

1. What came down (aircraft, drones, missiles intercepted) is neither a strike nor its
   damage.
2. What is found afterwards (damage, debris, bodies "after a strike") is a trace, though
   the text names the strike as well.
3. Fire that leaves (launching, firing) comes before fire that lands, and both before
   the sound alone.
4. What is merely there (weapons, forces) counts only when nothing happened to it.

A description of which no word is known gives None, and the feed's own category decides.
The misspellings in the table are the sources' own.
"""

import re
from typing import Final

from truce.observations.kinds import Kind

# How a picture was taken says nothing of what it shows.
_CAMERA: Final = re.compile(
    r"\b(?:drones?|uavs?|aerial|helicopter|cctv|dashcam|satell?iat?e?|satellite|webcam|"
    r"thermal|combat)\s+(?:footage|videos?|images?|imagery|pictures?|photos?|views?|"
    r"camera|surveillance|reconnaissance)\b"
)
# Names of weapons and trades that hold a word of the table by accident.
_NAMES: Final = (
    (
        re.compile(
            r"multiple (?:rocket )?launch(?:er)?s?(?: rocket)?(?: systems?)?|"
            r"rocket launch(?:er)? systems?"
        ),
        "mlrs",
    ),
    (re.compile(r"(?:infantry )?fighting vehicles?"), "ifv"),
    (re.compile(r"attack (?=helicopter|aircraft|drone|plane)"), ""),
    (re.compile(r"anti-?(?:aircraft|air) "), "sam "),
    (re.compile(r"fire ?fighters?|foreign fighters|air assault|embedded with"), ""),
    (
        re.compile(r"launch(?:es|ed|ing)? (?=(?:an? )?(?:\w+ ){0,2}(?:strike|attack))"),
        "",
    ),
)
_HEAVY: Final = (
    r"(?:artill?ery|artilery|mlrs?|mrls|grads?|tanks?|howi?t?l?zers?|rockets?|missiles?|"
    r"mortars?|tos-?1a?|smerch|uragan|iskander|gvozdika|msta|spg|helicopters?|"
    r"warships?|launchers?|guns?|cannons?|positions?|salvo)\b"
)
_LANDS: Final = (
    r"(?:strikes?|shell\w*|missiles?|rockets?|explosions?|attacks?|bomb\w*|hits?|fire|"
    r"artillery|mortar|bombardment|fighting|raid)"
)
_BANG: Final = r"(?:explosion|strike|shelling|artillery|blast|bombing)"
_WHOSE: Final = (
    r"(?:(?:an?|the|russian|ukrainian|alleged|heavy|night|overnight|missile|rocket|"
    r"artillery) )"
)
_LEAVES: Final = r"\b(?:firing|fires|fired|launch(?:es|ed|ing)?)\b"
_FLYER: Final = r"(?:plane|jet|aircraft|helicopter|su-?\d+|an-?26|il-?76\w*|mi-?\d+)\b"
_PEOPLE: Final = (
    r"(?:bod(?:y|ies)|casualt\w*|victims?|dead|deceased|injured|wounded|killed|"
    r"corpses?)\b"
)
# Patterns on small letters, in the order in which they are asked; see above for why.
_TABLE: Final[tuple[tuple[Kind, tuple[str, ...]], ...]] = (
    (
        Kind.DRONE,
        (
            r"(?:drone|uav|orlan|munition)\b.{0,30}\b(?:shot down|downed|intercept)",
            r"(?:drone|uav|orlan|munition)\b.{0,30}\bcrash",
        ),
    ),
    (
        Kind.PROJECTILE,
        (r"intercept", r"intersepti", r"(?:missile|tochka\S*)\b.{0,20}shot down"),
    ),
    (
        Kind.AIRCRAFT,
        (
            rf"{_FLYER}.{{0,40}}(?:shot down|downed|crash)",
            rf"(?:shot down|downed|crash\w*)\b.{{0,30}}{_FLYER}",
        ),
    ),
    (
        Kind.HARM,
        (
            r"mass grave|\bgraves?\b|graveyard|cemeter|burial|buried|funeral|exhum",
            r"tortur|execut|murder|aftermath and casualt",
            rf"{_PEOPLE}.{{0,40}}\b(?:after|following)\b.{{0,30}}{_LANDS}",
            r"^\W*(?:civilian )?(?:casualt|bod(?:y|ies)\b|corpse|dead|deceased|injur)",
            r"^\W*(?:civilian )?wounded",
        ),
    ),
    (
        Kind.EXPLOSION_IMPACT,
        (r"being (?:destroyed|hit|struck|shelled|targeted|attacked)",),
    ),
    (
        Kind.DAMAGE,
        (
            r"aftermat|damag|destroy|destruct|destuct|devastat|crater|ruin|rubble",
            r"wreck|collapsed|debris|consequenc|traces? of",
            r"burn(?:t|ed) (?:out|down|cars?|vehic|tank|milit)",
            rf"after {_WHOSE}*{_LANDS}",
        ),
    ),
    (
        Kind.WEAPON_PRESENT,
        (
            r"firing (?:position|line|postion)",
            r"burn (?:marks|scars)",
            r"launch sites?",
        ),
    ),
    (
        Kind.EXPLOSION_OUTGOING,
        (
            rf"{_HEAVY}[^.]{{0,40}}{_LEAVES}",
            rf"{_LEAVES}[^.]{{0,40}}{_HEAVY}",
            rf"{_HEAVY}[^.]{{0,20}}\bfire (?:at|on|into|an?|from)\b",
            r"\blaunch(?:es|ed|ing)?\b|outgoing|muzzle flash",
        ),
    ),
    (
        Kind.CLASH,
        (
            r"\bclash|\bbattle|\bfighting\b|\bfights?\b|ambush|skirmish|firefight",
            r"\bengag(?:ed|es|ing)\b|assault on|airborne assault|combat\b|encounter",
        ),
    ),
    (
        Kind.SHOT,
        (
            r"gun ?fire|gunshot|\bshots?\b|shooting|shot (?:at|dead|by)|small arms",
            r"sniper|open(?:s|ed)? fire|under fire|machine gun|bullet|\bfiring\b",
            r"\bfired (?:on|at|upon)",
        ),
    ),
    (
        Kind.MINE,
        (
            r"\bmined\b|\bmines\b|(?:land|tank|personnel) ?mine|mine ?field",
            r"demining|\bieds?\b",
        ),
    ),
    (
        Kind.EXPLOSION,
        (
            rf"{_BANG}[^.]{{0,40}}in the (?:distance|background)",
            r"(?:heard|audible|sounds? of)\b",
        ),
    ),
    (
        Kind.EXPLOSION_IMPACT,
        (
            r"strike|struck|\bstriking|shell|\bhits?\b|\bhitting\b|bombard|\bbomb",
            r"air ?raid|impact|\battack|target|drop(?:s|ped|ping)\b|knocked out",
            r"bl(?:own|owing|ew) up|(?:artillery|mortar) fire|taken out by|detonat",
            r"unexploded|embedded|submunition|cluster|cargo warhead|nosecone|stuck in",
            r"rocket (?:motor|booster|engine|remain|fragment)|remnant|remains of",
            r"fragments?\b|cassette|casette|incendiar|phosph|thermite|molotov",
            r"\blanded|\blands|loitering|vacuum bomb|\bfell (?:on|in|next|near)",
        ),
    ),
    (Kind.EXPLOSION, (r"explo[sdt]|exploi|\bblasts?\b|erupt",)),
    (
        Kind.FIRE,
        (r"\bfires?\b|burning|burned|burnt|\bsmoke|ablaze|flames|\bsmoulder|smoking",),
    ),
    (
        Kind.HARM,
        (
            r"casualt|\bdead\b|\bkill|\bdied\b|\bdeaths?\b|deceased|\bbod(?:y|ies)\b",
            r"corpse|injur|wounded|fatal|\bblood|victim",
        ),
    ),
    (
        Kind.DRONE,
        (r"\bdrones?\b|\buavs?\b|orlan|bayraktar|quadcopter|shahed",),
    ),
    (
        Kind.AIRCRAFT,
        (
            r"helicopter|\bjets?\b|aircraft|\bairplane|\bplanes?\b|\bsu-?\d+",
            r"\bmi-?\d+|\bka-?52|\bil-?76|\ban-?\d+",
        ),
    ),
    (
        Kind.WEAPON_PRESENT,
        (
            r"\btanks?\b|howitzer|artill?ery|launcher|mlrs|mrls|\bgrads?\b|iskander",
            r"\bsam\b|s-?300|s-?400|tos-?1|\bweapon|weoponry|armou?r(?:ed)?\b|2s\d+",
            r"\bbmps?\b|\bbtrs?\b|\bifvs?\b|\bapcs?\b|\bt-?(?:62|64|72|80|90)\w*",
            r"msta|smerch|uragan|missile|rocket|\bmortars?\b|bm-?\d\d|\bmt-?lb|warship",
            r"landing ship|submarine|terminator|pontoon",
        ),
    ),
    (
        Kind.FORCES_PRESENT,
        (
            r"convoy|troops?\b|forces\b|\bforce\b|soldier|vehicle|military|\bcamp\b",
            r"\bbase\b|logist|column|\btrains?\b|equipment|patrol|check ?point",
            r"fighters?\b|\btrucks?\b|\barmy\b|rosgvardi|chechen|kadyrov|wagner",
            r"\bvdv\b|personnel|\bmilitia|barrack|\bships?\b|vessel|trench|redeploy",
            r"separatist",
        ),
    ),
)
_COMPILED: Final = tuple((kind, re.compile("|".join(words))) for kind, words in _TABLE)


def kind_from_words(description: str) -> Kind | None:
    """The kind of thing an English description speaks of; None if no word is known."""
    text = _CAMERA.sub(" ", description.lower())
    for name, plain in _NAMES:
        text = name.sub(plain, text)
    for kind, words in _COMPILED:
        if words.search(text):
            return kind
    return None


__all__ = ["kind_from_words"]
