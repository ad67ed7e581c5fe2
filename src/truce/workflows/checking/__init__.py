"""Checking a record and telling states apart."""
