"""Who may state what: founding, participants, keys, roles, and decisions over them.

In: the statements of a log in their order. Out: for each, whether its maker may state
it, and what it changes for those after it.

Always: a decision needs a quorum of founders, whose approvals stand inside it; a
founder is a participant like others; no key is enrolled twice; what was sealed stands,
and what a stolen key sealed is in doubt.

Not decided here: what a kind of statement means (`truce.statements`), who reads it
(`truce.release`), who sits at a keyboard (sign-in).
"""
