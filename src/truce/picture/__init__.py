"""What pages, exports and reports all ask: one question, one answer, for one reader.

In: a `PictureSource` (what the record knows), a `Question` (which the address of a page
carries), a reader and a moment. Out: an `Answer` whose list, totals, histogram and map
features are counted from the same matches; or the `Dossier` of one incident.

Always holds: everything passed release before it was filtered, counted or sorted, so
that no question tells more than the answer; the same arguments give the same answer.

Not decided here: who the reader is (web, cli), how things look, what an incident or a
finding is, and how coarse and how late things are shown (release).
"""

from truce.picture.answer import Answer
from truce.picture.ask import answer_from, ask
from truce.picture.desk import Desk
from truce.picture.dossier import Dossier, dossier_of, proof_for
from truce.picture.features import answer_values, features_from
from truce.picture.ports import AsOf, PictureSource, RecordKind
from truce.picture.question import (
    Question,
    State,
    query_from_question,
    question_from_query,
)
from truce.picture.sights import Picture, picture_for

__all__ = [
    "Answer",
    "AsOf",
    "Desk",
    "Dossier",
    "Picture",
    "PictureSource",
    "Question",
    "RecordKind",
    "State",
    "answer_from",
    "answer_values",
    "ask",
    "dossier_of",
    "features_from",
    "picture_for",
    "proof_for",
    "query_from_question",
    "question_from_query",
]
