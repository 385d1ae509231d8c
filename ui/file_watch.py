"""Which of some files changed on disk, told once they hold still: editors truncate, write in parts, rename over.

A file is told when two looks in a row saw the same, and that differs from what was last told. An empty file waits
longer: most editors empty a file before they fill it. A file that goes may come back; it is told as gone meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct
from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

__all__ = ["FileWatch"]

MOST_FILES = 1_000
_LOOK_EVERY_MS = 150
_EMPTY_LOOKS = 10
_GONE_LOOKS = 4
Look = tuple[int, int, int] | None  # modified (ns), bytes, inode; None: there is no such file


class _Watched(Struct):
    told: Look
    seen: Look
    looks: int = 0  # in a row that saw the same


class FileWatch(QObject):
    """`changed` and `gone` carry a path. Owner: the GUI thread. Price: a `stat` of a file when its folder changes."""

    changed = Signal(str)
    gone = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._files: dict[str, _Watched] = {}
        self._unsettled: set[str] = set()
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(self._noticed)
        self._watcher.directoryChanged.connect(self._noticed)  # a rename over a file is seen in its folder
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)

    def watch(self, paths: Iterable[str]) -> None:
        """Watch exactly these; the first `MOST_FILES` of them."""
        wanted = dict.fromkeys(list(paths)[:MOST_FILES])
        for path in self._files.keys() - wanted.keys():
            del self._files[path]
        for path in wanted:
            if path not in self._files:
                look = _stat(path)
                self._files[path] = _Watched(look, look)
        self._unsettled &= self._files.keys()
        self._register()

    def stop(self) -> None:
        self.watch(())
        self._timer.stop()

    def _register(self) -> None:
        places = set(self._files) | {str(Path(path).parent) for path in self._files}
        known = {*self._watcher.files(), *self._watcher.directories()}
        if surplus := list(known - places):
            self._watcher.removePaths(surplus)
        if missing := [one for one in places - known if Path(one).exists()]:
            self._watcher.addPaths(missing)

    def _noticed(self, place: str) -> None:
        for path, one in self._files.items():
            if place in (path, str(Path(path).parent)) and _stat(path) != one.told:
                self._unsettled.add(path)
        if self._unsettled:
            self._timer.start()
        self._register()  # a file that was renamed over is no longer the one that was watched

    def _look(self) -> None:
        for path in list(self._unsettled):
            one, look = self._files[path], _stat(path)
            one.looks = one.looks + 1 if look == one.seen else 0
            one.seen = look
            needed = _GONE_LOOKS if look is None else 1 if look[1] else _EMPTY_LOOKS
            if one.looks >= needed:
                self._unsettled.discard(path)
                if look != one.told:
                    one.told = look
                    (self.gone if look is None else self.changed).emit(path)
        if not self._unsettled:
            self._timer.stop()
        self._register()


def _stat(path: str) -> Look:
    try:
        found = Path(path).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
