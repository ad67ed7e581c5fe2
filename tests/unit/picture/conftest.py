"""What tests of the picture ask for."""

import pytest
from tests.unit.picture.invented_picture import NOW, InventedPicture

from truce.picture import AsOf


@pytest.fixture(scope="session")
def source() -> InventedPicture:
    """Three hundred incidents off an invented coast; nobody adds to it."""
    return InventedPicture()


@pytest.fixture(scope="session")
def now(source: InventedPicture) -> AsOf:
    """As of the last statement."""
    return AsOf(count=source.statement_count, instant=NOW)
