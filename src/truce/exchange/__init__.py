"""Standards by which other systems talk with a record: one file per standard.

In: bytes that others send, addresses that others serve. Out: bytes as their standard
has them.

Always: what comes from outside is bounded in size and time, and checked by the record's
own rules before anything follows from it; servers listen on loopback unless told.

Not decided here: what a checkpoint, proof or statement is worth (record), nor who may
see what (release).
"""
