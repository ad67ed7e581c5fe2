"""An entry has one form: whatever says the same in other bytes is none."""

import json
from base64 import b64decode

import pytest
from tests.verify.making import (
    TYPE,
    b64,
    canonical,
    enrolment,
    key,
    raw_key,
    sha,
    small,
)

from truce_verify import Wrong
from truce_verify.entries import entry_from_bytes, json_of
from truce_verify.makers import Makers


def refused(raw: bytes) -> str:
    """The code by which bytes are refused as an entry."""
    with pytest.raises(Wrong) as caught:
        entry_from_bytes(raw)
    return caught.value.code


def test_an_entry_is_read_as_it_was_written() -> None:
    """Every field that the checks need."""
    entry = entry_from_bytes(small().entries[1])
    assert (entry.by, entry.kind, entry.record) == ("patrol", "report", small().origin)
    assert entry.sealed_at == "2026-01-01T00:00:01"
    assert entry.keyid == sha(raw_key(key("patrol"))).hex()[:16]
    salt, payload = sha(b"salt1"), b"seen 1"
    assert entry.commitment == sha(b"truce/commitment/v1\0" + salt + payload).hex()
    assert entry.message.startswith(f"DSSEv1 36 {TYPE} ".encode())


ENVELOPE = [
    (b"", b" ", "envelope-form"),
    (b"}", b"}\n", "envelope-form"),
    (b'{"envelope"', b'{"a":1,"envelope"', "envelope-form"),
    (b'"payloadType"', b'"payloadtype"', "envelope-form"),
    (b"header.v1", b"header.v2", "envelope-type"),
    (b"header.v1", b"header.v\\u0031", "envelope-form"),
    (b"T00:00:01Z", b"T00:00:01+00:00", "envelope-form"),
    (b"T00:00:01Z", b"T24:00:01Z", "envelope-form"),
    (b"T00:00:01Z", b"T00:00:60Z", "envelope-form"),
    (b"T00:00:01Z", b"T00:00:01.000000Z", "envelope-form"),
    (b"T00:00:01Z", b"T00:00:01.5Z", "envelope-form"),
    (b"T00:00:01Z", "T00:00:0\u0661Z".encode(), "envelope-form"),
    (b'=="}', b'="}', "envelope-form"),
    (b"2026", b"0000", "envelope-form"),
    (b"payload", b"\xff", "envelope-form"),
]


@pytest.mark.parametrize(("old", "new", "code"), ENVELOPE)
def test_an_envelope_in_another_form_is_refused(
    old: bytes, new: bytes, code: str
) -> None:
    """White space, order, other names, other times: all of it makes another log."""
    raw = small().entries[1]
    assert old in raw
    changed = raw.replace(old, new, 1) if old else new + raw
    assert refused(changed) == code


HEADER = [
    (b'"v":1', b'"v":2'),
    (b'"v":1', b'"v":1.0'),
    (b'"schema":1', b'"schema":01'),
    (b'"schema":1', b'"schema":1000000'),
    (b'"schema":1', b'"schema":true'),
    (b'"kind":"report"', b'"kind":"Report"'),
    (b'"kind":"report"', b'"kind":"' + b"a" * 64 + b'"'),
    (b"PUBLIC", b"public"),
    (b"PUBLIC", b"P" * 33),
    (b"sha256-salted-v1", b"sha256-salted-v2"),
    (b"truce/real/", b"truce/play/"),
    (b'"by":"patrol"', b'"by":"-patrol"'),
    (b'"by":"patrol"', b'"by":"' + b"p" * 64 + b'"'),
    (b".000001Z", b".000000Z"),
    (b"2026-01-01", b"2026-13-01"),
    (b"{", b"{ "),
    (b"}", b"}\n"),
    (b"patrol", b"\xff"),
]


@pytest.mark.parametrize(("old", "new"), HEADER)
def test_a_header_in_another_form_is_refused(old: bytes, new: bytes) -> None:
    """The header is as strict as the envelope, field by field."""
    whole = json.loads(small().entries[1])
    header = b64decode(whole["envelope"]["payload"])
    assert old in header
    at = header.rindex(old)
    changed = header[:at] + new + header[at + len(old) :]
    changed = new + header[1:] if old == b"{" else changed
    whole["envelope"]["payload"] = b64(changed)
    assert refused(canonical(whole)) == "header-form"


def test_base64_in_another_form_is_another_entry() -> None:
    """The last character before the padding holds bits that nobody reads."""
    raw = small().entries[1]
    at = raw.index(b'=="}')
    digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    other = digits[digits.index(raw[at - 1]) ^ 1]
    assert refused(raw[: at - 1] + bytes([other]) + raw[at:]) == "envelope-form"


def test_an_entry_has_at_most_the_bytes_that_a_bundle_can_tell() -> None:
    """A proof could hold a longer one, which no log can."""
    assert refused(b"{" * 65_536) == "entry-too-large"
    assert refused(b"{" * 65_535) == "envelope-form"


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a":1,"b":2} ',
        b'{"b":2,"a":1}',
        b'{"a":1,"a":1,"b":2}',
        b'{"a":1}',
        b'{"a":1,"b":2,"c":3}',
        b'{"a":"\\u0041","b":2}',
        b'["a","b"]',
        b"",
        b"\xef\xbb\xbf" + b'{"a":1,"b":2}',
        '{"a":1,"b":2}'.encode("utf-16"),
    ],
)
def test_json_is_canonical_and_has_the_keys_expected(raw: bytes) -> None:
    """Doubled keys, other orders, other escapes and other encodings are refused."""
    assert json_of(b'{"a":1,"b":"\xd0\x96"}', {"b": str, "a": int}) == {
        "a": 1,
        "b": "Ж",
    }
    with pytest.raises(ValueError, match=r"canonical|kind|Expecting|BOM|decode"):
        json_of(raw, {"a": int, "b": int})


@pytest.mark.parametrize("shape", [int, str, bytes, [int], {"b": int}])
@pytest.mark.parametrize("raw", [b"true", b"1.5", b"null", b"{}", b'{"a":1}', b'["x"]'])
def test_json_has_the_shape_expected(raw: bytes, shape: object) -> None:
    """A value of another kind is nothing that a reader could guess at."""
    with pytest.raises((ValueError, TypeError, AttributeError)):
        json_of(raw, shape)


@pytest.mark.parametrize(
    "change",
    [
        {"key": "00"},
        {"key": raw_key(key("x")).hex().upper()},
        {"key": 7},
        {"id": "Upper"},
        {"id": ["a"]},
        {"name": None},
        {"roles": "operator"},
        {"roles": [1]},
        {"roles": ["Operator"]},
        {"roles": [""]},
        {"roles": ["operator", "operator"]},
        {"key": raw_key(key("log")).hex()},
        {"of": "Upper"},
        {"more": 1},
    ],
)
def test_a_participant_in_another_form_is_refused(change: dict[str, object]) -> None:
    """A field that two readers could understand in two ways enrols nobody."""
    maker = small()
    one = maker.participant("new")
    assert isinstance(one, dict)

    def enrol(entry: dict[str, object]) -> None:
        maker.state("chief", enrolment(entry), kind="enrolment")
        makers = Makers(maker.origin)
        for at in (0, len(maker.entries) - 1):
            told = maker.payloads[at]
            assert told is not None
            makers.take(at, entry_from_bytes(maker.entries[at]), told[1])

    enrol(one)
    enrol(one | {"roles": ["operator", "a-role-yet-to-come"]})
    with pytest.raises(Wrong, match="enrolment cannot be read"):
        enrol(one | change)
