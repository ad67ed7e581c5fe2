"""The invented world of the vectors: keys that everybody knows, and a log in memory.

Valid parts are made by `truce.record`; attacks are made of raw bytes, since truce
itself refuses to make them. Nothing is random: the seed of each key is the SHA-256 of
the word that names it, and so is each salt.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from truce.identifiers import ParticipantId
from truce.record import (
    ENROLMENT,
    FOUNDING,
    Charter,
    Founding,
    Participant,
    RecordKind,
    Role,
)
from truce.record.cosignature import cosignature, witness_key
from truce.record.envelope import Header, commitment_of, pre_authentication
from truce.record.grammar import HEADER_TYPE
from truce.record.identity.decisions import enrolment_payload
from truce.record.identity.founding import NO_WITNESSES
from truce.record.keys import SecretKey
from truce.record.merkle import (
    HASH_SIZE,
    consistency_path,
    inclusion_path,
    leaf_hash,
    node_hash,
    range_hash,
)
from truce.record.note import (
    Checkpoint,
    SignatureLine,
    VerifierKey,
    log_key,
    note_from_bytes,
    signed_checkpoint,
)
from truce.record.payloads import SaltedPayload, bytes_from_salted, group_path
from truce.record.proving.proof import ChainLink, ProofExtra, TlogProof
from truce.record.tiles import TreeEdge, bundle_from_entries, tile_path

Json = Mapping[str, object]

START: Final = datetime(2031, 5, 4, 6, 0, tzinfo=UTC)
NAME: Final = "vectors"
FOUNDERS: Final = {
    "operator": (
        "Operator of the record",
        (Role.OPERATOR, Role.FOUNDER, Role.INTAKE),
    ),
    "patrol-7": ("Patrol 7", (Role.INTAKE,)),
}
RIGHTS: Final = {
    "agreement": frozenset({Role.LEGAL_ADVISER, Role.OPERATOR}),
    "delivery": frozenset({Role.CONTRIBUTOR, Role.INTAKE}),
    "issued-answer": frozenset({Role.OPERATOR}),
}
# The order of Ed25519's group, and its neutral point. Source: RFC 8032, 5.1.
ORDER: Final = 2**252 + 27742317777372353535851937790883648493
NEUTRAL: Final = (1).to_bytes(32, "little")
STATED_AT: Final = START - timedelta(hours=1)


def vector(name: str, says: str, expect: Json, **parts: object) -> Json:
    """One vector; parts that are None are left out."""
    given = {key: value for key, value in parts.items() if value is not None}
    return {"name": name, "says": says, **given, "expect": expect}


def holds(**told: object) -> Json:
    """What is expected of a valid vector."""
    return {"valid": True, **told}


def fails(code: str | None = None, **told: object) -> Json:
    """What is expected of an invalid vector."""
    return {"valid": False, **({"code": code} if code else {}), **told}


def written(raw: bytes) -> object:
    """Bytes as the vectors write them: a text where they are one, else base64."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = "\x00"
    if all(c.isprintable() or c == "\n" for c in text):
        return text
    return {"base64": base64.b64encode(raw).decode()}


def b64(raw: bytes) -> str:
    """Base64."""
    return base64.b64encode(raw).decode()


def sha(word: str) -> bytes:
    """SHA-256 of a word."""
    return hashlib.sha256(word.encode()).digest()


def key_of(word: str) -> SecretKey:
    """The key of a name."""
    return SecretKey(sha(word))


def participant(name: str, label: str, *roles: Role) -> Participant:
    """A participant with the key of their own name."""
    id_ = ParticipantId(name)
    return Participant(id=id_, name=label, key=key_of(name).public, roles=roles)


