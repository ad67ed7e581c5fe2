"""What deliveries become as the log is read: counts, repeats, revisions."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from truce.app import attached, open_record, shipped_land
from truce.app.opened import OpenRecord
from truce.errors import InvalidRecord, InvalidStatement, UnavailableRecord
from truce.identifiers import FeedName, ParticipantId, StatementIndex
from truce.incidents import resolve
from truce.record import RecordKind, RecordWriter, Role, Unsealed, found_record
from truce.statements import Delivery, rights_by_kind
from truce.workflows.founding.begin_record import begin_record
from truce.workflows.intake.seal import seal
from truce.workflows.intake.seal_delivery import seal_deliveries

NOW = datetime(2023, 1, 1, tzinfo=UTC)
CLAIMS = FeedName("party_claims")
HEADER = (
    "claim_id,stated_at,party,asserts,kind,from,to,lat,lon,radius_m,place,weapon,deaths,"
    "text,sources"
)
OPERATOR = ParticipantId("operator")


def claim(key: str, lat: str = "48.50", *, asserts: str = "occurred") -> str:
    """One row of what a party claims: shelling near a town."""
    return (
        f"{key},2022-06-02T08:00:00Z,North,{asserts},shelling,2022-06-01T10:00:00Z,"
        f"2022-06-01T11:00:00Z,{lat},37.90,500,Yasne,,0,Shells fell on {key},"
    )


@pytest.fixture
def study(tmp_path: Path) -> Iterator[tuple[RecordWriter, OpenRecord]]:
    """A study record with its state."""
    writer = begin_record(
        tmp_path / "study",
        kind=RecordKind.STUDY,
        name="follow",
        land=shipped_land(),
        clock=lambda: NOW,
    )
    with attached(writer) as opened:
        yield writer, opened
    writer.close()


def deliver(
    study: tuple[RecordWriter, OpenRecord], *rows: str, feed: FeedName = CLAIMS
) -> tuple[int, int, int, int]:
    """What became of a delivery's rows: read, accepted, quarantined, duplicates."""
    writer, opened = study
    raw = "\n".join([HEADER, *rows, ""]).encode()
    delivery = Delivery(feed=feed, file_name="claims.csv", received_at=NOW, raw=raw)
    seal_deliveries(writer, [(OPERATOR, delivery)])
    opened.follow()
    counts = opened.store.deliveries(opened.store.count())[-1]
    assert counts.rows_read == counts.accepted + counts.quarantined + counts.duplicates
    return counts.rows_read, counts.accepted, counts.quarantined, counts.duplicates


def texts(opened: OpenRecord) -> set[str]:
    """What the live observations say."""
    return {observation.text for observation in opened.store.live_observations()}


def test_a_repeated_row_is_a_duplicate_wherever_it_stands(
    study: tuple[RecordWriter, OpenRecord],
) -> None:
    """A source that sends its whole list again adds nothing but what is new."""
    assert deliver(study, claim("N1"), claim("N1")) == (2, 1, 0, 1)
    assert deliver(study, claim("N1"), claim("N2")) == (2, 1, 0, 1)


def test_a_row_stated_anew_replaces_the_older_one(
    study: tuple[RecordWriter, OpenRecord],
) -> None:
    """A source corrects itself: the picture follows, and what was known then stays."""
    _, opened = study
    deliver(study, claim("N1", "48.50"))
    then = opened.store.count()
    (before,) = opened.source.incidents_at(then)
    deliver(study, claim("N1", "49.20"))
    (after,) = opened.source.incidents_at(opened.store.count())
    assert after.position.lat_deg == pytest.approx(49.20, abs=0.01)
    assert opened.source.incidents_at(then) == (before,)
    old = resolve(opened.source.changes_after(0), before.id)
    assert old in ((), (after.id,), (before.id,))
    assert opened.source.resolve(before.id) == old


