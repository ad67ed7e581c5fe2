"""Checkpoints, cosignatures, and the policies that say which of these are enough."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from nacl.bindings import (
    crypto_core_ed25519_add,
    crypto_scalarmult_ed25519_base_noclamp,
)

from truce.instants import text_from_instant
from truce.record.keys import PublicKey
from truce.record.merkle import EMPTY_ROOT
from truce.record.note import (
    Note,
    SignatureKind,
    SignatureLine,
    VerifierKey,
    log_key,
    note_from_bytes,
    note_key_hash,
)
from vectors.world import (
    NEUTRAL,
    ORDER,
    START,
    Json,
    b64,
    cosigned,
    fails,
    holds,
    key_of,
    sha,
    signed_naively,
    small_log,
    vector,
    witness,
    written,
)

_LOG = small_log()
_NOTE = _LOG.note()
_TEXT = note_from_bytes(_NOTE).text
_ROOT = b64(_LOG.root())
# The point of order two: (0, -1). Source: RFC 8032, 5.1.
_ORDER_TWO = (2**255 - 20).to_bytes(32, "little")


def _line(text: str, *, name: str = "", word: str = "log") -> SignatureLine:
    """The line by which a key signs a text, as a log signs."""
    key, name = key_of(word), name or _LOG.origin
    signature = key.sign(text.encode())
    return SignatureLine(
        name=name, key_hash=note_key_hash(name, key.public), signature=signature
    )


def _signed(text: str) -> bytes:
    """Any text at all, truly signed by the log."""
    return Note(text=text, signatures=(_line(text),)).raw()


def _with(*lines: SignatureLine) -> bytes:
    return Note(text=_TEXT, signatures=lines).raw()


def _stranger() -> SignatureLine:
    """A line of a kind of key that nobody knows yet, of its size."""
    return SignatureLine(name="later.example/pq", key_hash=b"1234", signature=bytes(99))


def _checkpoint(name: str, says: str, note: bytes, expect: Json) -> Json:
    return vector(name, says, expect, vkey=_LOG.vkey.text(), note=written(note))


def _valid() -> Iterator[Json]:
    told = {"origin": _LOG.origin, "size": 6, "root": _ROOT}
    yield _checkpoint(
        "checkpoint-as-it-must-be", "An honest log of six.", _NOTE, holds(**told)
    )
    yield _checkpoint(
        "note-with-unknown-signatures",
        "Witnesses and keys yet to come sign as well; whoever does not know them must "
        "pass over them.",
        _with(_stranger(), _line(_TEXT), _line(_TEXT, word="stranger")),
        holds(**told),
    )
    empty = f"{_LOG.origin}\n0\n{b64(EMPTY_ROOT)}\n"
    yield _checkpoint(
        "checkpoint-of-nothing",
        "A log before its first entry, with the root of nothing.",
        _signed(empty),
        holds(origin=_LOG.origin, size=0, root=b64(EMPTY_ROOT)),
    )


def _unsigned() -> Iterator[Json]:
    good = _line(_TEXT)
    other = _line(_TEXT.replace("\n6\n", "\n5\n"))
    small = signed_naively("log", _TEXT.encode())
    hashed = replace(_line(_TEXT, word="stranger"), key_hash=good.key_hash)
    cosigning = replace(
        cosigned(_NOTE, "log"), name=_LOG.origin, key_hash=good.key_hash
    )
    renamed = _line(_TEXT, name="vectors.example/log")
    told = [
        (
            "note-with-bad-signature-of-known-key",
            "One line of the log's key holds, another does not.",
            [good, replace(good, signature=bytes(64))],
        ),
        (
            "signature-of-another-checkpoint",
            "The log signed a size of five, not of six.",
            [other],
        ),
        (
            "checkpoint-that-the-log-did-not-sign",
            "Only somebody else signed.",
            [_line(_TEXT, word="stranger")],
        ),
        (
            "key-hash-of-the-log-over-another-key",
            "Four bytes name a key and prove nothing.",
            [hashed],
        ),
        (
            "signature-under-another-name",
            "The log's key, as the key of something else.",
            [renamed],
        ),
        (
            "cosignature-as-the-logs-own",
            "A word for having seen a checkpoint must not count as having made it.",
            [cosigning],
        ),
        (
            "signature-with-small-order-r",
            "Its first half is the neutral point, which OpenSSL accepts.",
            [replace(good, signature=small)],
        ),
        (
            "signature-cut-short",
            "A signature of 63 bytes.",
            [replace(good, signature=good.signature[:63])],
        ),
    ]
    for name, says, lines in told:
        yield _checkpoint(name, says, _with(*lines), fails("proof-signature"))
    origin = _LOG.origin.replace("vectors", "another")
    text = _TEXT.replace(_LOG.origin, origin)
    note = Note(text=text, signatures=(_line(text, name=origin),)).raw()
    says = "The same key signed for a record of another name."
    yield _checkpoint("checkpoint-of-another-origin", says, note, fails())


def _formless() -> Iterator[Json]:
    def root(text: str) -> str:
        return _TEXT.replace(_ROOT, text)

    def size(text: str) -> str:
        return _TEXT.replace("\n6\n", f"\n{text}\n")

    last = chr(ord(_ROOT[-2]) + 1) + "="
    texts = {
        "checkpoint-with-extension-line": (
            "A record's checkpoint has three lines; what a fourth says nobody reads.",
            _TEXT + "moon full\n",
        ),
        "checkpoint-without-a-root": ("Two lines.", f"{_LOG.origin}\n6\n"),
        "size-with-leading-nought": ("A second form of a number.", size("06")),
        "size-with-plus": ("A second form of a number.", size("+6")),
        "size-below-nought": ("No log has a size below nothing.", size("-6")),
        "size-of-19-digits": ("No log ever holds as many.", size("9" * 19)),
        "root-with-stray-bits": (
            "The last digit holds bits that say nothing: a second form of the root.",
            root(_ROOT[:-2] + last),
        ),
        "root-of-31-bytes": ("No SHA-256.", root(b64(_LOG.root()[:31]))),
        "root-of-33-bytes": ("No SHA-256.", root(b64(_LOG.root() + b"!"))),
        "checkpoint-with-carriage-returns": (
            "The same lines, as another system ends them.",
            _TEXT.replace("\n", "\r\n"),
        ),
    }
    for name, (says, text) in texts.items():
        yield _checkpoint(name, says, _signed(text), fails("proof-form"))
    line = _line(_TEXT).text().encode()
    short = replace(_stranger(), signature=b"").text().encode()
    stray = line.replace(b"==\n", b"=\n") if b"==\n" in line else line[:-1] + b"=\n"
    raws = {
        "note-without-empty-line": (
            "Text and signatures run together.",
            _NOTE.replace(b"\n\n", b"\n"),
        ),
        "note-without-last-line-feed": ("A line that is not ended.", _NOTE[:-1]),
        "note-without-signatures": ("A bare text.", _TEXT.encode() + b"\n"),
        "signature-line-with-a-hyphen": (
            "The dash is an em dash.",
            _NOTE.replace("\u2014".encode(), b"-"),
        ),
        "signature-base64-with-false-padding": (
            "A second form of the signature.",
            _TEXT.encode() + b"\n" + stray,
        ),
        "signature-line-without-signature": (
            "A key's hash and nothing after it.",
            _TEXT.encode() + b"\n" + line + short,
        ),
        "note-that-is-not-utf-8": (
            "A name in another encoding.",
            _NOTE + "\u2014 ".encode() + b"\xff " + b64(b"1234" + bytes(64)).encode(),
        ),
        "empty-note": ("Nothing at all.", b""),
    }
    for name, (says, raw) in raws.items():
        yield _checkpoint(name, says, raw, fails("proof-form"))


def _keyed(name: str, says: str, raw: bytes, sign: Callable[[bytes], bytes]) -> Json:
    """A checkpoint of a log whose key is no key; the origin names it truly."""
    key = PublicKey(raw=raw)
    vkey = log_key(f"truce/exercise/vectors/{key.long_id}", key)
    text = _TEXT.replace(_LOG.origin, vkey.name)
    line = SignatureLine(
        name=vkey.name, key_hash=vkey.key_hash, signature=sign(text.encode())
    )
    note = written(Note(text=text, signatures=(line,)).raw())
    return vector(name, says, fails(), vkey=vkey.text(), note=note)


def _mixed() -> bytes:
    """The log's key with the point of order two added to it."""
    return crypto_core_ed25519_add(key_of("log").public.raw, _ORDER_TWO)


