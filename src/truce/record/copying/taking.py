"""Taking over statements into a copy of a record, so that nothing stands unchecked.

1. The folder is locked. What an earlier taking-over left that was broken off lies
   beyond the checkpoint: tiles and partial bundles are removed; whole bundles and
   payloads stay as a head start, and are checked again like anything that is handed in.
2. Statements are taken, a bundle or less at a time: form, record, order of sealing,
   maker, payload, and that the commitment is not in the copy yet. Payloads, bundles and
   the hash tiles that follow from the entries are written where no checkpoint looks.
3. In the end: every signature, no commitment twice, and the root that was signed.
4. All of it is flushed: the files, then every folder that names them.
5. The checkpoint takes the place of the old one, durably.
6. Partial tiles whose full tile is there now are removed, and it is remembered which
   statements are over identity.

A crash before 5 leaves the old checkpoint, all of whose files are as they were, and
files that it does not cover. A crash after it leaves the new one, all of whose files
are on the disk. Hashes are never taken from anybody.

A copy has no keys and no journal: what was signed and whole is what stands.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from truce.errors import (
    AnswerIsNo,
    InvalidInput,
    ProofFails,
    TruceError,
    Unavailable,
    UnavailableRecord,
)
from truce.record._durable import Writes, replace_durably
from truce.record.checking.twice import Twice
from truce.record.envelope import Entry, commitment_of, entry_from_bytes
from truce.record.identity.charter import IDENTITY_KINDS
from truce.record.identity.founding import Founding
from truce.record.identity.kept import keep_identity
from truce.record.identity.makers import Makers
from truce.record.log import Record
from truce.record.merkle import HASH_SIZE, leaf_hash
from truce.record.note import verify_checkpoint
from truce.record.payloads import (
    PayloadReader,
    SaltedPayload,
    bytes_from_salted,
    group_path,
)
from truce.record.sealing.commit import Tail, remove_replaced, tail_at
from truce.record.sealing.seen import SeenCommitments
from truce.record.signatures import SignatureCheck
from truce.record.tiles import (
    TILE_WIDTH,
    bundle_from_entries,
    entries_from_bundle,
    tile_path,
)

# Payloads are written in parts of about this size: few calls, little memory.
PART: Final = 4 * 1024 * 1024

# Answers payloads from a place of a group on, which begins at an offset of its file;
# None for one that is not to be had.
Served = Callable[[int, int], Iterator[SaltedPayload | None]]


class Taking:
    """The state of one taking-over: what was taken so far, and what is to be checked
    of it in the end. It `is_finished` once all of it stands.
    """

    def __init__(
        self,
        folder: Path,
        record: Record | None,
        founding: Founding,
        note: bytes,
        seen: SeenCommitments | None,
        signatures: SignatureCheck,
    ) -> None:
        before = record.size if record is not None else 0
        self.goal = verify_checkpoint(
            note, origin=founding.origin, key=founding.log_key
        )
        if self.goal.size <= before:
            raise ProofFails(
                f"a checkpoint of {self.goal.size} statements adds nothing to the "
                f"{before} that are here"
            )
        self.has_head_start = False
        self.is_finished = False
        self._folder = folder
        self._before, self._note = before, note
        self._tail: Tail = tail_at(folder, before)
        if record is not None and self._tail.edge.root() != record.root:
            raise ProofFails(
                f"{folder}: this copy's own files do not lead to its checkpoint; run "
                "truce verify to see which, then make the copy anew"
            )
        self._makers = Makers()
        self._identity: list[int] = []
        if record is not None:
            self._makers = record.participants.copied()
            self._identity += record.identity
        self._seen, self._signatures, self._twice = seen, signatures, Twice()
        # In place, what an earlier taking-over left as well: a disk that failed to
        # flush it once may not know any more that it ought to.
        self._writes = Writes(is_again=True)
        self._parts: list[bytes] = []

    @property
    def size(self) -> int:
        """How many statements are taken, those that were here included."""
        return self._tail.size

    def kept_bundle(self, number: int) -> list[bytes] | None:
        """A whole bundle that an earlier taking-over left; None for none, or a torn
        one.
        """
        first = number * TILE_WIDTH
        if first + TILE_WIDTH > self.goal.size:
            return None
        path = self._folder / "log" / tile_path("entries", number)
        with suppress(OSError, ProofFails):
            raw = path.read_bytes()
            kept = entries_from_bundle(raw, first=first, count=TILE_WIDTH)
            self.has_head_start = True
            return kept
        return None

    def take(self, entries: Sequence[bytes], served: Served) -> None:
        """Takes the next statements, none of them beyond the end of one bundle.

        `served` is asked for the payloads, unless an earlier taking-over left them.

        Raises:
            ProofFails: a statement does not hold; the message names it.
            Unavailable: an enrolment's payload is not to be had, or the disk refused.
        """
        first = self.size
        checked = [self._checked(i, raw) for i, raw in enumerate(entries, first)]
        self._verify_new(first, checked)
        number = first // TILE_WIDTH
        group = self._folder / group_path(number)
        payloads = self._payloads(first, checked, served)
        for index, entry in enumerate(checked, first):
            salted = next(payloads)
            try:
                self._take_statement(index, entry, salted)
            except (InvalidInput, AnswerIsNo) as error:
                raise ProofFails(_told(index, error)) from error
            self._put_payload(group, salted)
            self._put_entry(entry)
        self._flush_parts(group)
        self._writes.include(group, upto=self._folder)
        if self.size % TILE_WIDTH == 0:
            self._tail.payload_end = 0

    def finish(self) -> None:
        """Makes what was taken stand: steps 3 to 6.

        Raises:
            ProofFails: a signature, a commitment or the root does not hold.
            UnavailableRecord: the disk refused; the old checkpoint stands.
            OutcomeUnknown: the old or the new one stands; both hold.
        """
        self._verify_all()  # (3)
        self._put_partials()
        self._writes.sync()  # (4)
        replace_durably(self._folder / "log" / "checkpoint", self._note)  # (5)
        remove_replaced(self._folder, self._before, self.size)  # (6)
        with suppress(TruceError):
            # Derived: whoever opens the copy can do without.
            keep_identity(self._folder, self.size, self._identity)
        self.is_finished = True

    def _checked(self, index: int, raw: bytes) -> Entry:
        try:
            entry = entry_from_bytes(raw)
            if entry.header.record != self.goal.origin:
                raise ProofFails(f"it is of the record {entry.header.record!r}")
            before = self._tail.sealed_at
            if before is not None and entry.sealed_at < before:
                raise ProofFails("it was sealed before the statement that it follows")
        except ProofFails as error:
            raise ProofFails(_told(index, error)) from error
        self._tail.sealed_at = entry.sealed_at
        return entry

    def _verify_new(self, first: int, entries: Sequence[Entry]) -> None:
        commitments = [entry.header.commitment for entry in entries]
        for index, commitment in enumerate(commitments, first):
            self._twice.add(index, commitment)
        found = self._seen.find(commitments) if self._seen is not None else []
        for index, before in enumerate(found, first):
            if before is not None:
                raise _sealed_already(index, before)

    def _payloads(
        self, first: int, entries: Sequence[Entry], served: Served
    ) -> Iterator[SaltedPayload | None]:
        """The payload of each: what lies where it belongs already, then the rest."""
        kept = PayloadReader(self._folder)
        count = 0
        for index, entry in enumerate(entries, first):
            salted = _kept(kept, index)
            if salted is None or commitment_of(*salted) != entry.header.commitment:
                break
            yield salted
            count += 1
        if count < len(entries):
            place, end = (first + count) % TILE_WIDTH, self._tail.payload_end
            yield from served(place, end)

    def _take_statement(
        self, index: int, entry: Entry, salted: SaltedPayload | None
    ) -> None:
        kind = entry.header.kind
        if salted is not None:
            verify_payload(index, entry, salted)
        elif kind in IDENTITY_KINDS:
            raise Unavailable(
                f"statement {index}: the payload of this {kind} is not to be had, and "
                "without it nobody can check who may state; ask the operator for "
                f"{group_path(index // TILE_WIDTH)}, or copy once from a source that "
                "has it",
                is_retry_safe=True,
            )
        payload = salted.payload if salted is not None else None
        signed = self._makers.take(entry.envelope, index, payload, entry.sealed_at)
        self._signatures.add(index, signed)
        if kind in IDENTITY_KINDS:
            self._identity.append(index)

    def _put_payload(self, group: Path, salted: SaltedPayload | None) -> None:
        part = bytes_from_salted(salted)
        self._tail.payload_end += len(part)
        self._parts.append(part)
        if sum(map(len, self._parts)) > PART:
            self._flush_parts(group)

    def _flush_parts(self, group: Path) -> None:
        content, self._parts = b"".join(self._parts), []
        if content:
            offset = self._tail.payload_end - len(content)
            self._writes.extend(group, offset, content)

    def _put_entry(self, entry: Entry) -> None:
        tail = self._tail
        tail.bundle.append(entry.raw)
        for level, number, tile in tail.edge.append(leaf_hash(entry.raw)):
            self._put(tile_path(level, number), tile)
        if len(tail.bundle) == TILE_WIDTH:
            path = tile_path("entries", tail.size // TILE_WIDTH - 1)
            self._put(path, bundle_from_entries(tail.bundle))
            tail.bundle.clear()

    def _put_partials(self) -> None:
        tail = self._tail
        for level, number, tile in tail.edge.partial_tiles(since=self._before):
            self._put(tile_path(level, number, len(tile) // HASH_SIZE), tile)
        if tail.bundle:
            path = tile_path("entries", tail.size // TILE_WIDTH, len(tail.bundle))
            self._put(path, bundle_from_entries(tail.bundle))

    def _put(self, place: str, content: bytes) -> None:
        path = self._folder / "log" / place
        self._writes.write(path, content)
        self._writes.include(path, upto=self._folder)

    def _verify_all(self) -> None:
        for index in self._signatures.failed():
            raise ProofFails(f"statement {index}: its maker's signature does not hold")
        for index, before in self._twice.found():
            raise _sealed_already(index, before)
        if (self.size, self._tail.edge.root()) != (self.goal.size, self.goal.root):
            raise ProofFails(
                f"the {self.size} entries of {self.goal.origin} do not lead to the "
                "root that its checkpoint signs"
            )


def verify_payload(index: int, entry: Entry, salted: SaltedPayload) -> None:
    """Returns where a payload is the one that an entry commits to.

    Raises:
        ProofFails: it is not.
    """
    if commitment_of(*salted) != entry.header.commitment:
        raise ProofFails(
            f"statement {index}: its payload is not the one that was sealed"
        )


def _kept(reader: PayloadReader, index: int) -> SaltedPayload | None:
    with suppress(UnavailableRecord, ProofFails):
        return reader.read(index)
    return None


def _sealed_already(index: int, before: int) -> ProofFails:
    return ProofFails(
        f"statement {index}: its commitment is sealed already, as statement {before}"
    )


def _told(index: int, error: TruceError) -> str:
    named = f"statement {index}: "
    return str(error) if str(error).startswith(named) else f"{named}{error}"


__all__ = ["PART", "Served", "Taking", "verify_payload"]
