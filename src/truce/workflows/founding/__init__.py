"""Beginning a record and reading what holds for all of it."""
