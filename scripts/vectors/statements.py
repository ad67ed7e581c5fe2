"""Entries as they stand in a log, and statement files as makers hand them in."""

import json
from collections.abc import Iterator
from dataclasses import replace

from truce.identifiers import ParticipantId
from truce.record import ENROLMENT, FOUNDING, Role
from truce.record.envelope import PAYLOAD_SIZE_MAX, pre_authentication
from truce.record.identity.decisions import enrolment_payload
from truce.record.keys import PublicKey
from truce.record.payloads import SaltedPayload
from vectors.world import (
    FOUNDERS,
    NEUTRAL,
    ORDER,
    Json,
    Log,
    b64,
    entry,
    envelope,
    fails,
    holds,
    key_of,
    participant,
    sha,
    signed_naively,
    vector,
    written,
)

_LOG = Log()
_BY = "patrol-7"
_PAYLOAD = b"shelling heard from the north ridge\n"
_STATED = _LOG.stated(_BY, _PAYLOAD, salt="salt of the entry")
_HEADER = _STATED.header
_ENVELOPE = envelope(_HEADER, _BY)
_TIME = "2031-05-04T06:00:09Z"


def world() -> Json:
    """Whose record it is: the origin, its founding, and who is enrolled."""
    makers = [
        {
            "id": name,
            "key": key_of(name).public.raw.hex(),
            "name": label,
            "roles": [role.value for role in roles],
            "seed": sha(name).hex(),
        }
        for name, (label, roles) in FOUNDERS.items()
    ]
    log = {"key": _LOG.key.public.raw.hex(), "seed": sha("log").hex()}
    founding = _LOG.founding.payload().decode()
    return {
        "founding": founding,
        "log": log,
        "makers": makers,
        "origin": _LOG.origin,
    }


def _swapped(raw: bytes, old: bytes, new: bytes) -> bytes:
    """The bytes with one place changed; it must be there."""
    assert raw.count(old) >= 1, old
    return raw.replace(old, new, 1)


def _header(old: bytes, new: bytes) -> bytes:
    """An envelope that its maker truly signed, over a header that is changed."""
    return envelope(_swapped(_HEADER, old, new), _BY)


def _stray(text: str) -> str:
    """The same base64 with a bit set that says nothing."""
    stem = text.rstrip("=")
    digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    return stem[:-1] + digits[digits.index(stem[-1]) + 1] + text[len(stem) :]


def _signature_of(raw: bytes) -> str:
    return str(json.loads(raw)["signatures"][0]["sig"])


def _padded() -> bytes:
    """An envelope whose header ends in padding, so that it has bits to spare."""
    header = _HEADER
    while not b64(header).endswith("="):
        header = _swapped(header, b'"kind":"delivery', b'"kind":"deliveryy')
    return envelope(header, _BY)


def _beyond_order() -> bytes:
    signature = key_of(_BY).sign(pre_authentication(_HEADER))
    number = int.from_bytes(signature[32:], "little") + ORDER
    signature = signature[:32] + number.to_bytes(32, "little")
    return envelope(_HEADER, _BY, signature=signature)


