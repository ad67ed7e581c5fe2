"""Ten days of one exercise, played once for all tests."""

import pytest

from truce.exercise.play import ExerciseDelivery, play

SEED = 1


@pytest.fixture(scope="session")
def ten_days() -> tuple[ExerciseDelivery, ...]:
    """Every delivery of the built-in exercise's ten days."""
    return tuple(play(SEED, days=10))
