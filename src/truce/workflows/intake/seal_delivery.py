"""Sealing deliveries: the bytes enter the record before anybody looks into them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from truce.errors import InvalidDelivery, Unavailable
from truce.formats.deliveries import EXPANDED_BYTES_MAX
from truce.identifiers import ParticipantId, StatementIndex
from truce.record import RecordWriter, Unsealed
from truce.statements import Delivery
from truce.workflows.intake.seal import seal

# What a reader can take in: a larger one could be sealed and never read.
# A delivery is held in memory while it is sealed, so the limit also bounds memory.
DELIVERY_SIZE_MAX: Final = EXPANDED_BYTES_MAX


def bytes_of_file(path: Path, *, size_max: int = DELIVERY_SIZE_MAX) -> bytes:
    """A file's bytes, unless there are too many of them to be sealed.

    Raises:
        InvalidDelivery: the file is larger than the limit, is empty, or is no file.
        Unavailable: it cannot be read.
    """
    try:
        if not path.is_file():
            raise InvalidDelivery(f"{path} is no file; name a file to deliver")
        size = path.stat().st_size
        if size > size_max:
            raise _too_large(str(path), size, size_max)
        return path.read_bytes()
    except OSError as error:
        raise Unavailable(
            f"{path}: {error.strerror or error}; check its rights, then try again",
            is_retry_safe=True,
        ) from error


def seal_deliveries(
    writer: RecordWriter,
    deliveries: Sequence[tuple[ParticipantId, Delivery]],
    *,
    size_max: int = DELIVERY_SIZE_MAX,
) -> tuple[StatementIndex, ...]:
    """Seals deliveries in one commit; answers their indexes once they are durable.

    Raises:
        InvalidDelivery: one is larger than the limit; none was sealed.
        InvalidStatement: somebody may not deliver; none was sealed.
    """
    for _, delivery in deliveries:
        if len(delivery.raw) > size_max:
            raise _too_large(delivery.file_name, len(delivery.raw), size_max)
    statements = [
        Unsealed(
            kind="delivery",
            by=by,
            payload=delivery.payload(),
            stated_at=delivery.received_at,
        )
        for by, delivery in deliveries
    ]
    return seal(writer, statements)


def _too_large(name: str, size: int, size_max: int) -> InvalidDelivery:
    return InvalidDelivery(
        f"{name} has {size} bytes, at most {size_max} are taken; "
        "nothing was sealed; split it and deliver the parts"
    )


__all__ = ["DELIVERY_SIZE_MAX", "bytes_of_file", "seal_deliveries"]
