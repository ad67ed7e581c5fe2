"""Facts against clauses over time: met, breached, pending or undetermined, with the
reason.

In: an agreement, incidents and watches as facts, and the moment from which clocks are
judged. Out: one finding per clause and window, with the incidents, the reason and the
share seen.

Always: the same facts in any order give the same findings; a breach is only what is
proven in kind, place and time at once; silence counts for a clause only where somebody
was looking.

Not decided here: whether an incident happened (incidents), who did it, and whether an
alleged breach is a violation (commission).
"""