def _envelopes() -> Iterator[tuple[str, str, str, bytes]]:
    """Envelopes with a fault, as (name, what it says, code, bytes)."""
    yield (
        "envelope-of-another-type",
        "A maker signed something for another purpose; it must not count as a header.",
        "envelope-type",
        _swapped(_ENVELOPE, b"truce.header.v1", b"truce.header.v2"),
    )
    yield (
        "envelope-with-two-signatures",
        "DSSE allows several signatures; which one counts would be anybody's guess.",
        "envelope-form",
        _swapped(_ENVELOPE, b'"}]}', b'"},{"keyid":"0","sig":""}]}'),
    )
    yield (
        "envelope-with-unknown-key",
        "A key that no signature covers could say anything.",
        "envelope-form",
        _swapped(_ENVELOPE, b'"payload":', b'"a":1,"payload":'),
    )
    yield (
        "base64-with-stray-bits",
        "The signature's last digit holds bits that say nothing: a second form of it.",
        "envelope-form",
        _swapped(
            _ENVELOPE,
            _signature_of(_ENVELOPE).encode(),
            _stray(_signature_of(_ENVELOPE)).encode(),
        ),
    )
    padded = _padded()
    payload = str(json.loads(padded)["payload"])
    yield (
        "header-base64-with-stray-bits",
        "The header's last digit holds bits that say nothing: a second form of it.",
        "envelope-form",
        _swapped(padded, payload.encode(), _stray(payload).encode()),
    )
    yield (
        "base64-without-padding",
        "Some readers add the padding that is missing; one form only is an envelope.",
        "envelope-form",
        _swapped(_ENVELOPE, b'=="}]', b'"}]'),
    )
    yield from _headers()
    yield from _makers()


def _headers() -> Iterator[tuple[str, str, str, bytes]]:
    told = {
        "schema-nought": (b'"schema":1', b'"schema":0', "Versions count from 1."),
        "schema-with-leading-nought": (
            b'"schema":1',
            b'"schema":01',
            "A number in a second form.",
        ),
        "schema-of-seven-digits": (
            b'"schema":1',
            b'"schema":1000000',
            "A number that some readers would round.",
        ),
        "schema-as-text": (b'"schema":1', b'"schema":"1"', "A text is no number."),
        "unknown-key": (
            b'"v":1}',
            b'"v":1,"w":1}',
            "What this version does not know it must not pass over.",
        ),
        "keys-in-another-order": (
            b'"schema":1,"stated_at":"2031-05-04T05:00:00Z"',
            b'"stated_at":"2031-05-04T05:00:00Z","schema":1',
            "The same words in other bytes: two logs could hold both.",
        ),
        "a-space": (b'"v":1}', b'"v": 1}', "The same words in other bytes."),
        "escaped-letter": (
            b'"by":"patrol-7"',
            b'"by":"\\u0070atrol-7"',
            "The same name in other bytes.",
        ),
        "upper-case-digest": (
            b'"digest":"',
            b'"digest":"A',
            "The same digest in other digits.",
        ),
        "digit-of-another-script": (
            b"05:00:00Z",
            "05:00:0\u0660Z".encode(),
            "Some readers take every script's digits for a number.",
        ),
        "day-that-is-none": (b"2031-05-04", b"2031-02-30", "There is no such day."),
        "time-with-offset": (
            b"05:00:00Z",
            b"05:00:00+00:00",
            "The same moment in a second form.",
        ),
        "marking-in-small-letters": (
            b"MECHANISM",
            b"mechanism",
            "Who compares markings by their bytes would not know this one.",
        ),
        "kind-of-64-letters": (
            b'"kind":"delivery"',
            b'"kind":"%s"' % (b"k" * 64),
            "One letter too many.",
        ),
        "line-feed-after-it": (b'"v":1}', b'"v":1}\n', "A pattern's $ passes over it."),
    }
    for name, (old, new, says) in told.items():
        raw = _swapped(_HEADER, old, new)
        if name == "upper-case-digest":
            at = raw.index(new) + len(new)
            raw = raw[:at] + raw[at + 1 :]
        yield (f"header-with-{name}", says, "header-form", envelope(raw, _BY))
    yield (
        "header-with-doubled-key",
        "Two makers in one header: two readers keep different ones.",
        "json-doubled-key",
        _header(b'{"by":"patrol-7"', b'{"by":"operator","by":"patrol-7"'),
    )
    yield (
        "header-with-nan",
        "NaN is no JSON; readers that take it do not agree what it equals.",
        "json-not-finite",
        _header(b'"schema":1', b'"schema":NaN'),
    )
    yield (
        "header-with-a-number-that-is-infinite",
        "Most readers make an infinity of 1e999, some refuse it.",
        "json-not-finite",
        _header(b'"schema":1', b'"schema":1e999'),
    )