def test_two_rows_of_one_key_in_one_delivery_both_stand(
    study: tuple[RecordWriter, OpenRecord],
) -> None:
    """A list that uses a key twice is no correction of itself."""
    _, opened = study
    assert deliver(study, claim("N1", "48.50"), claim("N1", "49.20")) == (2, 2, 0, 0)
    assert len(list(opened.store.live_observations())) == 2
    assert deliver(study, claim("N1", "48.50"), claim("N1", "49.20")) == (2, 0, 0, 2)
    assert len(list(opened.store.live_observations())) == 2


def test_a_feed_that_nobody_knows_is_quarantined_whole(
    study: tuple[RecordWriter, OpenRecord],
) -> None:
    """What was sealed must be counted, even if nothing can read it."""
    _, opened = study
    assert deliver(study, claim("N1"), feed=FeedName("rumours")) == (1, 0, 1, 0)
    (lines,) = opened.store.quarantined(opened.store.count()).values()
    assert "rumours" in lines[0].reason


def test_a_photograph_is_accepted_and_states_nothing_by_itself(
    study: tuple[RecordWriter, OpenRecord],
) -> None:
    """It lies in the record with its time; what it shows is for people to say."""
    writer, opened = study
    photographs = FeedName("photographs")
    for raw in (b"\xff\xd8\xff\xe0 a camera's bytes", b"GIF89a"):
        delivery = Delivery(
            feed=photographs, file_name="p.jpg", received_at=NOW, raw=raw
        )
        seal_deliveries(writer, [(OPERATOR, delivery)])
    opened.follow()
    good, bad = opened.store.deliveries(opened.store.count())[-2:]
    assert (good.rows_read, good.accepted, good.duplicates) == (1, 1, 0)
    assert (bad.rows_read, bad.accepted, bad.quarantined) == (1, 0, 1)
    assert opened.source.incidents_at(opened.store.count()) == ()


def test_a_denial_never_makes_an_incident(
    study: tuple[RecordWriter, OpenRecord],
) -> None:
    """A party that says nothing happened is kept as a contradiction, no more."""
    _, opened = study
    deliver(study, claim("N1", asserts="denied"))
    assert opened.source.incidents_at(opened.store.count()) == ()


def test_in_an_exercise_whoever_delivers_is_the_source(tmp_path: Path) -> None:
    """A simulated row must never be laid in the mouth of a real organisation."""
    patrol = ParticipantId("patrol-7")
    writer = begin_record(
        tmp_path / "exercise",
        kind=RecordKind.EXERCISE,
        name="mouth",
        land=shipped_land(),
        clock=lambda: NOW,
        participants=[(patrol, "Patrol 7", (Role.CONTRIBUTOR,))],
    )
    raw = f"{HEADER}\n{claim('N1')}\n".encode()
    delivery = Delivery(feed=CLAIMS, file_name="c.csv", received_at=NOW, raw=raw)
    seal_deliveries(writer, [(patrol, delivery)])
    with attached(writer) as opened:
        (observation,) = opened.store.live_observations()
        assert observation.stated_by == "Patrol 7"
    writer.close()


def test_a_record_without_gazetteer_and_method_cannot_be_read(tmp_path: Path) -> None:
    """Deliveries mean nothing before the record says by what they are read."""
    writer = found_record(
        tmp_path / "bare",
        kind=RecordKind.STUDY,
        name="bare",
        clock=lambda: NOW,
        rights=rights_by_kind(),
    )
    delivery = Delivery(feed=CLAIMS, file_name="c", received_at=NOW, raw=b"")
    seal_deliveries(writer, [(OPERATOR, delivery)])
    refused = pytest.raises(InvalidRecord, match="before any gazetteer and method")
    with refused, attached(writer):
        pass
    writer.close()


def test_a_role_limits_what_may_be_stated(
    study: tuple[RecordWriter, OpenRecord],
) -> None:
    """A contributor's key cannot put an agreement in force, nor an unknown kind."""
    writer, _ = study
    patrol = ParticipantId("patrol-7")
    writer.enrol(patrol, "Patrol 7", (Role.CONTRIBUTOR,))
    size = writer.record.size
    for kind, message in (
        ("agreement", "may not state agreement"),
        ("rumour", "statement of kind 'rumour'"),
    ):
        statement = Unsealed(kind=kind, by=patrol, payload=b"", stated_at=NOW)
        with pytest.raises(InvalidStatement, match=message):
            seal(writer, [statement])
    newer = Unsealed(kind="delivery", by=patrol, payload=b"", stated_at=NOW, schema=2)
    with pytest.raises(InvalidStatement, match="schema 2"):
        seal(writer, [newer])
    assert writer.record.size == size


