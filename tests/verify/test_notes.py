"""Keys that verifiers disagree on, notes, and witness policies."""

import pytest
from tests.verify.making import Maker, b64, cosignature, key, raw_key, sha, small, vkey

from truce_verify import Wrong
from truce_verify.notes import (
    LOG,
    WITNESS,
    Trust,
    Vkey,
    bytes_from_base64,
    checkpoint_from_note,
    is_key,
    is_signed,
    policy_from_text,
    verify_note,
    vkey_from_text,
)

P = 2**255 - 19
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
    assert not is_key(small_point)
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
    assert not is_key(y.to_bytes(32, "little"))
    assert not is_key((y | 1 << 255).to_bytes(32, "little"))


@pytest.mark.parametrize("torsion", SMALL[1:])
def test_a_key_with_a_part_of_small_order_is_refused(torsion: str) -> None:
    """Such keys hold or not by the verifier's choice of equation."""
    honest = raw_key(key("honest"))
    assert is_key(honest)
    mixed = added(honest, bytes.fromhex(torsion))
    assert mixed != honest
    assert not is_key(mixed)


def test_libsodium_takes_the_same_keys() -> None:
    """Another implementation, in another language, draws the same line."""
    from nacl.bindings import crypto_core_ed25519_is_valid_point

    honest = [raw_key(key(f"key {at}")) for at in range(20)]
    mixed = [added(one, bytes.fromhex(SMALL[at % 8])) for at, one in enumerate(honest)]
    noise = [sha(b"noise %d" % at) for at in range(200)]
    edges = [(P + at).to_bytes(32, "little") for at in range(-20, 19)]
    small_points = [bytes.fromhex(one) for one in SMALL]
    found = {True: 0, False: 0}
    for one in [*honest, *mixed, *noise, *edges, *small_points]:
        is_valid = crypto_core_ed25519_is_valid_point(one)
        assert is_key(one) == is_valid, one.hex()
        found[is_valid] += 1
    assert found[True] > 30
    assert found[False] > 100


def test_what_is_no_point_or_of_another_length_is_no_key() -> None:
    """Half of all byte strings are no point at all."""
    count = sum(is_key(bytes([at]) * 32) for at in range(40))
    assert count < 15
    assert not is_key(raw_key(key("a"))[:31])
    assert not is_key(b"")


def log_of(maker: Maker) -> Vkey:
    """The log's key."""
    return vkey_from_text(vkey(maker.origin, maker.log_key), LOG)


def test_lines_of_unknown_keys_are_ignored() -> None:
    """Keys yet to come must not break today's verifiers."""
    maker = small()
    unknown = f"\u2014 some.where/x {b64(b'1234' + bytes(2420))}\n".encode()
    found, keys = verify_note(maker.note(None, unknown), log_of(maker), Trust())
    assert (found.size, keys) == (6, set())


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
    maker, other = small(), small("study")
    with pytest.raises(Wrong, match="did not sign"):
        verify_note(maker.note(), log_of(other), Trust())
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
        with pytest.raises(
            ValueError, match=r"base64|padding|Only|Excess|Incorrect|data"
        ):
            bytes_from_base64(text)


WITNESSES = "".join(f"witness {one} {vkey(one, key(one), 4)}\n" for one in "abcd")


def keys(names: str) -> set[bytes]:
    """The keys of some witnesses."""
    return {raw_key(key(one)) for one in names}


@pytest.mark.parametrize(
    ("rules", "enough", "too_few"),
    [
        ("quorum none", ["", "a"], []),
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
    policy = policy_from_text(f"{WITNESSES}{rules}\n")
    assert all(policy.is_satisfied(keys(names)) for names in enough)
    assert not any(policy.is_satisfied(keys(names)) for names in too_few)


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
    assert vkey_from_text(text, WITNESS).key == raw_key(key("w"))
    for false in (text.replace("w", "v", 1), text[:-4], "w", text.replace("w", " ", 1)):
        with pytest.raises(Wrong, match="vkey cannot be read"):
            vkey_from_text(false, WITNESS)
    with pytest.raises(Wrong, match="of type 1"):
        vkey_from_text(text, LOG)
