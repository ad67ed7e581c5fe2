"""Writing a package of files, as a folder or as one ZIP, so that it is whole or not
there.

1. Everything is written under a name that ends in `.partial`.
2. It is made durable, then renamed to its own name, which nothing had.

A crash before (2) leaves a `.partial`, which nobody takes for a package and which the
next export asks to be removed. A failure removes it.
"""

import hashlib
import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from truce.errors import InvalidInput, Unavailable

# The earliest date that a ZIP can say: the same bytes for the same package, whenever.
_ZIP_DATE: Final = (1980, 1, 1, 0, 0, 0)
# A regular file that everybody may read, as Unix writes it into a ZIP.
_ZIP_MODE: Final = 0o100644 << 16
_UNIX: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedFile:
    """One file of a package, as it was written."""

    path: str
    size: int
    sha256: str
    media_type: str
    says: str


class Packing:
    """A package that is being written: every file at once to the disk."""

    def __init__(self, out: Path, name: str, archive: zipfile.ZipFile | None) -> None:
        self._out = out
        self._name = name
        self._archive = archive
        self.files: list[PackedFile] = []

    def add(self, path: str, content: bytes, media_type: str, says: str) -> PackedFile:
        """Writes one file; `says` is a sentence that tells what it is.

        `path` is made by us, never by whoever made the content.
        """
        if self._archive is None:
            place = self._out / path
            place.parent.mkdir(parents=True, exist_ok=True)
            with place.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        else:
            entry = zipfile.ZipInfo(f"{self._name}/{path}", date_time=_ZIP_DATE)
            entry.external_attr, entry.create_system = _ZIP_MODE, _UNIX
            # Stored: what a packer makes smaller differs from version to version.
            self._archive.writestr(entry, content)
        packed = PackedFile(
            path=path,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            media_type=media_type,
            says=says,
        )
        self.files.append(packed)
        return packed


@contextmanager
def packing(out: Path, *, is_zip: bool) -> Iterator[Packing]:
    """A package that stands under `out` once the block ended well, and else not at all.

    In a ZIP everything lies in one folder, named as the ZIP without its ending.

    Raises:
        InvalidInput: something stands there already, or a part of an earlier attempt.
        Unavailable: the disk refused; nothing stands there.
    """
    partial = out.with_name(f"{out.name}.partial")
    for path in (out, partial):
        if path.exists() or path.is_symlink():
            raise InvalidInput(
                f"{path} exists, and nothing is written over; remove it, or take "
                "another name"
            )
    try:
        yield from _packed(partial, out, is_zip=is_zip)  # (1)
        if out.exists():
            raise InvalidInput(f"{out} came to be meanwhile; take another name")
        partial.rename(out)  # (2)
        _sync(out.parent)
    except OSError as error:
        _remove(partial)
        raise Unavailable(
            f"{error.filename or out}: {error.strerror or error}; nothing was "
            "exported, try again",
            is_retry_safe=True,
        ) from error
    except BaseException:
        _remove(partial)
        raise


def _packed(partial: Path, out: Path, *, is_zip: bool) -> Iterator[Packing]:
    if not is_zip:
        partial.mkdir()
        yield Packing(partial, out.name, None)
        for folder in (partial, *(p for p in partial.rglob("*") if p.is_dir())):
            _sync(folder)
        return
    with partial.open("xb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            yield Packing(partial, out.stem, archive)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(partial: Path) -> None:
    if partial.is_dir():
        shutil.rmtree(partial, ignore_errors=True)
    else:
        partial.unlink(missing_ok=True)


__all__ = ["PackedFile", "Packing", "packing"]
