"""Custody: when a checkpoint existed at the latest, and evidence for others to check."""
