"""Settings: read once, all faults named."""

import pytest

from truce.errors import InvalidValue
from truce.settings import Settings


def test_defaults_and_given_values() -> None:
    """Nothing set means the defaults; what is set is taken."""
    assert Settings.read({}) == Settings()
    assert Settings.read({"TRUCE_PORT": "0", "TRUCE_SEED": "7"}).seed == 7


def test_every_fault_is_named() -> None:
    """Two wrong settings are mended in one go."""
    given = {"TRUCE_PORT": "http", "TRUCE_DAYS": "0", "TRUCE_SEED": "-1"}
    with pytest.raises(InvalidValue, match=r"TRUCE_PORT.*TRUCE_SEED.*TRUCE_DAYS"):
        Settings.read(given)
