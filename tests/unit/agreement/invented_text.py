"""A short invented agreement, and ways to change a line of it."""

TEXT = """\
format: 1
agreement: quiet-night
title: A quiet night
text: invented
status: agreed
in force: {from: 2031-05-04, to: 2031-05-08, zone: Europe/Kyiv}
parties:
  north: {name: Northern Side}
  south: {name: Southern Side}
geography:
  town: {at: {lat: 34.2, lon: -42.6}}
  area: {within: 3 km, of: town}
definitions:
  fire:
    incident of kind: [explosion, shot]
    proven from probability: 0.8
    doubtful from probability: 0.2
watching:
  explosion noticed from probability: 0.8
  seen share of place and time: 0.9
clauses:
  - id: Q1
    says: Nobody fires in the town.
    source: {document: Invented letter, point: line 1}
    prohibits: fire
    by: [north, south]
    in: area
    during: {day: 2031-05-04, from: 09:00, to: 16:00}
"""


def changed(old: str, new: str) -> bytes:
    """The text with one piece replaced; the piece must stand in it exactly once."""
    assert TEXT.count(old) == 1, f"{old!r} stands {TEXT.count(old)} times in the text"
    return TEXT.replace(old, new).encode()


def with_geography(entry: str) -> bytes:
    """The text with one more geography entry, which is line 13."""
    place = "  area: {within: 3 km, of: town}\n"
    return changed(place, f"{place}  {entry}\n")


def with_during(during: str) -> bytes:
    """The text with another time in its clause, which is line 28."""
    return changed("{day: 2031-05-04, from: 09:00, to: 16:00}", during)