def _makers() -> Iterator[tuple[str, str, str, bytes]]:
    other = Log("another log").stated(_BY, _PAYLOAD)
    yield (
        "envelope-carried-from-another-record",
        "A statement made in another record must not be sealed here as if made here.",
        "wrong-record",
        envelope(other.header, _BY),
    )
    yield (
        "maker-not-enrolled",
        "Anybody can make a key; only an enrolled one counts.",
        "unknown-maker",
        envelope(_LOG.stated("stranger", _PAYLOAD).header, "stranger"),
    )
    yield (
        "key-of-another-maker",
        "The operator signs in the patrol's name, under the operator's own key.",
        "unknown-key",
        envelope(_HEADER, "operator"),
    )
    key_id = key_of(_BY).public.id
    yield (
        "signature-by-another-maker",
        "The operator signs in the patrol's name, and says by the patrol's key.",
        "bad-signature",
        envelope(_HEADER, "operator", key_id=key_id),
    )
    yield (
        "signature-of-another-statement",
        "The patrol's true signature, moved under words that it never said.",
        "bad-signature",
        envelope(
            _HEADER,
            _BY,
            signature=key_of(_BY).sign(
                pre_authentication(_LOG.stated(_BY, b"").header)
            ),
        ),
    )
    yield (
        "signature-without-the-type",
        "A signature over the bare header could be had for another purpose.",
        "bad-signature",
        envelope(_HEADER, _BY, signature=key_of(_BY).sign(_HEADER)),
    )
    yield (
        "signature-with-small-order-r",
        "Its first half is the neutral point: OpenSSL accepts it, libsodium does not.",
        "bad-signature",
        envelope(
            _HEADER, _BY, signature=signed_naively(_BY, pre_authentication(_HEADER))
        ),
    )
    yield (
        "signature-with-s-beyond-the-order",
        "A second signature that anybody makes of a first one, by adding the order.",
        "bad-signature",
        _beyond_order(),
    )


def entries() -> list[Json]:
    """Entries: is this one, of this record, by an enrolled maker?"""
    raw = entry(_ENVELOPE)
    found = [
        ("entry-as-it-must-be", "An honest statement.", None, raw),
        (
            "entry-with-microseconds",
            "A sealing time with six digits of a second.",
            None,
            entry(_ENVELOPE, "2031-05-04T06:00:09.000001Z"),
        ),
        (
            "entry-with-doubled-key",
            "Two sealing times in one entry: two readers keep different ones.",
            "envelope-form",
            _swapped(raw, b'"sealed_at"', b'"sealed_at":"%s","sealed_at"' % b"x"),
        ),
        (
            "entry-with-a-space",
            "The same JSON in other bytes: two logs could hold both.",
            "envelope-form",
            _swapped(raw, b'"sealed_at":', b'"sealed_at": '),
        ),
        (
            "entry-with-keys-in-another-order",
            "The same JSON in other bytes.",
            "envelope-form",
            b'{"sealed_at":"%s","envelope":%s}' % (_TIME.encode(), _ENVELOPE),
        ),
        (
            "entry-with-line-feed-after-it",
            "A pattern's $ passes over a last line feed.",
            "envelope-form",
            raw + b"\n",
        ),
        (
            "entry-with-byte-order-mark",
            "Some readers of JSON take one off in silence.",
            "envelope-form",
            b"\xef\xbb\xbf" + raw,
        ),
        (
            "time-with-six-noughts",
            "The moment has a shorter form, and that is the one.",
            "envelope-form",
            entry(_ENVELOPE, "2031-05-04T06:00:09.000000Z"),
        ),
        (
            "time-with-three-digits-of-a-second",
            "The same moment in a second form.",
            "envelope-form",
            entry(_ENVELOPE, "2031-05-04T06:00:09.100Z"),
        ),
        (
            "time-of-no-day",
            "There is no thirtieth of February.",
            "envelope-form",
            entry(_ENVELOPE, "2031-02-30T06:00:09Z"),
        ),
        ("entry-of-no-bytes", "Nothing at all.", "envelope-form", b""),
    ]
    # An entry is one pattern, so that a header which is no JSON is only no header.
    form = {"json-doubled-key": "header-form", "json-not-finite": "header-form"}
    found += [
        (name, says, form.get(code, code), entry(raw))
        for name, says, code, raw in _envelopes()
    ]
    told = [
        vector(name, says, fails(code) if code else holds(), entry=written(raw))
        for name, says, code, raw in found
    ]
    before, after = entry(envelope(_long(b""), _BY)).decode().split(b64(b"kkk") * 3)
    many = {"repeat": b64(b"kkk"), "count": 16_384}
    says = "Its length does not fit the two bytes that a bundle has for it."
    expect = fails("entry-too-large")
    name = "entry-of-more-than-65535-bytes"
    return [*told, vector(name, says, expect, entry=[before, many, after])]