def signed_naively(word: str, message: bytes) -> bytes:
    """A signature whose first half is the neutral point.

    It holds by the bare equation of RFC 8032, and every signature of this form shows
    its maker's secret scalar: no honest library makes one.
    """
    seed = hashlib.sha512(sha(word)).digest()
    scalar = int.from_bytes(seed[:32], "little") & ((1 << 254) - 8) | 1 << 254
    public = key_of(word).public.raw
    challenge = hashlib.sha512(NEUTRAL + public + message).digest()
    product = int.from_bytes(challenge, "little") * scalar % ORDER
    return NEUTRAL + product.to_bytes(32, "little")


def envelope(
    header: bytes,
    word: str,
    *,
    key_id: str | None = None,
    kind: str = HEADER_TYPE,
    signature: bytes | None = None,
) -> bytes:
    """An envelope over any bytes at all, signed by the key of a word."""
    key = key_of(word)
    signature = signature or key.sign(pre_authentication(header))
    return (
        f'{{"payload":"{b64(header)}","payloadType":"{kind}","signatures":[{{"keyid":'
        f'"{key_id or key.public.id}","sig":"{b64(signature)}"}}]}}'
    ).encode()


def entry(envelope: bytes, sealed_at: str = "2031-05-04T06:00:09Z") -> bytes:
    """An entry around any bytes at all."""
    return b'{"envelope":%s,"sealed_at":"%s"}' % (envelope, sealed_at.encode())


class Stated(NamedTuple):
    """A header's bytes, and what its commitment is made of."""

    header: bytes
    salted: SaltedPayload


