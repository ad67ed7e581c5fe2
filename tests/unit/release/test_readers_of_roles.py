"""For whom somebody with given roles reads."""

import pytest

from truce.record import Role
from truce.release import Reader, reader_from_roles


@pytest.mark.parametrize(
    ("roles", "reader"),
    [
        ({Role.COMMISSIONER}, Reader.MECHANISM),
        ({Role.PATROL_MONITOR, Role.CELL_OFFICER}, Reader.MECHANISM),
        ({Role.CELL_OFFICER}, Reader.CELL),
        ({Role.PARTY}, Reader.PARTIES),
        ({Role.OPERATOR, Role.FOUNDER, Role.INTAKE}, Reader.PUBLIC),
        ({Role.SENSOR}, Reader.PUBLIC),
        ({Role.AUDITOR}, Reader.PUBLIC),
        (set(), Reader.PUBLIC),
    ],
)
def test_a_role_reads_as_its_desk(roles: set[Role], reader: Reader) -> None:
    """A commissioner is shown what the mechanism knows, a sensor what anybody is."""
    assert reader_from_roles(roles) is reader


def test_a_belligerent_never_reads_as_the_mechanism() -> None:
    """Whoever is of a party and was made an analyst as well still gets the floors."""
    for role in Role:
        assert reader_from_roles({role, Role.PARTY}) is Reader.PARTIES
