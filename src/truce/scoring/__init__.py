"""Worlds and scorers behind `truce score`: how right the rest of truce is.

In: what truce answered, and what is known to be true (an exercise's truth, a coded
outcome). Out: counts and shares with their intervals.

Always: nothing here changes what truce answers, and no other room reads an exercise's
truth.

Not decided here: whether a figure is good enough.
"""
