"""A study of files that feeds delivered: sealed as they are, ready to be read."""

from collections.abc import Iterable
from pathlib import Path

from truce.app.opened import wall_clock
from truce.app.shipped import shipped_land
from truce.record import RecordKind, RecordWriter
from truce.sources import FeedFile
from truce.statements import Delivery
from truce.workflows.founding.begin_record import begin_record
from truce.workflows.intake.seal_delivery import bytes_of_file
from truce.workflows.study.replay_corridors import seal_study


def sealed_study(folder: Path, name: str, files: Iterable[FeedFile]) -> RecordWriter:
    """The writer of a new study record in which the files are sealed, unread.

    Raises:
        InvalidRecord: the folder is not empty.
        InvalidDelivery: a file is too large; no record is begun.
        Unavailable: a file cannot be read.
    """
    deliveries = [
        Delivery(
            feed=file.feed,
            file_name=file.path.name,
            received_at=wall_clock(),
            raw=bytes_of_file(file.path),
        )
        for file in files
    ]
    writer = begin_record(
        folder,
        kind=RecordKind.STUDY,
        name=name,
        land=shipped_land(),
        clock=wall_clock,
    )
    seal_study(writer, deliveries)
    return writer


__all__ = ["sealed_study"]
