"""The desks' work: one folder a desk, one file a use case; the only place that spans
stages.

In: what a person or a feed wants done. Out: statements sealed, state brought up to
date, answers made.

Always: bytes are sealed before they are read; state is changed only by reading the log.

Not decided here: what is true, what is a breach, who may see it.
"""
