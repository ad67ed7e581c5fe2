"""Keeping the picture up to date with the log."""