def test_a_state_of_another_record_is_refused(
    study: tuple[RecordWriter, OpenRecord],
) -> None:
    """A state ahead of its log would answer with what the log never said."""
    _, opened = study
    deliver(study, claim("N1"))
    with opened.store.transaction():
        opened.store.advance(opened.record.size + 5, NOW)
    with pytest.raises(InvalidRecord, match="of another record"):
        type(opened.follower)(opened.record, opened.store)


def test_as_of_counts_and_moments(study: tuple[RecordWriter, OpenRecord]) -> None:
    """Positions and sealing times answer each other."""
    _, opened = study
    deliver(study, claim("N1"))
    store = opened.store
    assert store.sealed_at(0) is None
    assert store.sealed_at(store.count()) == NOW
    assert store.count_at(NOW) == store.count()
    assert store.count_at(datetime(2022, 1, 1, tzinfo=UTC)) == 0
    assert opened.source.sealed_at(StatementIndex(0)) == NOW


def test_a_delivery_that_nobody_can_open_is_counted_and_passed(
    study: tuple[RecordWriter, OpenRecord],
) -> None:
    """Other software sealed it: were it not passed, nothing after it could be read."""
    writer, opened = study
    payloads = [b"", b"{}\n", b"[" * 9_000 + b"\n", b'{"feed": "firms"}\nrow']
    unsealed = [
        Unsealed(kind="delivery", by=OPERATOR, payload=payload, stated_at=NOW)
        for payload in payloads
    ]
    with pytest.raises(InvalidStatement, match="label"):
        seal(writer, unsealed)
    writer.seal(unsealed)
    assert deliver(study, claim("N1")) == (1, 1, 0, 0)
    counts = opened.store.deliveries(opened.store.count())
    assert [(c.rows_read, c.quarantined) for c in counts[:-1]] == [(1, 1)] * 4


def test_a_failed_batch_leaves_nothing_in_memory(
    study: tuple[RecordWriter, OpenRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk of the state was full for a moment: no row may pass for a repeat."""
    _, opened = study

    def full(*_: object) -> None:
        raise UnavailableRecord("disk is full", is_retry_safe=True)

    monkeypatch.setattr(opened.store, "save_incidents", full)
    with pytest.raises(UnavailableRecord, match="disk is full"):
        deliver(study, claim("N1"))
    monkeypatch.undo()
    opened.follow()
    (counts,) = opened.store.deliveries(opened.store.count())
    assert (counts.accepted, counts.duplicates) == (1, 0)
    assert len(opened.source.incidents_at(opened.store.count())) == 1


def test_the_state_of_another_record_is_no_state_of_this_one(
    study: tuple[RecordWriter, OpenRecord], tmp_path: Path
) -> None:
    """As long and as old as this log, it would answer with another's incidents."""
    writer, _ = study
    other = begin_record(
        tmp_path / "other",
        kind=RecordKind.STUDY,
        name="follow",
        land=shipped_land(),
        clock=lambda: NOW,
    )
    other.close()
    state = tmp_path / "state.sqlite"
    with open_record(writer.record.folder, state=state):
        pass
    refused = pytest.raises(InvalidRecord, match="the state of another record")
    with refused, open_record(other.record.folder, state=state):
        pass


def test_a_damaged_state_is_named(study: tuple[RecordWriter, OpenRecord]) -> None:
    """A state that cannot be read is the world's failure, and says what to do."""
    writer, _ = study
    state = writer.record.folder.parent / "damaged.sqlite"
    state.write_bytes(b"this is no database" * 100)
    refused = pytest.raises(UnavailableRecord, match="truce rebuild makes it again")
    with refused, open_record(writer.record.folder, state=state):
        pass
