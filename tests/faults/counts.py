"""What all fault tests together broke and what it cost, for `./dev test --faults`."""

from collections import Counter

from tests.faults.histories import Outcome


class Counts:
    """Counts over all tests of one run."""

    def __init__(self) -> None:
        self.total: Counter[str] = Counter(
            kills=0, lost=0, doubled=0, forks=0, power_cuts=0, broken_writes=0
        )

    def add(self, outcome: Outcome, **breaks: int) -> None:
        """Takes up what came of some breaks."""
        self.total.update(breaks)
        self.total.update(outcome._asdict())


__all__ = ["Counts"]
