"""Texts that are no plain YAML are refused before anything is built from them."""

import pytest
from tests.unit.agreement.invented_text import TEXT

from truce.agreement.load import faults_of_agreement
from truce.agreement.read_yaml import TEXT_BYTES_MAX

BAD_TEXTS = {
    "an empty file": (b"", ":1: the file is empty"),
    "no mapping": (b"- a\n- b\n", ":1: the agreement is no mapping"),
    "a wrong encoding": (
        "x: \u0456\n".encode("cp1251"),
        ":1: byte 3 (0xb3) is not",
    ),
    "a tab": (b"a: 1\n\tb: 2\n", ":2: not YAML"),
    "an open bracket": (b"a: [1\nb: 2\n", "not YAML"),
    "an alias": (b"a: &x 1\nb: *x\n", ":1: a YAML anchor or alias"),
    "a tag": (b"a: !!python/name:os.system x\n", ":1: a YAML tag"),
    "two documents": (b"a: 1\n---\nb: 2\n", "a second document"),
    "a key twice": (b"title: 1\ntitle: 2\n", ":2: 'title' stands here and in line 1"),
    "a list as key": (b"? [a, b]\n: 1\n", ":1: a key that is no word"),
    "no text at all": (b"\x00\x01\x02", "not YAML"),
    "a text nested too deep": (b"a: " + b"[" * 5000, "nest"),
    "a text too long": (b"#" * (TEXT_BYTES_MAX + 1), "at most 4000000 are read"),
}


@pytest.mark.parametrize(("data", "message"), BAD_TEXTS.values(), ids=BAD_TEXTS)
def test_what_is_no_plain_yaml_is_refused(data: bytes, message: str) -> None:
    """Bytes that no agreement can be made of: one clear fault, never a crash."""
    faults = faults_of_agreement(data, file="bad.yaml")

    assert any(message in str(fault) for fault in faults), faults


def test_words_stay_as_they_were_written() -> None:
    """YAML 1.1 reads 16:00 as 960 and no as false: hours and names must survive
    that."""
    text = TEXT.replace("north", "no").replace("south", "y")

    assert faults_of_agreement(text.encode(), file="quiet.yaml") == ()


def test_a_byte_order_mark_is_no_fault() -> None:
    """Some editors write one; the text means the same."""
    assert faults_of_agreement(b"\xef\xbb\xbf" + TEXT.encode(), file="q.yaml") == ()


@pytest.mark.parametrize("line", range(TEXT.count("\n")))
def test_a_text_with_a_line_lost_has_faults_or_a_meaning(line: int) -> None:
    """Any one line may get lost in a copy: that is a fault, never a crash."""
    lines = TEXT.splitlines(keepends=True)
    text = "".join(lines[:line] + lines[line + 1 :])
    faults = faults_of_agreement(text.encode(), file="quiet.yaml")

    assert all(fault.line >= 1 and fault.write for fault in faults)
    assert faults, f"nothing in the text needs line {line + 1}: {lines[line]!r}"
