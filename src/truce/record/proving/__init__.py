"""Proofs of single statements that travel: their form, making them, checking them."""
