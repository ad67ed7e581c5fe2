"""Checking a whole record, from the bytes in its folder and nothing else."""
