"""Witnessing: being a witness, asking witnesses, and comparing what they were shown."""
