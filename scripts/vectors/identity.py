"""Who may state what: quorums, rotation, revocation, delegation and charters."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple, TypeVar

from truce.identifiers import ParticipantId
from truce.record import FOUNDING, Charter, Founding, Role
from truce.record.identity.approvals import Approval, approve
from truce.record.identity.decisions import (
    Change,
    CharterChange,
    Decision,
    Delegation,
    Enrolment,
    IdentityStatement,
    Revocation,
)
from vectors.world import (
    RIGHTS,
    START,
    Json,
    Log,
    fails,
    holds,
    key_of,
    participant,
    vector,
    written,
)

_LATER = START + timedelta(hours=1)
_ROWS = (
    participant("anna", "Anna", Role.FOUNDER, Role.OPERATOR, Role.INTAKE),
    participant("boris", "Boris", Role.FOUNDER),
    participant("clara", "Clara", Role.FOUNDER, Role.LEGAL_ADVISER),
    participant("patrol-7", "Patrol 7", Role.CONTRIBUTOR, Role.INTAKE),
    participant("sensor-3", "Sensor 3", Role.SENSOR),
)
_CHARTER = Charter(quorum=2, rights=RIGHTS)
_NEW = participant("patrol-9", "Patrol 9", Role.INTAKE)


class _Case(NamedTuple):
    """A record whose last statement is the one in question; no code where it holds."""

    name: str
    says: str
    log: Log
    code: str | None = None
    is_false: bool = True


def identity() -> list[Json]:
    """Does a record hold in which people decided over keys and roles?"""
    cases = [
        *_valid(),
        *_quorums(),
        *_rows(),
        *_revocations(),
        *_delegations(),
        *_charters(),
        *_foundings(),
    ]
    return [_written(case) for case in cases]


def _written(case: _Case) -> Json:
    files = {path: written(raw) for path, raw in case.log.files().items()}
    last = len(case.log.entries) - 1
    expect = fails(case.code, statement=last)
    if not case.is_false:
        told = {"origin": case.log.origin, "not_here": 0}
        expect = holds(**told, size=last + 1)
    return vector(case.name, case.says, expect, files=files)


def _founded(**changes: object) -> Log:
    log = Log(participants=_ROWS, charter=_CHARTER)
    log.founding = replace(log.founding, **changes)  # type: ignore[arg-type] # fields
    founding = _approved(log, log.founding, "boris")
    return log.seal("anna", founding.payload(), kind=FOUNDING)


_Told = TypeVar("_Told", Founding, Enrolment, Revocation, CharterChange)


def _approved(log: Log, told: _Told, *names: str, by: str = "") -> _Told:
    """The same decision with approvals by the keys of those names."""
    approvals = tuple(
        approve(
            log.origin,
            told.statement_kind,
            told.unapproved(),
            by=ParticipantId(by or name),
            key=key_of(name),
        )
        for name in names
    )
    return replace(told, approvals=approvals)


def _seal(log: Log, by: str, told: IdentityStatement, word: str = "") -> Log:
    return log.seal(by, told.payload(), kind=told.statement_kind, word=word)


def _decided(log: Log, told: Decision, by: str = "anna", also: str = "boris") -> Log:
    """A decision that a quorum agreed on."""
    return _seal(log, by, _approved(log, told, also))


def _changed(name: str, replaces: int = 0, **fields: object) -> Enrolment:
    row = next(row for row in _ROWS if row.id == name)
    return Enrolment(
        changes=(Change(participant=replace(row, **fields), replaces=replaces),)
    )


def _rotated(name: str, word: str, replaces: int = 0) -> Enrolment:
    return _changed(name, replaces, key=key_of(word).public)


def _revoked(word: str, seconds: int = 0, **fields: object) -> Revocation:
    told = Revocation(
        key=key_of(word).public,
        since=START + timedelta(seconds=seconds),
        reason="its holder's notebook was stolen",
    )
    return replace(told, **fields)


def _lent(*roles: Role, to: str = "sensor-3", seconds: int = 3600) -> Delegation:
    until = START + timedelta(seconds=seconds)
    return Delegation(to=ParticipantId(to), roles=roles, until=until)


def _holds(name: str, says: str, log: Log) -> _Case:
    return _Case(name, says, log, is_false=False)


def _valid() -> Iterator[_Case]:
    yield _holds("founded-by-two", "Two of three founders agree.", _founded())
    joined = _decided(_founded(), Enrolment(participants=(_NEW,)))
    yield _holds(
        "enrolled-by-two",
        "A patrol joins, and states.",
        joined.seal("patrol-9", b"heard\n"),
    )
    own = _seal(_founded(), "patrol-7", _rotated("patrol-7", "another key"))
    yield _holds(
        "own-key-rotated",
        "Whoever has a key may replace it alone.",
        own.seal("patrol-7", b"seen\n", word="another key"),
    )
    of = _decided(_founded(), _changed("clara", roles=(Role.LEGAL_ADVISER,), of="fr"))
    yield _holds("founder-steps-down", "Two founders are left, enough to decide.", of)
    carried = _approved(of, Enrolment(participants=(_NEW,)), "anna", "boris")
    yield _holds(
        "decision-carried-in-by-another",
        "Two founders approved; a patrol hands it in.",
        _seal(of, "patrol-7", carried),
    )
    yield _holds(
        "own-key-revoked",
        "A patrol says that its key was stolen.",
        _seal(_founded(), "patrol-7", _revoked("patrol-7")),
    )
    again = _decided(_founded().seal("patrol-7", b"seen\n"), _revoked("patrol-7", 1))
    again = _decided(again, _revoked("patrol-7", 0))
    yield _holds(
        "revoked-from-earlier-on", "It was stolen earlier than was thought.", again
    )
    new = _decided(again, _rotated("patrol-7", "another key"))
    yield _holds(
        "new-key-after-revocation",
        "The founders give the patrol a new key.",
        new.seal("patrol-7", b"back\n", word="another key"),
    )
    lent = _seal(_founded(), "patrol-7", _lent(Role.CONTRIBUTOR))
    yield _holds(
        "lent-role-used", "What is lent may be used.", lent.seal("sensor-3", b"heard\n")
    )
    narrower = replace(_CHARTER, quorum=3, rights={"agreement": RIGHTS["agreement"]})
    change = CharterChange(charter=narrower, replaces=0)
    yield _holds(
        "charter-changed", "Fewer rights, more founders.", _decided(_founded(), change)
    )


def _quorums() -> Iterator[_Case]:
    told = Enrolment(participants=(_NEW,))

    def case(
        name: str, says: str, made: Callable[[Log], Enrolment], code: str
    ) -> _Case:
        log = _founded()
        return _Case(name, says, _seal(log, "anna", made(log)), code or None)

    yield case(
        "one-of-two", "One founder decides alone.", lambda _: told, "quorum-short"
    )
    yield case(
        "own-approval-counted-twice",
        "Its maker approves as well.",
        lambda log: _approved(log, told, "anna"),
        "false-approval",
    )
    yield case(
        "approval-by-no-founder",
        "A patrol approves.",
        lambda log: _approved(log, told, "patrol-7"),
        "false-approval",
    )
    yield case(
        "approval-by-a-stranger",
        "Somebody approves whom nobody knows.",
        lambda log: _approved(log, told, "stranger"),
        "false-approval",
    )
    yield case(
        "approval-in-anothers-name",
        "A patrol signs as the second founder.",
        lambda log: _approved(log, told, "patrol-7", by="boris"),
        "false-approval",
    )
    other = Enrolment(participants=(replace(_NEW, roles=(Role.FOUNDER,)),))
    yield case(
        "approval-of-another-decision",
        "The second founder approved a patrol, and a founder is enrolled.",
        lambda log: replace(other, approvals=_approved(log, told, "boris").approvals),
        "false-approval",
    )
    yield case(
        "approval-from-another-record",
        "It was approved there, not here.",
        lambda _: _approved(Log("another log"), told, "boris"),
        "false-approval",
    )
    yield case(
        "approvals-doubled",
        "One founder stands twice among those who approve.",
        lambda log: _approved(log, told, "boris", "boris"),
        "",
    )
    false = Approval(by=ParticipantId("boris"), signature=bytes(63))
    yield case(
        "approval-cut-short",
        "A signature of 63 bytes.",
        lambda _: replace(told, approvals=(false,)),
        "",
    )
    log = _seal(_founded(), "patrol-7", told)
    yield _Case("decided-by-no-founder", "A patrol enrols.", log, "quorum-short")


def _rows() -> Iterator[_Case]:
    def case(name: str, says: str, log: Log, code: str = "") -> _Case:
        return _Case(name, says, log, code or None)

    yield case(
        "change-of-nobody",
        "It replaces a row that is not there.",
        _decided(
            _founded(),
            Enrolment(changes=(Change(participant=_NEW, replaces=0),)),
        ),
    )
    moved = _decided(_founded(), _changed("patrol-7", roles=(Role.INTAKE,)))
    yield case(
        "old-change-again",
        "It names the row of the founding, and a newer one is in force.",
        _decided(moved, _changed("patrol-7", roles=(Role.FOUNDER,))),
    )
    yield case(
        "rotation-with-a-role",
        "A patrol gives itself a role beside its new key.",
        _seal(
            _founded(),
            "patrol-7",
            _changed("patrol-7", key=key_of("k").public, roles=(Role.FOUNDER,)),
        ),
        "quorum-short",
    )
    yield case(
        "rotation-for-another",
        "A patrol replaces a founder's key.",
        _seal(_founded(), "patrol-7", _rotated("anna", "k")),
        "quorum-short",
    )
    yield case(
        "rotation-to-anothers-key",
        "A patrol takes the key of a founder for its own.",
        _seal(_founded(), "patrol-7", _rotated("patrol-7", "boris")),
    )
    back = _seal(_founded(), "patrol-7", _rotated("patrol-7", "k"))
    yield case(
        "rotation-back",
        "No key is enrolled again.",
        _seal(back, "patrol-7", _rotated("patrol-7", "patrol-7", 1), "k"),
    )
    old = _seal(_founded(), "patrol-7", _rotated("patrol-7", "k"))
    yield case(
        "old-key-after-rotation",
        "The key was replaced.",
        old.seal("patrol-7", b"seen\n"),
        "unknown-key",
    )
    few = _decided(_founded(), _changed("clara", roles=()))
    yield case(
        "fewer-founders-than-the-quorum",
        "Nobody could decide any more.",
        _decided(few, _changed("boris", roles=())),
    )
    left = _decided(_founded(), _changed("patrol-7", roles=()))
    yield case(
        "who-has-left",
        "A patrol without roles states.",
        left.seal("patrol-7", b"seen\n"),
        "kind-refused",
    )
    twice = _changed("patrol-7", roles=(Role.INTAKE,))
    yield case(
        "changed-twice-in-one",
        "Two readers would keep different ones.",
        _decided(_founded(), replace(twice, changes=twice.changes * 2)),
    )
    yield case("nobody-enrolled", "It says nothing.", _decided(_founded(), Enrolment()))
    yield case(
        "kind-without-the-right",
        "A sensor states what takes another role.",
        _founded().seal("sensor-3", b"heard\n"),
        "kind-refused",
    )
    yield case(
        "kind-that-nobody-may-state",
        "The charter does not know it.",
        _founded().seal("anna", b"{}", kind="ruling"),
        "kind-refused",
    )


def _revocations() -> Iterator[_Case]:
    def case(name: str, says: str, log: Log, code: str = "") -> _Case:
        return _Case(name, says, log, code or None)

    gone = _decided(_founded(), _revoked("patrol-7"))
    yield case(
        "statement-by-a-revoked-key",
        "Whoever stole it goes on stating.",
        gone.seal("patrol-7", b"seen\n"),
        "revoked-key",
    )
    gone = _decided(_founded(), _revoked("patrol-7"))
    yield case(
        "rotation-by-a-revoked-key",
        "Whoever stole it gives itself another.",
        _seal(gone, "patrol-7", _rotated("patrol-7", "k")),
        "revoked-key",
    )
    gone = _decided(_founded(), _revoked("clara"))
    yield case(
        "approval-by-a-revoked-key",
        "A founder whose key was stolen approves.",
        _decided(gone, Enrolment(participants=(_NEW,)), also="clara"),
        "false-approval",
    )
    gone = _decided(_founded(), _revoked("patrol-7"))
    yield case(
        "revoked-key-kept",
        "Other roles, and the stolen key.",
        _decided(gone, _changed("patrol-7", roles=(Role.INTAKE,))),
    )
    yield case(
        "revoked-by-one",
        "One founder takes a key from another.",
        _seal(_founded(), "anna", _revoked("boris")),
        "quorum-short",
    )
    ahead = _revoked("patrol-7", 3600)
    yield case(
        "revoked-in-advance", "From a later time on.", _decided(_founded(), ahead)
    )
    gone = _decided(_founded(), _revoked("patrol-7", 0))
    yield case(
        "revoked-from-later-on",
        "What was in doubt cannot be made sure again.",
        _decided(gone, _revoked("patrol-7", 1)),
    )
    yield case(
        "strange-key-revoked", "It is nobody's.", _decided(_founded(), _revoked("k"))
    )
    gone = _decided(_founded(), _revoked("clara"))
    yield case(
        "revoked-below-the-quorum",
        "One founder would be left where two decide.",
        _decided(gone, _revoked("boris")),
    )
    yield case(
        "revoked-without-a-reason",
        "It does not say why.",
        _decided(_founded(), _revoked("patrol-7", reason="")),
    )


def _delegations() -> Iterator[_Case]:
    def case(name: str, says: str, log: Log, code: str = "") -> _Case:
        return _Case(name, says, log, code or None)

    lent = _seal(_founded(), "patrol-7", _lent(Role.CONTRIBUTOR, seconds=3))
    lent.seal("anna", b"1\n").seal("anna", b"2\n").seal("sensor-3", b"heard\n")
    yield case("loan-ended", "Three seconds are over.", lent, "delegation-ended")
    back = _seal(_founded(), "patrol-7", _lent(Role.CONTRIBUTOR))
    back = _seal(back, "patrol-7", _lent())
    yield case(
        "loan-taken-back",
        "Its lender ended it.",
        back.seal("sensor-3", b"heard\n"),
        "kind-refused",
    )
    gone = _seal(_founded(), "patrol-7", _lent(Role.CONTRIBUTOR))
    gone = _decided(gone, _revoked("patrol-7"))
    yield case(
        "lender-revoked",
        "What a stolen key lent is not lent.",
        gone.seal("sensor-3", b"heard\n"),
        "kind-refused",
    )
    lost = _seal(_founded(), "patrol-7", _lent(Role.CONTRIBUTOR))
    lost = _decided(lost, _changed("patrol-7", roles=(Role.INTAKE,)))
    yield case(
        "lender-lost-the-role",
        "Nobody lends what they have no more.",
        lost.seal("sensor-3", b"heard\n"),
        "kind-refused",
    )
    yield case(
        "founder-lent",
        "The role of founder is not lent.",
        _seal(_founded(), "anna", _lent(Role.FOUNDER)),
    )
    yield case(
        "lent-without-having",
        "A patrol lends an operator's role.",
        _seal(_founded(), "patrol-7", _lent(Role.OPERATOR)),
    )
    on = _seal(_founded(), "patrol-7", _lent(Role.CONTRIBUTOR))
    yield case(
        "lent-on",
        "What is lent is not lent on.",
        _seal(on, "sensor-3", _lent(Role.CONTRIBUTOR, to="boris")),
    )
    yield case(
        "lent-to-nobody",
        "To somebody who is not enrolled.",
        _seal(_founded(), "patrol-7", _lent(Role.INTAKE, to="patrol-9")),
    )
    yield case(
        "lent-to-oneself",
        "To its own maker.",
        _seal(_founded(), "patrol-7", _lent(Role.INTAKE, to="patrol-7")),
    )
    yield case(
        "lent-until-before",
        "It is over before it begins.",
        _seal(_founded(), "patrol-7", _lent(Role.INTAKE, seconds=0)),
    )


def _charters() -> Iterator[_Case]:
    def case(name: str, says: str, log: Log, code: str = "") -> _Case:
        return _Case(name, says, log, code or None)

    def changed(replaces: int = 0, **fields: object) -> CharterChange:
        return CharterChange(charter=replace(_CHARTER, **fields), replaces=replaces)

    yield case(
        "charter-by-one",
        "One founder makes the quorum smaller.",
        _seal(_founded(), "anna", changed(quorum=1)),
        "quorum-short",
    )
    yield case(
        "quorum-above-the-founders",
        "Four of three.",
        _decided(_founded(), changed(quorum=4)),
    )
    once = _decided(_founded(), changed(rights={}))
    yield case(
        "old-charter-again",
        "It replaces that of the founding, which is not in force.",
        _decided(once, changed()),
    )
    taken = _decided(_founded(), changed(rights={}))
    yield case(
        "right-taken-away",
        "A patrol may not state deliveries any more.",
        taken.seal("patrol-7", b"seen\n"),
        "kind-refused",
    )
    alone = replace(_CHARTER, quorum=1)
    log = Log(participants=_ROWS, charter=alone)
    log.seal("anna", log.founding.payload(), kind=FOUNDING)
    raw = changed(quorum=1).payload().replace(b'"delivery":[', b'"enrolment":[', 1)
    yield case(
        "right-to-enrol",
        "Who enrols is a rule, no right.",
        log.seal("anna", raw, kind="charter"),
    )


def _foundings() -> Iterator[_Case]:
    def founded(founding: Founding, log: Log) -> Log:
        return log.seal("anna", founding.payload(), kind=FOUNDING)

    log = Log(participants=_ROWS, charter=_CHARTER)
    yield _Case(
        "founding-by-one",
        "The other founders did not agree.",
        founded(log.founding, log),
        "quorum-short",
    )
    log = Log(participants=_ROWS[:2], charter=replace(_CHARTER, quorum=3))
    yield _Case(
        "founding-with-too-few",
        "Nobody could ever decide.",
        founded(_approved(log, log.founding, "boris"), log),
    )
    log = Log(participants=_ROWS, charter=_CHARTER)
    other = replace(log.founding, participants=_ROWS[:4])
    mixed = replace(log.founding, approvals=_approved(log, other, "boris").approvals)
    yield _Case(
        "founding-with-one-more",
        "The second founder approved a founding without the sensor.",
        founded(mixed, log),
        "false-approval",
    )


__all__ = ["identity"]
