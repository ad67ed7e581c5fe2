"""The tables of derived state.

Each row that can change says from which count of statements it was known (`known_from`)
and from which it no longer was (`known_until`, null while it is): as-of is a query. The
body is the value itself in MessagePack; the columns beside it are what is searched by.
"""

from typing import Final

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, String, Table

# Raised with every change of the tables or of a body's type. State of another layout is
# made again from the record, which is why there are no migrations.
LAYOUT: Final = 2

METADATA: Final = MetaData()

STATEMENTS: Final = Table(
    "statements",
    METADATA,
    Column("position", Integer, primary_key=True),
    Column("sealed_at_us", Integer, nullable=False),
)
STANDING: Final = Table(
    "standing",
    METADATA,
    Column("position", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("name", String, nullable=False),
)
DELIVERIES: Final = Table(
    "deliveries",
    METADATA,
    Column("position", Integer, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)
QUARANTINED: Final = Table(
    "quarantined",
    METADATA,
    Column("position", Integer, primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)
OBSERVATIONS: Final = Table(
    "observations",
    METADATA,
    Column("id", String, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("known_until", Integer),
    Column("feed", String, nullable=False),
    Column("row_key", String, nullable=False),
    Column("stated_by", String, nullable=False),
    Column("is_of_event", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
WATCHES: Final = Table(
    "watches",
    METADATA,
    Column("id", String, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
NOTICES: Final = Table(
    "notices",
    METADATA,
    Column("id", String, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
INCIDENTS: Final = Table(
    "incidents",
    METADATA,
    Column("id", String, primary_key=True),
    Column("known_from", Integer, primary_key=True),
    Column("known_until", Integer),
    Column("body", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
HISTORY: Final = Table(
    "history",
    METADATA,
    Column("ordinal", Integer, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("incident", String, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
Index("statements_by_time", STATEMENTS.c.sealed_at_us)
Index("history_by_incident", HISTORY.c.incident)
Index("history_by_position", HISTORY.c.position)

__all__ = [
    "DELIVERIES",
    "HISTORY",
    "INCIDENTS",
    "LAYOUT",
    "METADATA",
    "NOTICES",
    "OBSERVATIONS",
    "QUARANTINED",
    "STANDING",
    "STATEMENTS",
    "WATCHES",
]
