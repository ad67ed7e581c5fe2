"""Taking over another's record into a copy, checked."""
