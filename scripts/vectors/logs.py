"""Whole records, and payload groups of one record."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from truce.record import ENROLMENT, FOUNDING, Role
from truce.record.envelope import PAYLOAD_SIZE_MAX
from truce.record.identity.decisions import enrolment_payload
from truce.record.keys import PublicKey
from truce.record.note import note_from_bytes
from truce.record.payloads import NOT_HERE, bytes_from_salted
from vectors.world import (
    NEUTRAL,
    Json,
    Log,
    entry,
    envelope,
    fails,
    holds,
    key_of,
    participant,
    small_log,
    vector,
    written,
)

_HONEST = small_log()
_END = len(_HONEST.entries)
_TIME = f"2031-05-04T06:00:{_END:02d}Z"
_GROUP = "payloads/000"


def _record(
    name: str, says: str, files: Mapping[str, bytes], expect: Json, **more: str
) -> Json:
    told = {path: written(raw) for path, raw in files.items()}
    return vector(name, says, expect, files=told, **more)


def _log(name: str, says: str, log: Log, code: str | None, statement: int) -> Json:
    """A log that its own operator signed, with one false statement in it."""
    return _record(name, says, log.files(), fails(code, statement=statement))


def logs() -> list[Json]:
    """Does a whole record hold?"""
    return [*_valid(), *_false_statements(), *_false_enrolments(), *_false_files()]


def _valid() -> Iterator[Json]:
    told = {"origin": _HONEST.origin}
    yield _record(
        "record-of-six",
        "A founding and five statements.",
        _HONEST.files(),
        holds(**told, size=6, not_here=0),
    )
    yield _record(
        "record-of-one",
        "A founding.",
        Log().found().files(),
        holds(**told, size=1, not_here=0),
    )
    sensor = participant("sensor-3", "Sensor 3", Role.INTAKE)
    enrolled = small_log(2).enrol("operator", sensor).seal("sensor-3", b"heard\n")
    yield _record(
        "record-with-an-enrolment",
        "A sensor is enrolled, then states.",
        enrolled.files(),
        holds(**told, size=4, not_here=0),
    )
    withheld = small_log()
    withheld.salted[3] = None
    yield _record(
        "payload-not-here",
        "This copy lacks a payload, and says so; all else of it holds.",
        withheld.files(),
        holds(**told, size=6, not_here=1),
    )
    beyond = _HONEST.files()
    beyond[_GROUP] += b"a commit that did not end"
    yield _record(
        "bytes-after-the-last-payload",
        "A writer was at work or was cut off; no checkpoint covers them.",
        beyond,
        holds(**told, size=6, not_here=0),
    )
    same = small_log().seal("patrol-7", b"seen 1\n")
    same_time = [*same.entries[:-1], same.entries[-1].replace(b":06Z", b":05Z")]
    same.entries[:] = same_time
    yield _record(
        "sealed-in-the-same-second",
        "Times may be equal; and a payload may be stated again under another salt.",
        same.files(),
        holds(**told, size=7, not_here=0),
    )


def _false_statements() -> Iterator[Json]:
    stated = small_log().stated("patrol-7", b"seen once more\n")
    true = envelope(stated.header, "patrol-7")

    def log(raw: bytes) -> Log:
        return small_log().append(raw, stated.salted)

    again = small_log()
    again.append(again.entries[3].replace(b":03Z", b":06Z"), again.salted[3])
    yield _log(
        "replayed-statement", "The log sealed one envelope twice.", again, "replayed", 6
    )
    other = small_log().stated("operator", b"seen 1\n", salt="salt 1")
    raw = entry(envelope(other.header, "operator"), _TIME)
    yield _log(
        "replayed-commitment",
        "The operator signs the patrol's commitment as its own.",
        small_log().append(raw, other.salted),
        "replayed",
        6,
    )
    yield _log(
        "sealed-before-the-one-before",
        "The log says that a later entry was sealed earlier.",
        log(entry(true, "2031-05-04T06:00:04Z")),
        None,
        6,
    )
    doubled = entry(true, _TIME).replace(b'"sealed_at"', b'"sealed_at":"","sealed_at"')
    yield _log(
        "entry-with-doubled-key", "Two sealing times.", log(doubled), "envelope-form", 6
    )
    header = stated.header.replace(b'"schema":1', b'"schema":NaN')
    yield _log(
        "header-with-nan",
        "Its maker truly signed this.",
        log(entry(envelope(header, "patrol-7"), _TIME)),
        "header-form",
        6,
    )
    moved = Log("another log").stated("patrol-7", b"seen once more\n")
    yield _log(
        "envelope-carried-from-another-record",
        "The patrol stated it, in another record.",
        small_log().append(
            entry(envelope(moved.header, "patrol-7"), _TIME), moved.salted
        ),
        "wrong-record",
        6,
    )
    forged = envelope(stated.header, "operator", key_id=key_of("patrol-7").public.id)
    yield _log(
        "signature-by-another-maker",
        "The operator signs in the patrol's name.",
        log(entry(forged, _TIME)),
        "bad-signature",
        6,
    )
    yield _log(
        "key-of-another-maker",
        "The operator signs in the patrol's name, by its own.",
        log(entry(envelope(stated.header, "operator"), _TIME)),
        "unknown-key",
        6,
    )
    yield _log(
        "maker-not-enrolled",
        "A stranger states.",
        small_log().seal("stranger", b"seen\n"),
        "unknown-maker",
        6,
    )
    founding = _HONEST.founding.payload()
    twice = small_log().seal("operator", founding, kind=FOUNDING, salt="another salt")
    yield _log("founding-twice", "A record is founded once.", twice, "kind-refused", 6)
    patrol = Log().seal("patrol-7", founding, kind=FOUNDING)
    yield _log(
        "founding-by-no-founder",
        "A patrol founds that may decide nothing.",
        patrol,
        "quorum-short",
        0,
    )
    unfounded = Log().seal("operator", founding)
    yield _log(
        "first-statement-that-is-no-founding",
        "Its payload is a founding's, its kind is not.",
        unfounded,
        "kind-refused",
        0,
    )


def _false_enrolments() -> Iterator[Json]:
    stranger = participant("stranger", "Stranger", Role.INTAKE)
    yield _log(
        "enrolment-by-no-founder",
        "A patrol enrols.",
        small_log().enrol("patrol-7", stranger),
        "quorum-short",
        6,
    )
    early = small_log(2).seal("stranger", b"too early\n").enrol("operator", stranger)
    yield _log(
        "statement-before-its-enrolment",
        "A key counts from the statement after the one that enrolled it.",
        early,
        "unknown-maker",
        2,
    )
    told = {
        "small-order-key": (
            "Under this key anybody's signature holds, for some verifiers.",
            replace(stranger, key=PublicKey(raw=NEUTRAL)),
        ),
        "id-enrolled-twice": (
            "A second key in the patrol's name.",
            replace(stranger, id=participant("patrol-7", "").id),
        ),
        "key-enrolled-twice": (
            "One key under two names.",
            replace(stranger, key=key_of("patrol-7").public),
        ),
        "log-key-enrolled": (
            "The key that signs checkpoints signs nothing else.",
            replace(stranger, key=small_log().key.public),
        ),
        "role-given-twice": (
            "Two lists of roles must not say the same.",
            replace(stranger, roles=(Role.INTAKE, Role.INTAKE)),
        ),
    }
    for name, (says, one) in told.items():
        yield _log(name, says, small_log().enrol("operator", one), None, 6)
    hidden = small_log().enrol("operator", stranger)
    hidden.salted[6] = None
    yield _log("enrolment-not-here", "Nobody can tell whom it enrols.", hidden, None, 6)
    yield from _other_forms(enrolment_payload([stranger]))


def _other_forms(payload: bytes) -> Iterator[Json]:
    """Enrolments and foundings in other bytes, or with what nobody reads."""
    key = key_of("stranger").public.raw.hex().encode()
    told = {
        "enrolment-of-another-form": (
            "Nobody can read it.",
            b'"participants"',
            b'"persons"',
        ),
        "enrolment-with-a-space": ("The same JSON in other bytes.", b'":[', b'": ['),
        "enrolment-with-unknown-key": (
            "What nobody reads has no place.",
            b'"name"',
            b'"mark":1,"name"',
        ),
        "enrolment-with-doubled-key": (
            "Two ids: two readers keep different ones.",
            b'{"id"',
            b'{"id":"a","id"',
        ),
        "enrolment-with-upper-case-key": (
            "The same key in other digits.",
            key,
            key.upper(),
        ),
    }
    for name, (says, old, new) in told.items():
        assert old in payload
        raw = payload.replace(old, new, 1)
        log = small_log().seal("operator", raw, kind=ENROLMENT)
        yield _log(name, says, log, None, 6)
    founding = _HONEST.founding.payload()
    foundings = {
        "founding-with-a-space": ("The same JSON in other bytes.", b'":[', b'": ['),
        "founding-with-unknown-key": (
            "What nobody reads has no place.",
            b'"record_kind"',
            b'"r":1,"record_kind"',
        ),
        "founding-with-unreadable-policy": (
            "Nobody could tell when a checkpoint counts as witnessed.",
            b'"quorum none',
            b'"quorum nobody',
        ),
        "founding-of-another-name": (
            "The origin is made of another name than the founding states.",
            b'"name":"vectors"',
            b'"name":"kestrel"',
        ),
        "founding-of-another-kind": (
            "An exercise's log whose founding says that it is real.",
            b'"record_kind":"exercise"',
            b'"record_kind":"real"',
        ),
    }
    for name, (says, old, new) in foundings.items():
        assert old in founding
        raw = founding.replace(old, new, 1)
        log = Log().seal("operator", raw, kind=FOUNDING)
        yield _record(name, says, log.files(), fails())


def _false_files() -> Iterator[Json]:
    honest = _HONEST.files()
    tile, bundle = "log/tile/0/000.p/6", "log/tile/entries/000.p/6"
    turned = bytearray(honest[tile])
    turned[70] ^= 1
    longer = small_log(7)
    fork = small_log(5).seal("patrol-7", b"never happened\n")
    rest = honest[_GROUP]
    note = note_from_bytes(honest["log/checkpoint"])
    bad = replace(note.signatures[0], signature=bytes(64))
    told: dict[str, tuple[str, dict[str, bytes], str | None, int | None]] = {
        "tile-with-a-bit-turned": (
            "Whoever proves from this tile would prove nothing.",
            {tile: bytes(turned)},
            None,
            None,
        ),
        "tile-cut-short": (
            "A hash is missing.",
            {tile: honest[tile][:-32]},
            None,
            None,
        ),
        "checkpoint-of-a-longer-log": (
            "It covers an entry that this copy lacks.",
            {"log/checkpoint": longer.note()},
            None,
            None,
        ),
        "checkpoint-of-another-tree": (
            "The log's key signed another history of the same size.",
            {"log/checkpoint": fork.note()},
            "proof-root",
            None,
        ),
        "checkpoint-with-bad-signature": (
            "Sixty-four noughts.",
            {"log/checkpoint": replace(note, signatures=(bad,)).raw()},
            "proof-signature",
            None,
        ),
        "entry-changed-in-place": (
            "A sealing time was moved on, and with it the tree.",
            {bundle: honest[bundle].replace(b":05Z", b":08Z")},
            "proof-root",
            None,
        ),
        "entries-cut-short": (
            "The last entry lacks a byte.",
            {bundle: honest[bundle][:-1]},
            None,
            None,
        ),
        "file-of-nobody": (
            "What no checkpoint covers and no commit writes.",
            {"log/tile/notes.txt": b"hidden\n"},
            None,
            None,
        ),
        "payload-changed-in-place": (
            "One letter.",
            {_GROUP: rest.replace(b"seen 4", b"sown 4")},
            "bad-commitment",
            4,
        ),
    }
    for name, (says, changes, code, statement) in told.items():
        more = {} if statement is None else {"statement": statement}
        yield _record(name, says, {**honest, **changes}, fails(code, **more))
    yield _record(
        "exercise-shown-as-real",
        "It holds, and is of an exercise: nobody may take it for the world.",
        honest,
        fails("proof-kind"),
        kind="real",
    )


def _group(
    name: str, says: str, expect: Json, change: Mapping[int, bytes | None]
) -> Json:
    """The group of the honest record with some of its places written otherwise."""
    places = [bytes_from_salted(salted) for salted in _HONEST.salted]
    for at, raw in change.items():
        places[at] = NOT_HERE if raw is None else raw
    return vector(name, says, expect, group=written(b"".join(places)))


def groups() -> list[Json]:
    """What a group of payloads says, beside the log `record-of-six` of logs.json."""
    third, last = _HONEST.salted[3], _HONEST.salted[5]
    assert third is not None
    assert last is not None
    size = len(third.payload)

    def sized(size: int) -> bytes:
        return size.to_bytes(8, "big") + b"".join(third)

    cut = bytes_from_salted(last)
    one = fails(statement=3)
    wrong = fails("bad-commitment", statement=3)
    return [
        _group("group-as-it-must-be", "Six payloads.", holds(not_here=0), {}),
        _group(
            "payload-not-here", "One is not in this copy.", holds(not_here=1), {3: None}
        ),
        _group(
            "no-payload-but-the-founding",
            "All others were withheld.",
            holds(not_here=5),
            dict.fromkeys(range(1, 6)),
        ),
        _group(
            "payload-length-lies",
            "A byte more than there is: all that follows "
            "would be read from the wrong place.",
            wrong,
            {3: sized(size + 1)},
        ),
        _group(
            "payload-length-lies-to-the-end",
            "As many bytes as follow, and more.",
            one,
            {3: sized(60_000)},
        ),
        _group(
            "payload-longer-than-any",
            "One byte over what a payload may have.",
            one,
            {3: sized(PAYLOAD_SIZE_MAX + 1)},
        ),
        _group(
            "payload-of-almost-not-here",
            "2^64 - 2 is a length, and none has it.",
            one,
            {3: sized(2**64 - 2)},
        ),
        _group(
            "payload-not-here-with-a-salt",
            "Nothing stands beside it.",
            fails(statement=4),
            {3: NOT_HERE + third.salt},
        ),
        _group(
            "payload-of-another-statement",
            "Two changed places.",
            wrong,
            {3: cut, 5: bytes_from_salted(third)},
        ),
        _group(
            "salt-changed",
            "A salt of noughts.",
            wrong,
            {3: size.to_bytes(8, "big") + bytes(32) + third.payload},
        ),
        _group(
            "group-cut-short",
            "The last payload lacks a byte.",
            fails(statement=5),
            {5: cut[:-1]},
        ),
        _group(
            "group-without-its-last",
            "The last payload is missing whole.",
            fails(statement=5),
            {5: b""},
        ),
        _group(
            "founding-not-here",
            "Nobody can tell whose record it is.",
            fails(),
            {0: None},
        ),
    ]
