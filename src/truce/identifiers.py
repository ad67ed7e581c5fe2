"""Names of things, kept apart by the type checker."""

from typing import NewType

AgreementId = NewType("AgreementId", str)
ClauseId = NewType("ClauseId", str)
FeedName = NewType("FeedName", str)
FindingId = NewType("FindingId", str)
IncidentId = NewType("IncidentId", str)
KeyId = NewType("KeyId", str)
ObservationId = NewType("ObservationId", str)
ParticipantId = NewType("ParticipantId", str)
# Where a statement stands in the log, counted from 0.
StatementIndex = NewType("StatementIndex", int)

__all__ = [
    "AgreementId",
    "ClauseId",
    "FeedName",
    "FindingId",
    "IncidentId",
    "KeyId",
    "ObservationId",
    "ParticipantId",
    "StatementIndex",
]