def _by_mixed(message: bytes) -> bytes:
    """A signature by the mixed key that holds by the bare equation.

    The part of order two falls out where the challenge is even.
    """
    seed = hashlib.sha512(sha("log")).digest()
    scalar = int.from_bytes(seed[:32], "little") & ((1 << 254) - 8) | 1 << 254
    for count in range(64):
        nonce = int.from_bytes(sha(f"nonce {count}"), "little") % ORDER
        first = crypto_scalarmult_ed25519_base_noclamp(nonce.to_bytes(32, "little"))
        digest = hashlib.sha512(first + _mixed() + message).digest()
        challenge = int.from_bytes(digest, "little") % ORDER
        if challenge % 2 == 0:
            second = (nonce + challenge * scalar) % ORDER
            return first + second.to_bytes(32, "little")
    raise AssertionError("no even challenge in 64")


def _keys() -> Iterator[Json]:
    yield _keyed(
        "small-order-key",
        "Under the neutral point anybody's signature holds, for some verifiers.",
        NEUTRAL,
        lambda _: NEUTRAL + bytes(32),
    )
    yield _keyed(
        "key-with-a-part-of-small-order",
        "Whether its signatures hold depends on the verifier's choice of equation.",
        _mixed(),
        _by_mixed,
    )
    yield _keyed(
        "key-not-canonical",
        "The number is one beyond the field: a second form of a point, with another "
        "id.",
        (2**255 - 18).to_bytes(32, "little"),
        lambda _: NEUTRAL + bytes(32),
    )
    false = _LOG.vkey.text().replace("vectors", "another")
    says = "The hash is of another name, so the line was not copied whole."
    yield vector("vkey-of-another-name", says, fails(), vkey=false, note=written(_NOTE))


