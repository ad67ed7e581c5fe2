"""Disks that fail, and a disk that forgets what was not flushed.

Every call by which the record touches the disk goes through one of these while a test
watches. The real files stand below, so that what is read back is what a system would
give.
"""

import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

# What the record asks of the system, by the name that tests use.
CALLS: dict[str, tuple[object, str]] = {
    "open": (os, "open"),
    "pwrite": (os, "pwrite"),
    "truncate": (os, "ftruncate"),
    "fsync": (os, "fsync"),
    "fdatasync": (os, "fdatasync"),
    "mkdir": (Path, "mkdir"),
    "replace": (Path, "replace"),
    "rename": (Path, "rename"),
    "unlink": (Path, "unlink"),
    "rmdir": (Path, "rmdir"),
}
Real = Callable[..., Any]


@contextmanager
def watched(watch: Callable[[str, Real, tuple[Any, ...], Any], Any]) -> Iterator[None]:
    """Lets `watch(name, real, arguments, options)` answer every call."""
    with pytest.MonkeyPatch.context() as patch:
        for name, (owner, attribute) in CALLS.items():
            real = getattr(owner, attribute)

            def called(
                *arguments: Any, _name: str = name, _real: Real = real, **options: Any
            ) -> Any:
                return watch(_name, _real, arguments, options)

            patch.setattr(owner, attribute, called)
        yield


class PowerCut(BaseException):
    """The machine is gone: no handler for errors runs to its end."""


class ForgetfulDisk:
    """A disk under one folder that a power cut brings back to what was flushed.

    Contents are durable once their file was flushed, names once their folder was. What
    was not flushed is lost, or with `dice` kept or torn as they fall, for a real disk
    promises neither. A disk that `is_lying` flushes nothing.
    """

    def __init__(self, folder: Path, cut_at: int, dice: random.Random | None) -> None:
        self.folder = folder
        self.cut_at = cut_at
        self.dice = dice
        self.count = 0
        self.is_lying = False
        # Each file has a number of its own, whatever names it has had; what the disk
        # holds of each; and which names each folder holds on the disk (None: a folder).
        self.numbers: dict[Path, int] = {}
        self.contents: dict[int, bytes] = {}
        self.names: dict[Path, dict[str, int | None]] = {}
        for path in [folder, *folder.rglob("*")]:
            if path.is_file():
                self.numbers[path] = len(self.numbers)
                self.contents[self.numbers[path]] = path.read_bytes()
        for path in [folder, *folder.rglob("*")]:
            if path.is_dir():
                self._keep_names(path)

    def watch(
        self, name: str, real: Real, arguments: tuple[Any, ...], options: Any
    ) -> Any:
        """Counts a call, cuts the power before it if it is its turn, else makes it."""
        self.count += 1
        if self.count >= self.cut_at:
            raise PowerCut
        path = Path(arguments[0]) if not isinstance(arguments[0], int) else None
        is_new = name == "open" and path is not None and not path.exists()
        if name in {"fsync", "fdatasync"} and not self.is_lying:
            self._flushed(Path(f"/proc/self/fd/{arguments[0]}").readlink())
        answer = real(*arguments, **options)
        if is_new and path is not None:
            self.numbers[path] = 1_000_000 + self.count
        elif name in {"replace", "rename"} and path is not None:
            self.numbers[Path(arguments[1])] = self.numbers.pop(path)
        elif name == "unlink" and path is not None:
            self.numbers.pop(path, None)
        return answer

    def after_the_cut(self, folder: Path) -> None:
        """Writes what the disk holds when the power is back."""
        self._bring_back(self.folder, folder)

    def _flushed(self, path: Path) -> None:
        if path.is_dir():
            self._keep_names(path)
        elif path in self.numbers:
            self.contents[self.numbers[path]] = path.read_bytes()

    def _keep_names(self, folder: Path) -> None:
        self.names[folder] = {
            path.name: None if path.is_dir() else self.numbers[path]
            for path in folder.iterdir()
        }

    def _bring_back(self, was: Path, to: Path) -> None:
        to.mkdir()
        durable = self.names.get(was, {})
        now = {path.name for path in was.iterdir()} if was.is_dir() else set()
        for name in sorted({*durable, *now}):
            is_durable = name in durable
            if not is_durable and not self._falls_kept():
                continue
            is_folder = (was / name).is_dir()
            if (is_durable and durable[name] is None) or (not is_durable and is_folder):
                self._bring_back(was / name, to / name)
            else:
                (to / name).write_bytes(self._content(durable.get(name), was / name))

    def _content(self, durable: int | None, path: Path) -> bytes:
        """What a name leads to: the file it led to when its folder was flushed, or the
        one it leads to now.
        """
        now = self.numbers.get(path)
        is_other = durable is not None and now != durable
        if durable is not None and is_other and (now is None or not self._falls_kept()):
            return self.contents.get(durable, b"")
        flushed = self.contents.get(now or 0, b"") if now is not None else b""
        written = path.read_bytes()
        if self._falls_kept():
            return written
        if self.dice is not None and self.dice.random() < 0.5:
            cut = self.dice.randrange(len(written) + 1)
            return written[:cut] + flushed[cut:]
        return flushed

    def _falls_kept(self) -> bool:
        return self.dice is not None and self.dice.random() < 0.5


__all__ = ["CALLS", "ForgetfulDisk", "PowerCut", "Real", "watched"]
