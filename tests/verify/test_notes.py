"""Keys that verifiers disagree on, notes, and witness policies."""

import hashlib

import pytest
from tests.verify.making import Maker, b64, cosignature, key, raw_key, sha, small, vkey

from truce_verify import Wrong
from truce_verify.notes import (
    LOG,
    WITNESS,
    Trust,
    bytes_from_base64,
    checkpoint_from_note,
    is_signed,
    is_sound,
    key_from_vkey,
    policy_from_text,
    verify_note,
)

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
# The eight points of small order, as every list of them gives them.
SMALL = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
]


def multiple(times: int) -> bytes:
    """So many times the base point."""
    from nacl.bindings import crypto_scalarmult_ed25519_base_noclamp

    return crypto_scalarmult_ed25519_base_noclamp(times.to_bytes(32, "little"))


def added(raw: bytes, torsion: bytes) -> bytes:
    """The sum of two points, by affine arithmetic of our own."""
    d = -121665 * pow(121666, -1, P) % P

    def point(one: bytes) -> tuple[int, int]:
        number = int.from_bytes(one, "little")
        y, sign = number & (1 << 255) - 1, number >> 255
        square = (y * y - 1) * pow(d * y * y + 1, -1, P) % P
        x = pow(square, (P + 3) // 8, P)
        x = x if x * x % P == square else x * pow(2, (P - 1) // 4, P) % P
        assert x * x % P == square
        return (x if x & 1 == sign else P - x, y)

    (a, b), (e, f) = point(raw), point(torsion)
    product = d * a * e * b * f
    x = (a * f + b * e) * pow(1 + product, -1, P) % P
    y = (b * f + a * e) * pow(1 - product, -1, P) % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


@pytest.mark.parametrize("text", SMALL)
def test_a_key_or_signature_of_small_order_is_refused(text: str) -> None:
    """With such a key anybody's signature holds for some verifiers; OpenSSL is one."""
    small_point = bytes.fromhex(text)
    assert not is_sound(small_point)
    forged = small_point + bytes(32)
    assert not is_signed(bytes.fromhex(SMALL[0]), forged, b"anything")


def test_openssl_alone_would_accept_what_is_refused() -> None:
    """The neutral key with a neutral signature holds over anything, but for us."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    neutral = bytes.fromhex(SMALL[0])
    Ed25519PublicKey.from_public_bytes(neutral).verify(neutral + bytes(32), b"any")
    assert not is_signed(neutral, neutral + bytes(32), b"any")


@pytest.mark.parametrize("y", [P, P + 1, P + 3, 2**255 - 1])
def test_a_key_in_another_form_is_refused(y: int) -> None:
    """One point must have one form, else one key has two ids."""
    assert not is_sound(y.to_bytes(32, "little"))
    assert not is_sound((y | 1 << 255).to_bytes(32, "little"))


@pytest.mark.parametrize("torsion", SMALL[1:])
def test_two_libraries_agree_on_keys_with_a_part_of_small_order(torsion: str) -> None:
    """No record enrols such a key; of its signatures no two verifiers disagree."""
    from nacl.bindings import crypto_core_ed25519_is_valid_point, crypto_sign_open
    from nacl.exceptions import BadSignatureError

    secret = int.from_bytes(sha(b"secret"), "little") % L
    honest = multiple(secret)
    mixed = added(honest, bytes.fromhex(torsion))
    assert crypto_core_ed25519_is_valid_point(honest)
    assert not crypto_core_ed25519_is_valid_point(mixed)
    assert is_sound(mixed)
    held = 0
    for nonce in range(1, 129):
        first, message = multiple(nonce), b"said %d" % nonce
        hashed = hashlib.sha512(first + mixed + message).digest()
        challenge = int.from_bytes(hashed, "little") % L
        second = (nonce + challenge * secret) % L
        signature = first + second.to_bytes(32, "little")
        holds = is_signed(mixed, signature, message)
        try:
            crypto_sign_open(signature + message, mixed)
        except BadSignatureError:
            assert not holds
        else:
            assert holds
        held += holds
    assert 0 < held < 128


def test_what_has_another_length_is_no_key() -> None:
    """A key has 32 bytes."""
    assert is_sound(raw_key(key("a")))
    assert not is_sound(raw_key(key("a"))[:31])
    assert not is_sound(b"")


def log_of(maker: Maker) -> bytes:
    """The log's key."""
    return raw_key(maker.log_key)


def test_lines_of_unknown_keys_are_ignored() -> None:
    """Keys yet to come must not break today's verifiers."""
    maker = small()
    unknown = f"\u2014 some.where/x {b64(b'1234' + bytes(2420))}\n".encode()
    found, is_witnessed = verify_note(maker.note(None, unknown), log_of(maker), Trust())
    assert (found[1], is_witnessed) == (6, False)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"\n6\n", b"\n06\n"),
        (b"\n6\n", b"\n+6\n"),
        (b"\n6\n", b"\n6\nextension\n"),
        (b"\n\n", b"\n"),
        (b"truce/real", b"truce/play"),
        (b"\xe2\x80\x94 ", b"- "),
        (b"=\n\n", b"\n\n"),
        (b"\n6\n", b"\n6\r\n"),
    ],
)
def test_a_note_in_another_form_is_refused(old: bytes, new: bytes) -> None:
    """A checkpoint has three lines and no more freedom than the signature leaves."""
    note = small().note()
    assert old in note
    with pytest.raises(Wrong, match="checkpoint cannot be read"):
        checkpoint_from_note(note.replace(old, new))