def checkpoints() -> list[Json]:
    """Does a note say, under this key, what a log holds?"""
    return [*_valid(), *_unsigned(), *_formless(), *_keys()]


def _cosignature(
    name: str, says: str, lines: Sequence[SignatureLine], expect: Json
) -> Json:
    note = note_from_bytes(_NOTE).signed_also(lines).raw()
    return vector(
        name,
        says,
        expect,
        vkey=_LOG.vkey.text(),
        witness=witness("north").text(),
        note=written(note),
    )


def cosignatures() -> list[Json]:
    """Did this witness cosign, and does what it says hold?"""
    good, later = cosigned(_NOTE, "north"), cosigned(_NOTE, "north", 90)
    other = cosigned(_LOG.note(5), "north")
    time, rest = good.signature[:8], good.signature[8:]
    seconds = int.from_bytes(time, "big")
    moved = (seconds + 1).to_bytes(8, "big")
    plain = key_of("north").sign(_TEXT.encode())
    message = f"cosignature/v1\ntime {seconds}\n{_TEXT}".encode()
    small = signed_naively("north", message)
    renamed = replace(good, name="south.example/w")
    told = [
        (
            "cosignature-of-another-tree",
            "The witness saw five entries, and is quoted for six.",
            [other],
        ),
        (
            "cosignature-with-another-time",
            "A second later than the witness said.",
            [replace(good, signature=moved + rest)],
        ),
        (
            "cosignature-without-its-header",
            "A witness's plain signature over the text is no cosignature.",
            [replace(good, signature=time + plain)],
        ),
        (
            "cosignature-with-small-order-r",
            "Its first half is the neutral point.",
            [replace(good, signature=time + small)],
        ),
        (
            "cosignature-without-a-time",
            "Eight bytes are missing.",
            [replace(good, signature=rest)],
        ),
        (
            "bad-cosignature-beside-a-good-one",
            "A line of a known key that does not hold makes the whole note invalid.",
            [good, replace(good, signature=moved + rest)],
        ),
    ]
    first, second = (
        text_from_instant(START + timedelta(seconds=after)) for after in (60, 90)
    )
    none = holds(cosigned=False)
    return [
        _cosignature(
            "cosignature-as-it-must-be",
            "The witness saw this checkpoint as growth.",
            [good],
            holds(cosigned=True, cosigned_at=first),
        ),
        _cosignature("no-cosignature", "The witness did not sign.", [], none),
        _cosignature(
            "two-lines-by-one-witness",
            "It signed twice; that is one witness, and the later time.",
            [good, later],
            holds(cosigned=True, cosigned_at=second),
        ),
        _cosignature(
            "cosignature-by-an-unknown-witness",
            "Lines of keys that the reader does not know say nothing.",
            [cosigned(_LOG.note(5), "south")],
            none,
        ),
        _cosignature(
            "cosignature-under-another-name",
            "The name is part of what names a key, so this key is unknown.",
            [renamed],
            none,
        ),
        *(
            _cosignature(name, says, lines, fails("proof-signature"))
            for name, says, lines in told
        ),
    ]


def _named(*words: str) -> str:
    return "".join(f"witness {word} {witness(word).text()}\n" for word in words)


def _judged(
    name: str, says: str, policy: str, by: Sequence[str], *, is_enough: bool
) -> Json:
    note = written(_LOG.note(witnesses=by))
    expect = holds(satisfied=is_enough)
    return vector(name, says, expect, policy=policy, vkey=_LOG.vkey.text(), note=note)


