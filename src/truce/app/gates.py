"""The gate of a record: its provinces and the names by which others know incidents."""

import hashlib

from truce.app.opened import OpenRecord
from truce.gazetteer import Gazetteer
from truce.places import Position
from truce.record.keys import key_path
from truce.release import Gate


class _ProvinceNames:
    """Release's port for province names, on the record's own gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer

    def province_at(self, position: Position) -> str | None:
        """The name of the province that holds a position; None where there is none."""
        entry = self._gazetteer.province_at(position)
        return None if entry is None else entry.name_en


def gate_of(opened: OpenRecord) -> Gate:
    """The gate of a record: its provinces, and a naming key of its own.

    The key comes from the log's secret key, so that whoever may sign checkpoints gives
    the same names after every restart, and nobody else can work them out. Where the
    secret is not here (a mirror) readers below the mechanism get no references.
    """
    path = key_path(opened.record.folder, "log")
    naming_key = (
        hashlib.sha256(b"truce/naming/v1\x00" + path.read_bytes()).digest()
        if path.is_file()
        else b""
    )
    provinces = _ProvinceNames(opened.source.gazetteer())
    return Gate(provinces=provinces, naming_key=naming_key)


__all__ = ["gate_of"]
