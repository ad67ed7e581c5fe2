"""What every test may ask for."""

import os
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import settings

# The same examples on every machine, no clock and no files beside the code.
settings.register_profile("truce", derandomize=True, deadline=None, database=None)
settings.load_profile("truce")

_REPOSITORY = Path(__file__).resolve().parent.parent


def skip_for_want_of(what: str, *, how: str) -> NoReturn:
    """Skips a test whose server is not installed; with `./dev test --all` it fails."""
    if os.environ.get("TRUCE_TEST_ALL"):
        pytest.fail(f"no {what}: {how}; --all lets no test be skipped for want of it")
    pytest.skip(f"no {what}: {how}")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the checkout, or in TRUCE_SHARED; skips where
    absent.

    None of it may be committed, so a test that needs it cannot run everywhere.
    """
    shared = Path(os.environ.get("TRUCE_SHARED", _REPOSITORY.parent / "shared"))
    folder = shared / "data"
    if not folder.is_dir():
        pytest.skip(f"no real data: {folder} is absent (set TRUCE_SHARED)")
    return folder