def _long(more: bytes) -> bytes:
    """A header with a kind of nine letters and more, on a boundary of base64."""
    at = _HEADER.index(b'"kind":"') + len(b'"kind":"')
    fill = b"k" * (-at % 3)
    rest = _HEADER[at + len(b"delivery") :]
    return _HEADER[:at] + fill + b"k" * 9 + more + rest


def _file(envelope: bytes, salted: SaltedPayload) -> bytes:
    line = b'{"envelope":%s,"salt":"%s"}\n' % (envelope, b64(salted.salt).encode())
    return line + salted.payload


def _made(by: str, payload: bytes, word: str, kind: str = "delivery") -> bytes:
    """An honest statement file."""
    stated = _LOG.stated(by, payload, kind=kind, salt=word)
    return _file(envelope(stated.header, by), stated.salted)


def statement_files() -> list[Json]:
    """Statement files: each code of section 10 at least once."""
    raw = _file(_ENVELOPE, _STATED.salted)
    other = SaltedPayload(sha("another salt"), _PAYLOAD)
    found = [
        ("statement-file-as-it-must-be", "An honest statement.", None, raw),
        (
            "statement-file-with-empty-payload",
            "Nothing is stated, and that is a statement.",
            None,
            _made(_BY, b"", "salt of nothing"),
        ),
        (
            "statement-file-of-two-line-feeds",
            "A payload may begin with a line feed; the first one ends the line.",
            None,
            _made(_BY, b"\n\n", "salt of two line feeds"),
        ),
        (
            "file-without-line-feed",
            "Where the line does not end, no payload begins.",
            "envelope-form",
            raw.split(b"\n")[0],
        ),
        (
            "file-that-is-no-json",
            "Something else was sent to this address.",
            "envelope-form",
            b"GET / HTTP/1.1\r\n\r\n",
        ),
        (
            "line-with-a-space",
            "The same JSON in other bytes.",
            "envelope-form",
            _swapped(raw, b',"salt":', b', "salt":'),
        ),
        (
            "line-with-a-third-key",
            "What nobody signed and nobody reads has no place.",
            "envelope-form",
            _swapped(raw, b',"salt":', b',"sale":1,"salt":'),
        ),
        (
            "line-with-doubled-key",
            "Two salts: two readers keep different ones.",
            "json-doubled-key",
            _swapped(raw, b',"salt":', b',"salt":"","salt":'),
        ),
        (
            "line-with-nan",
            "NaN is no JSON.",
            "json-not-finite",
            _swapped(raw, b',"salt":', b',"sale":NaN,"salt":'),
        ),
        (
            "salt-of-31-bytes",
            "A shorter salt would make a guess of the payload easier to test.",
            "envelope-form",
            _file(_ENVELOPE, SaltedPayload(other.salt[:31], _PAYLOAD)),
        ),
        (
            "payload-with-a-byte-changed",
            "What arrived is not what was signed.",
            "bad-commitment",
            raw[:-1] + b"!",
        ),
        (
            "payload-one-byte-longer",
            "A line feed that a mail program added.",
            "bad-commitment",
            raw + b"\n",
        ),
        (
            "salt-of-another-statement",
            "The payload is the one signed, the salt is not.",
            "bad-commitment",
            _file(_ENVELOPE, other),
        ),
        (
            "enrolment-by-no-founder",
            "A patrol tries to enrol its own second key.",
            "quorum-short",
            _made(
                _BY,
                enrolment_payload([participant("patrol-8", "Patrol 8", Role.INTAKE)]),
                "salt of an enrolment",
                ENROLMENT,
            ),
        ),
        *_by_operator(),
        (
            "founding-twice",
            "The operator tries to found a record that was founded already.",
            "kind-refused",
            _made("operator", _LOG.founding.payload(), "salt", FOUNDING),
        ),
    ]
    found += [
        (name, says, code, _file(raw, _STATED.salted))
        for name, says, code, raw in _envelopes()
    ]
    told = [
        vector(name, says, fails(code) if code else holds(), file=written(raw))
        for name, says, code, raw in found
    ]
    return [*told, *_replays(), *_large()]


