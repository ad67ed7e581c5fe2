"""Custody: when a checkpoint existed at the latest, and evidence that others check."""