def policies() -> list[Json]:
    """Can a policy be read, and is it satisfied by who cosigned a note?"""
    three = _named("a", "b", "c")
    two_of = three + "group all-three 2 a b c\nquorum all-three\n"
    nested = (
        _named("a", "b", "c", "d", "e")
        + "group north 2 a b c\ngroup south all d e\ngroup both any north south\n"
        + "quorum both\n"
    )
    twice = note_from_bytes(_LOG.note(witnesses=["a"])).signed_also(
        [cosigned(_NOTE, "a", 90)]
    )
    judged = [
        _judged("no-witness-asked", "Enough.", "quorum none\n", [], is_enough=True),
        _judged("two-of-three", "Two cosigned.", two_of, ["a", "c"], is_enough=True),
        _judged("one-of-three", "One cosigned.", two_of, ["b"], is_enough=False),
        _judged(
            "cosigned-by-others",
            "Witnesses that the policy does not name do not count.",
            two_of,
            ["a", "stranger"],
            is_enough=False,
        ),
        vector(
            "two-lines-by-one-witness",
            "One key signed twice where two witnesses are asked for.",
            holds(satisfied=False),
            policy=two_of,
            vkey=_LOG.vkey.text(),
            note=written(twice.raw()),
        ),
        _judged(
            "policy-nested-groups",
            "Both of the south are enough, whoever else signed.",
            nested,
            ["d", "e"],
            is_enough=True,
        ),
        _judged(
            "policy-nested-groups-by-halves",
            "One of the south and one of the north are two, and not enough.",
            nested,
            ["a", "e"],
            is_enough=False,
        ),
        _judged(
            "quorum-of-one-witness",
            "The quorum may name a witness.",
            _named("a") + "quorum a\n",
            ["a"],
            is_enough=True,
        ),
        _judged(
            "policy-with-comments-and-gaps",
            "Comments, tabs, empty lines and addresses.",
            "# who watches\n\n" + _named("a").replace(" ", "\t") + "\tquorum  a \n",
            [],
            is_enough=False,
        ),
    ]
    return [*judged, *_unreadable(three)]


def _unreadable(three: str) -> Iterator[Json]:
    log_typed = VerifierKey(
        name="a.example/w", kind=SignatureKind.ED25519, key=key_of("a").public
    ).text()
    small = VerifierKey(
        name="a.example/w",
        kind=SignatureKind.COSIGNATURE,
        key=PublicKey(raw=NEUTRAL),
    ).text()
    same = witness("a").text()
    told = {
        "policy-with-cycle": (
            "Two groups that hold each other: a member is defined before its group.",
            "group x 1 y\ngroup y 1 x\nquorum x\n",
        ),
        "group-in-itself": ("The smallest cycle.", "group x 1 x\nquorum x\n"),
        "policy-of-no-bytes": ("No quorum.", ""),
        "policy-without-quorum": ("Nobody says what is enough.", three),
        "policy-with-two-quorums": (
            "One asks for nobody.",
            three + "quorum a\nquorum none\n",
        ),
        "quorum-of-nobody": ("A name that stands for nothing.", three + "quorum d\n"),
        "group-of-more-than-its-members": (
            "Three of two can never be reached.",
            three + "group g 3 a b\nquorum g\n",
        ),
        "group-of-none-of-them": (
            "Nought of two is always reached.",
            three + "group g 0 a b\nquorum g\n",
        ),
        "group-with-a-member-twice": (
            "One witness would count for two.",
            three + "group g 2 a a\nquorum g\n",
        ),
        "member-of-two-groups": (
            "One witness would count in both.",
            three + "group g 1 a b\ngroup h 1 a c\nquorum g\n",
        ),
        "member-not-defined": (
            "A witness that nobody named.",
            three + "group g 1 d\nquorum g\n",
        ),
        "name-twice": (
            "Two witnesses of one name.",
            three + f"witness a {witness('d').text()}\nquorum a\n",
        ),
        "one-key-under-two-names": (
            "One witness would count for two.",
            f"witness a {same}\nwitness b {same}\ngroup g 2 a b\nquorum g\n",
        ),
        "witness-named-none": (
            "The name none means that nobody is asked.",
            f"witness none {same}\nquorum none\n",
        ),
        "witness-with-a-logs-key": (
            "A key that signs as a log does is no witness's.",
            f"witness a {log_typed}\nquorum a\n",
        ),
        "small-order-key": (
            "Anybody's cosignature would hold, for some verifiers.",
            f"witness a {small}\nquorum a\n",
        ),
        "policy-with-unknown-word": (
            "A rule that is passed over is a rule broken.",
            three + "require a\nquorum a\n",
        ),
        "policy-with-carriage-returns": (
            "A control character, and a name that ends in one.",
            three.replace("\n", "\r\n") + "quorum a\r\n",
        ),
        "policy-that-names-a-log": (
            "A founding's policy speaks of its own log alone.",
            f"log {_LOG.vkey.text()}\nquorum none\n",
        ),
    }
    for name, (says, policy) in told.items():
        yield vector(name, says, fails(), policy=policy)
