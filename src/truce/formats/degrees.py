"""Degrees as a source wrote them, with their digits kept."""

from decimal import Decimal

from truce.formats.fields import Fields


def degrees(fields: Fields, name: str, text: str) -> Decimal:
    """Decimal degrees; how many digits there are says how well the place is known.

    Any finite number is taken: whether it lies on earth, or on the wrong side of its
    comma, is for the reader to judge, who can say that latitude and longitude look
    swapped.
    """
    faults_before = len(fields.faults)
    fields.number(name, text)
    return Decimal(text) if len(fields.faults) == faults_before else Decimal(0)


__all__ = ["degrees"]