def test_a_note_signed_by_nobody_known_or_falsely_is_refused() -> None:
    """A known key's false line makes the note invalid, even beside a true one."""
    maker = small()
    with pytest.raises(Wrong, match="not the origin's"):
        verify_note(maker.note(), raw_key(key("other")), Trust())
    false = maker.note().replace(b"\n6\n", b"\n5\n")
    with pytest.raises(Wrong, match="does not hold"):
        verify_note(false, log_of(maker), Trust())
    line = maker.note(5).rpartition(b"\n\n")[2]
    with pytest.raises(Wrong, match="does not hold"):
        verify_note(maker.note(None, line), log_of(maker), Trust())
    unsigned = maker.text() + b"\n" + cosignature(maker.text(), "w", key("w"))
    with pytest.raises(Wrong, match="did not sign"):
        verify_note(unsigned, log_of(maker), Trust())


def test_base64_has_one_form() -> None:
    """Padding bits that nobody reads must not make two texts of one thing."""
    assert bytes_from_base64("AA==") == b"\0"
    for text in ("AB==", "AA", "AA==\n", "A A=", 7, None):
        with pytest.raises((ValueError, TypeError)):
            bytes_from_base64(text)  # type: ignore[arg-type] # JSON may hold anything


WITNESSES = "".join(f"witness {one} {vkey(one, key(one), 4)}\n" for one in "abcd")


def is_enough(policy: str, names: str) -> bool:
    """Whether a checkpoint that some witnesses cosigned counts as witnessed."""
    maker, rules = small(), policy_from_text(policy)
    lines = [cosignature(maker.text(), one, key(one)) for one in names]
    note = maker.note(None, b"".join(lines))
    return verify_note(note, log_of(maker), Trust(), rules)[1]


@pytest.mark.parametrize(
    ("rules", "enough", "too_few"),
    [
        ("quorum none", [], ["", "a"]),
        ("quorum a", ["a", "ab"], ["", "bcd"]),
        ("group g any a b\nquorum g", ["a", "b"], ["", "cd"]),
        ("group g all a b\nquorum g", ["ab"], ["a", "bcd"]),
        ("group g 2 a b c\nquorum g", ["ab", "bc"], ["a", "cd"]),
        ("group g 2 a b\ngroup h any g c\nquorum h", ["ab", "c"], ["a", "bd"]),
        ("group g 2 a b\ngroup h all g c\nquorum h", ["abc"], ["ab", "ac"]),
        (" \t# said\n\ngroup g\t1  a\nquorum g ", ["a"], ["b"]),
    ],
)
def test_policies_of_k_of_n(rules: str, enough: list[str], too_few: list[str]) -> None:
    """Groups may hold groups; a checkpoint is witnessed exactly where they say."""
    policy = f"{WITNESSES}{rules}\n"
    assert all(is_enough(policy, names) for names in enough)
    assert not any(is_enough(policy, names) for names in too_few)


@pytest.mark.parametrize(
    "rules",
    [
        "",
        "quorum z",
        "quorum a\nquorum b",
        "quorum a b",
        "quorum",
        "group g 0 a b\nquorum g",
        "group g 3 a b\nquorum g",
        "group g 1\nquorum g",
        "group g 2 a a\nquorum g",
        "group g 1 z\nquorum g",
        "group g 1 none\nquorum g",
        "group a 1 b\nquorum a",
        "group g any a\ngroup h any a\nquorum g",
        "quorum g\ngroup g any a",
        f"witness z {vkey('z', key('a'), 4)}\nquorum z",
        f"witness z {vkey('z', key('z'), 1)}\nquorum z",
        f"witness none {vkey('z', key('z'), 4)}\nquorum none",
        f"log {vkey('z', key('z'))}\nquorum none",
        "quorum a\x0b",
        "something\nquorum a",
    ],
)
def test_a_policy_in_another_form_is_refused(rules: str) -> None:
    """A policy that two readers understand in two ways protects nobody."""
    with pytest.raises(Wrong, match="cannot be read"):
        policy_from_text(f"{WITNESSES}{rules}\n")


def test_a_vkey_names_its_own_key() -> None:
    """The id is made of name, type and key."""
    text = vkey("w", key("w"), 4)
    assert key_from_vkey(text, WITNESS) == ("w", raw_key(key("w")))
    for false in (text.replace("w", "v", 1), text[:-4], "w", text.replace("w", " ", 1)):
        with pytest.raises(Wrong, match="vkey cannot be read"):
            key_from_vkey(false, WITNESS)
    with pytest.raises(Wrong, match="of type 1"):
        key_from_vkey(text, LOG)
