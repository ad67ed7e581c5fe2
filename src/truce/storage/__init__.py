"""Derived state on SQLite: what was read from the record, so that it need not be read
again.

In: readings, incidents and their history, by position in the log. Out: the same, as
known after any number of statements.

Always: disposable and complete: an older layout is thrown away and made again from the
record, a damaged file or another record's is refused; a batch is visible whole or not
at all.

Not decided here: what anything means.
"""

from truce.storage.state import SqliteState

__all__ = ["SqliteState"]
