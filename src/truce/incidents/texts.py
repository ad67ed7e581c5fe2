"""What an entry's text speaks of: objects hit, weapons, traces, and words that name one
thing.

Two reports of one event seldom use the same sentence, but they tend to name the same
thing: a school, a bridge, a rocket motor in the road. The tables below turn words in
English, Ukrainian and Russian into such things. They were written by hand from the
commonest words of damage reports (a count over both catalogues of 2022); no word was
chosen for the sake of a particular pair of entries.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

# Words by the thing they speak of. With a hyphen it is the beginning of words ("burn-"
# is in "burning"); without one it stands alone, with or without an s ("car" is not in
# "cargo").
_OBJECTS: Final[dict[str, str]] = {
    "kindergarten": "kindergarten- childcare- nurser- preschool- дитсад- детсад-",
    "school": "school- gymnasium- lyceum- школ- гімназ- ліце- гимназ-",
    "university": (
        "universit- college- institute- faculty- dormitor- academy- універс- "
        "универс- коледж- гуртож-"
    ),
    "hospital": (
        "hospital- clinic- matern- medic- health- oncolog- pharmac- ambulance- "
        "sanatori- лікарн- больниц- поліклін- пологов- роддом-"
    ),
    "market": (
        "market- mall shop store- supermarket- retail- commercial- ринок- рынок- "
        "магазин- супермаркет- торгов- shopping-"
    ),
    "hotel": "hotel- restaurant- cafe hostel- готел- гостиниц- ресторан-",
    "worship": (
        "church- monaster- cathedral- mosque- synagog- prayer- lavra- temple- "
        "religio- церкв- храм- собор- монастир- монастыр- мечет-"
    ),
    "culture": (
        "librar- museum- theat- drama- cinema- palace- cultur- histor- monument- "
        "memorial- бібліот- библиот- музе- театр-"
    ),
    "government": (
        "administrat- council- ministr- police- court- prosecutor- mayor- governm- "
        "headquarter- security- адміністрац- администрац- міськрад- поліц- полиц-"
    ),
    "energy": (
        "power- substation- nuclear- reactor- dam reservoir- hydroelectric- "
        "thermal- electric- електр- электр- підстанц- подстанц- гес тец"
    ),
    "fuel": "oil fuel refiner- petrol- gas нафт- нефт- азс газ",
    "industry": (
        "industr- factor- plant- works- brewer- steel- mill warehouse- terminal- "
        "grain- aluminium- metallurg- chemical- завод- фабрик- склад- елеватор- "
        "элеватор-"
    ),
    "rail": (
        "rail train- tram metro- locomotive- вокзал- залізни- железн- railway- "
        "railroad-"
    ),
    "bridge": "bridge- pontoon- міст- мост-",
    "airfield": "airport- airfield- airbase- runway- аеропорт- аэропорт- аеродром-",
    "port": "port ship vessel- boat порт- корабл- судно-",
    "farm": "farm agricultur- barn field- ферм- поле",
    "leisure": "park playground- stadium- sport- football- zoo gym стадіон-",
    "tower": "tower- antenna- radar- вежа башня- телевеж-",
    "vehicle": "car cars bus buses- vehicle- automobile- автобус- автомоб-",
    "arms": (
        "tank armou- armor- bmp btr ifv convoy- column- howitzer- launcher- "
        "ammunition- ammo танк- колон- бмп бтр"
    ),
    "forces": "troop- soldier- fighter- brigade- battalion- forces- солдат-",
    "grave": "grave- cemeter- morgue- кладов- кладбищ- могил-",
    "dwelling": (
        "resident- apartment- appartment- flat flats- house- home block- dwelling- "
        "housing- житл- жил будин- дом квартир-"
    ),
}
_TRACES: Final[dict[str, str]] = {
    "remnant": (
        "remnant- motor- warhead- submunition- fragment- unexploded- embedded- "
        "уламк- обломк- нерозірван-"
    ),
    "crater": "crater- вирв воронк-",
    "casualties": (
        "casualt- dead bodies- body killed- kill deceased- wounded- injur- fatal- "
        "corpse- victim- загин- поранен- погиб- ранен-"
    ),
    "fire": "fire burn- smoke- flame- blaze- пожеж- пожар- дим",
    "shooting": "shot gunfire- shoot- sniper- execut- стріл- расстрел-",
    "cluster": "cluster- касет- кассет-",
    "incendiary": "incendiar- phosph- thermobaric- фосфор- запал-",
    "missile": "missile- tochka- iskander- cruise- ballistic- kalibr- ракет-",
    "rocket": "mlrs mrls grad smerch- uragan- rocket- рсзв рсзо",
    "air": "airstrike- bomb- aerial- авіа авиа бомб",
    "drone": "drone- uav shahed- дрон бпла шахед-",
    "mine": "mine mines- booby- мін мин",
}
# What moves may be seen beside anything: a report of a tank and one of a house do not
# speak of different places.
MOVABLE: Final = frozenset({"vehicle", "arms", "forces"})
# Words that say nothing of which event is meant. Anything else of four letters or more,
# and any number, is taken for a word that may name one thing ("retroville", "no. 66").
_COMMON: Final = """
about after aftermath alleged allegedly along also apparent appear appears
approximately area areas around attack attacked attacks been before being building
buildings captured caused center central centre city civilian civilians civillian
complete completely complex consequences damage damaged damages destroy destroyed
destruction detonation different district drone drones during east eastern equipment
explosion explosions extensive facility following footage from front graphic have
heavily heavy here hit hits image images impact impacted including infrastructure
inside into large largely least left local located location massive media might
military moment more movement moving multiple near nearby next north northern oblast
officials other outside outskirts over part partial partially people person position
positions possible possibly presumably region report reported reportedly reports
result road russia russian russians satellite says seen serious several severe
severely shell shelled shelling showing shows side significant small smoke social some
source south southern state still street strike strikes striking struck surrounding
target targeted targeting text that their them there this three through toward towards
town ukraine ukrainian ukrainians ukranian under unknown used using various vehicles
very video videos village visable visible was were west western what where which while
widescale widespread with
"""
_WORD: Final = re.compile(r"[^\W\d_]+|\d+")
_LONGEST_STEM: Final = 13


@dataclass(frozen=True, slots=True)
class Mention:
    """What one text speaks of; all empty for a text that names nothing.

    `words` are those of the whole text, for telling copies; `names` those that may name
    one thing.
    """

    objects: frozenset[str]
    traces: frozenset[str]
    names: frozenset[str]
    words: frozenset[str]

    @property
    def says_much(self) -> bool:
        """Whether it names two things or more, so that silence about a third means
        something.
        """
        return len(self.objects) + len(self.traces) + len(self.names) >= 2


def _lookup(table: dict[str, str]) -> dict[str, str]:
    return {stem: thing for thing, stems in table.items() for stem in stems.split()}


_OBJECT_OF: Final = _lookup(_OBJECTS)
_TRACE_OF: Final = _lookup(_TRACES)
_SAYS_NOTHING: Final = frozenset(_COMMON.split())


def _thing(word: str, table: dict[str, str]) -> str:
    """The thing that a word speaks of, by its longest beginning in the table."""
    whole = table.get(word) or table.get(word.removesuffix("s"))
    if whole is not None:
        return whole
    for size in range(min(len(word), _LONGEST_STEM), 0, -1):
        found = table.get(word[:size] + "-")
        if found is not None:
            return found
    return ""


@lru_cache(maxsize=65536)
def _read_word(word: str) -> tuple[str, str, bool]:
    """The object, the trace it speaks of (empty if none), and whether it may name one
    thing.
    """
    found, trace = _thing(word, _OBJECT_OF), _thing(word, _TRACE_OF)
    is_long = len(word) >= 4 or (word.isdigit() and len(word) > 1)
    is_name = is_long and not found and not trace and word not in _SAYS_NOTHING
    return found, trace, is_name


@lru_cache(maxsize=65536)
def mention_from_text(text: str) -> Mention:
    """What a text speaks of; an empty text speaks of nothing."""
    objects, traces, names, words = set(), set(), set(), set()
    for word in _WORD.findall(text.lower()):
        found, trace, is_name = _read_word(word)
        words.add(word)
        if found:
            objects.add(found)
        if trace:
            traces.add(trace)
        if is_name:
            names.add(word)
    return Mention(
        frozenset(objects), frozenset(traces), frozenset(names), frozenset(words)
    )


def overlap(a: frozenset[str], b: frozenset[str]) -> float:
    """Words in both over words in either, in [0, 1]; 0 where both are empty."""
    both = len(a & b)
    return both / (len(a) + len(b) - both) if both else 0.0


__all__ = ["MOVABLE", "Mention", "mention_from_text", "overlap"]
