"""Mirroring: keeping a full copy of a record, everything in it checked."""