class Log:
    """A log in memory that seals whatever it is given."""

    def __init__(
        self,
        word: str = "log",
        policy: str = NO_WITNESSES,
        *,
        participants: Sequence[Participant] = (),
        charter: Charter | None = None,
    ) -> None:
        self.key = key_of(word)
        self.founding = Founding(
            kind=RecordKind.EXERCISE,
            name=NAME,
            log_key=self.key.public,
            participants=tuple(participants)
            or tuple(
                participant(name, label, *roles)
                for name, (label, roles) in FOUNDERS.items()
            ),
            charter=charter or Charter(rights=RIGHTS),
            witness_policy=policy,
        )
        self.entries: list[bytes] = []
        self.salted: list[SaltedPayload | None] = []
        self._known: dict[tuple[int, int], bytes] = {}

    @property
    def origin(self) -> str:
        """The origin line."""
        return self.founding.origin

    @property
    def vkey(self) -> VerifierKey:
        """The log's key."""
        return log_key(self.origin, self.key.public)

    def stated(
        self, by: str, payload: bytes, *, kind: str = "delivery", salt: str = ""
    ) -> Stated:
        """A header for this log, with its payload."""
        salted = SaltedPayload(sha(salt or f"salt {len(self.entries)}"), payload)
        header = Header(
            record=self.origin,
            kind=kind,
            schema=1,
            by=ParticipantId(by),
            stated_at=STATED_AT,
            marking="MECHANISM",
            commitment=commitment_of(*salted),
        )
        return Stated(header.encoded(), salted)

    def append(self, raw: bytes, salted: SaltedPayload | None) -> "Log":
        """Takes any bytes for an entry."""
        self.entries.append(raw)
        self.salted.append(salted)
        return self

    def seal(self, by: str, payload: bytes, *, word: str = "", **changes: str) -> "Log":
        """Seals an honest statement, a second after the one before it; signed by the
        key of a word, which is its maker's name where none is given.
        """
        stated = self.stated(by, payload, **changes)
        sealed_at = f"{START + timedelta(seconds=len(self.entries)):%Y-%m-%dT%H:%M:%SZ}"
        raw = entry(envelope(stated.header, word or by), sealed_at)
        return self.append(raw, stated.salted)

    def found(self) -> "Log":
        """Seals the founding."""
        return self.seal("operator", self.founding.payload(), kind=FOUNDING)

    def enrol(self, by: str, *participants: Participant) -> "Log":
        """Seals an enrolment."""
        return self.seal(by, enrolment_payload(participants), kind=ENROLMENT)

    def node(self, height: int, index: int) -> bytes:
        """The hash of a complete subtree."""
        if height == 0:
            return leaf_hash(self.entries[index])
        if (height, index) not in self._known:
            left, right = (self.node(height - 1, 2 * index + side) for side in (0, 1))
            self._known[height, index] = node_hash(left, right)
        return self._known[height, index]

    def root(self, size: int | None = None) -> bytes:
        """The root at a size."""
        return range_hash(self.node, 0, len(self.entries) if size is None else size)

    def path(self, index: int, size: int | None = None) -> tuple[bytes, ...]:
        """An inclusion proof."""
        end = len(self.entries) if size is None else size
        return inclusion_path(self.node, index, end)

    def consistency(self, old: int, new: int) -> tuple[bytes, ...]:
        """A consistency proof."""
        return consistency_path(self.node, old, new)

    def note(
        self,
        size: int | None = None,
        *,
        extensions: tuple[str, ...] = (),
        witnesses: Sequence[str] = (),
    ) -> bytes:
        """The signed checkpoint, with the cosignatures of some witnesses."""
        end = len(self.entries) if size is None else size
        checkpoint = Checkpoint(
            origin=self.origin, size=end, root=self.root(end), extensions=extensions
        )
        raw = signed_checkpoint(checkpoint, self.key)
        lines = [cosigned(raw, name) for name in witnesses]
        return note_from_bytes(raw).signed_also(lines).raw()

    def link(self, index: int) -> ChainLink:
        """An entry as it stands in a proof's chain."""
        salted = self.salted[index]
        assert salted is not None
        path, raw = self.path(index), self.entries[index]
        return ChainLink(index=index, entry=raw, path=path, salted=salted)

    def extra(
        self, index: int, chain: Sequence[int], prefix: bytes | None
    ) -> ProofExtra:
        """What a proof holds beside the log's own words; without a prefix, no salt."""
        return ProofExtra(
            chain=tuple(self.link(place) for place in chain),
            entry=self.entries[index],
            prefix=prefix or b"",
            salt=b"" if prefix is None else self.link(index).salted.salt,
        )

    def proof(
        self,
        index: int,
        chain: Sequence[int],
        prefix: bytes | None = None,
        *,
        witnesses: Sequence[str] = (),
    ) -> TlogProof:
        """The proof of a statement."""
        return TlogProof(
            index=index,
            path=self.path(index),
            checkpoint=self.note(witnesses=witnesses),
            extra=self.extra(index, chain, prefix).raw(),
        )

    def files(self, note: bytes | None = None) -> dict[str, bytes]:
        """The record's files by path; for logs of less than one tile."""
        edge = TreeEdge()
        for raw in self.entries:
            edge.append(leaf_hash(raw))
        count = len(self.entries)
        found = {
            f"log/{tile_path(level, number, len(tile) // HASH_SIZE)}": tile
            for level, number, tile in edge.partial_tiles()
        }
        bundle = bundle_from_entries(self.entries)
        group = b"".join(bytes_from_salted(salted) for salted in self.salted)
        return {
            "log/checkpoint": self.note() if note is None else note,
            f"log/{tile_path('entries', 0, count)}": bundle,
            **found,
            group_path(0): group,
        }


def witness(word: str) -> VerifierKey:
    """The key of a witness; its name in notes is that of a host."""
    return witness_key(f"{word}.example/w", key_of(word).public)


def cosigned(note: bytes, word: str, after_s: int = 60) -> SignatureLine:
    """The line by which a witness cosigns a note, some seconds after the start."""
    return cosignature(
        note_from_bytes(note),
        name=witness(word).name,
        key=key_of(word),
        cosigned_at=START + timedelta(seconds=after_s),
    )


def small_log(count: int = 6, policy: str = NO_WITNESSES, word: str = "log") -> Log:
    """A founding, and statements by its two founders in turn."""
    log = Log(word, policy).found()
    for place in range(1, count):
        by = "patrol-7" if place % 2 else "operator"
        log.seal(by, b"seen %d\n" % place)
    return log
