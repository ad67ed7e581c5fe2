"""The working machinery of a ceasefire: one record, many desks.

Everything stated is sealed in one append-only record; everything shown is computed from
it. The rooms and what each may import are in `docs/reference/house.md`.
"""

__version__ = "0.1.0"