def _by_operator() -> Iterator[tuple[str, str, str, bytes]]:
    """Enrolments that even an operator may not state."""
    patrol = participant(_BY, "Patrol 7", Role.INTAKE)
    other = replace(patrol, key=key_of("stranger").public)
    unread = enrolment_payload([other]).replace(b'"participants"', b'"persons"')
    told = {
        "enrolment-of-another-form": ("Nobody could read it.", unread),
        "id-enrolled-twice": (
            "A second key in the patrol's name.",
            enrolment_payload([other]),
        ),
        "key-enrolled-twice": (
            "One key under two names.",
            enrolment_payload([replace(patrol, id=ParticipantId("patrol-9"))]),
        ),
        "small-order-key": (
            "Under this key anybody's signature holds, for some verifiers.",
            enrolment_payload(
                [
                    replace(
                        patrol,
                        id=ParticipantId("patrol-9"),
                        key=PublicKey(raw=NEUTRAL),
                    )
                ]
            ),
        ),
    }
    for name, (says, payload) in told.items():
        yield name, says, "kind-refused", _made("operator", payload, name, ENROLMENT)


def _replays() -> Iterator[Json]:
    first = _made(_BY, b"seen once\n", "salt of a replay")
    by_other = _made("operator", b"seen once\n", "salt of a replay")
    yield vector(
        "replayed-statement",
        "Somebody hands in again what was sealed before, to make it look like two.",
        fails("replayed"),
        before=[written(first)],
        file=written(first),
    )
    yield vector(
        "replayed-commitment",
        "Another maker signs the same payload and salt; the first was sealed already.",
        fails("replayed"),
        before=[written(first)],
        file=written(by_other),
    )


def _large() -> Iterator[Json]:
    nought = {"base64": "AA=="}
    for name, says, size, expect in (
        ("payload-at-the-limit", "The largest payload.", PAYLOAD_SIZE_MAX, holds()),
        (
            "payload-one-byte-over-the-limit",
            "The smallest payload that is too large.",
            PAYLOAD_SIZE_MAX + 1,
            fails("payload-too-large"),
        ),
    ):
        payload = bytes(size)
        raw = _made(_BY, payload, "salt of a large payload")
        line = raw[: -len(payload)]
        zeros = {"repeat": nought, "count": size}
        yield vector(name, says, expect, file=[written(line), zeros])
    parts = _file(envelope(_long(b""), _BY), _STATED.salted).decode()
    before, after = parts.split(b64(b"kkk") * 3)
    many = {"repeat": b64(b"kkk"), "count": 16_384}
    says = "Its length would not fit the two bytes that a bundle has for it."
    file = [before, many, after]
    yield vector("entry-too-large", says, fails("entry-too-large"), file=file)
