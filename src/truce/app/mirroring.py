"""A mirror put together: its copy, its source, and the server beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from truce.errors import InvalidInput, InvalidRecord
from truce.exchange.log_files import LogFiles, listening, verify_may_serve
from truce.exchange.record_files import RecordAtAddress
from truce.record.copying.copying import Copy
from truce.storage.witness_folder import WitnessedCheckpoint
from truce.workflows.mirroring.mirror import OnProgress, mirror
from truce.workflows.mirroring.model import Mirrored, Terms
from truce.workflows.mirroring.ports import ShownRecord
from truce.workflows.mirroring.shown import RecordInFolder


class Mirror:
    """A copy that follows a source."""

    def __init__(self, copy: Copy, source: ShownRecord) -> None:
        self._copy = copy
        self._source = source

    def look(
        self, terms: Terms, *, on_progress: OnProgress | None = None
    ) -> tuple[Mirrored, Path | None]:
        """Takes over what is new; answers what came of it, and where the proof of a
        split view was put.

        Raises:
            ProofFails, Unavailable: as `truce.workflows.mirroring.mirror`.
        """
        found = mirror(
            self._copy,
            self._source,
            terms,
            witnessed_file=WitnessedCheckpoint(self._copy.folder),
            on_progress=on_progress,
        )
        if found.split_view is None:
            return found, None
        return found, self._copy.keep_evidence(found.split_view)


@contextmanager
def mirror_opened(where: str, folder: Path) -> Iterator[Mirror]:
    """The mirror in a folder, made if need be, of a record at an address or in another
    folder.

    Raises:
        InvalidInput: no address, the folder itself, or a folder that is no copy.
        UnavailableRecord: another process mirrors there.
    """
    source = _source(where, folder)
    copy = Copy.opened(folder)
    try:
        yield Mirror(copy, source)
    finally:
        copy.close()


@contextmanager
def serving_log(
    folder: Path,
    *,
    host: str,
    port: int,
    has_payloads: bool,
    may_be_empty: bool = False,
) -> Iterator[str]:
    """Serves a record's files while inside; answers the address.

    A mirror `may_be_empty` until its first look.

    Raises:
        InvalidInput: payloads, on a host that others reach.
        InvalidRecord: the folder holds no record.
        Unavailable: the port is taken.
    """
    verify_may_serve(host, has_payloads=has_payloads)
    if not may_be_empty and not (folder / "log" / "checkpoint").is_file():
        raise InvalidRecord(f"{folder} holds no record; expected log/checkpoint")
    application = LogFiles(folder, has_payloads=has_payloads)
    with listening(application, host, port) as address:
        yield address


def _source(where: str, folder: Path) -> ShownRecord:
    if where.startswith(("http://", "https://")):
        return RecordAtAddress(where)
    if "://" in where:
        raise InvalidInput(f"{where!r}: expected an http(s) address or a folder")
    place = Path(where)
    if not place.is_dir():
        raise InvalidInput(f"{where} is no folder, and no http(s) address")
    if folder.exists() and place.samefile(folder):
        raise InvalidInput(f"{folder} cannot be a mirror of itself; name another")
    return RecordInFolder(place)


__all__ = ["Mirror", "mirror_opened", "serving_log"]
