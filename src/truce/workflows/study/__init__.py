"""Replaying history as a study."""
