"""A simulated world with its own physics and tactics, which makes the bytes that feeds
make.

In: a seed. Out: `land` (an invented land's gazetteer and map), `play` (raw deliveries
in the formats of real feeds, in order of arrival) and `truth` (what really happened).

Always holds: the same seed gives the same bytes; the land is the same for every seed;
the first days are those of a longer play. Nothing of the truth is in any delivery, and
no room but `scoring` may import it, nor any module here whose name begins with an
underscore.

Not decided here: what a report means, which incidents there were, who broke the
agreement. The physics and the errors are this room's own: what makes the picture may
not be used to make the evidence, or an exercise would only show that truce agrees with
itself.
"""
