"""Taking in what sources hand over: seal first, then read."""
