"""Playing an exercise through the same chain as real feeds."""
