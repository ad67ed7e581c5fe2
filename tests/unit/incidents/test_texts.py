"""What entries say, read as things and names."""

import pytest

from truce.incidents import Parameters
from truce.incidents.sayings import assess_kinds, assess_texts
from truce.incidents.texts import mention_from_text, overlap
from truce.observations.kinds import Kind

PARAMETERS = Parameters()


@pytest.mark.parametrize(
    ("text", "objects", "traces"),
    [
        ("School No. 24 shelled", {"school"}, set()),
        ("Cars burning by the petrol depot", {"vehicle", "fuel"}, {"fire"}),
        ("Rocket motor embedded in a playground", {"leisure"}, {"rocket", "remnant"}),
        ("Пожежа після удару по лікарні", {"hospital"}, {"fire"}),
        ("cargo moved at sunrise", set(), set()),
        ("", set(), set()),
    ],
)
def test_a_text_speaks_of_things(
    text: str, objects: set[str], traces: set[str]
) -> None:
    """Words in three languages become the same things; "cargo" is no car."""
    mention = mention_from_text(text)
    assert mention.objects == objects
    assert mention.traces == traces


def test_names_are_what_tells_one_thing_from_another() -> None:
    """A number of a school or the name of a mall; never "missile" or "video"."""
    mention = mention_from_text("Video: missile hits Retrovilla mall and school 24")
    assert mention.names == {"retrovilla", "24"}


def weigh(a: str, b: str) -> float:
    """What two texts say of being of one event."""
    return assess_texts(mention_from_text(a), mention_from_text(b), PARAMETERS)


def test_the_same_thing_speaks_for_and_another_against() -> None:
    """A school and a school, a school and a brewery, and a text that says nothing."""
    assert weigh("school damaged", "a school was hit") > 0.0
    assert weigh("school damaged", "brewery damaged") < 0.0
    assert weigh("school damaged", "aftermath of the strike") == 0.0
    assert weigh("school damaged", "") == 0.0


def test_a_dwelling_is_too_common_to_prove_much() -> None:
    """Half of all entries speak of residential buildings."""
    assert weigh("apartment block hit", "houses hit") < weigh("school hit", "school")


def test_weights_do_not_depend_on_who_is_named_first() -> None:
    """Which of two reports has the smaller id must not decide anything."""
    one, other = "crater beside the market", "shop destroyed, two wounded"
    assert weigh(one, other) == weigh(other, one)


def test_overlap_is_a_share_of_all_words() -> None:
    """Two of four words, no words, and the same words."""
    assert overlap(frozenset("abc"), frozenset("bcd")) == 0.5
    assert overlap(frozenset(), frozenset()) == 0.0
    assert overlap(frozenset("ab"), frozenset("ab")) == 1.0


def test_kinds_of_one_explosion_fit_each_other_and_thunder_fits_none() -> None:
    """Damage, harm and fire are what an impact leaves; thunder is another matter."""
    for trace in (Kind.DAMAGE, Kind.HARM, Kind.FIRE):
        assert assess_kinds(Kind.EXPLOSION_IMPACT, trace) == 0.0
    assert assess_kinds(Kind.THUNDER, Kind.DAMAGE) < -1.0
    assert assess_kinds(Kind.EXPLOSION_OUTGOING, Kind.EXPLOSION_IMPACT) < -1.0


@pytest.mark.parametrize("a", list(Kind))
@pytest.mark.parametrize("b", list(Kind))
def test_kinds_are_weighed_alike_from_both_sides(a: Kind, b: Kind) -> None:
    """Compatibility has no direction."""
    assert assess_kinds(a, b) == assess_kinds(b, a)
