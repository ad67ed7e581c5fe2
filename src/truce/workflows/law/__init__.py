"""Judging what happened by what was agreed."""
