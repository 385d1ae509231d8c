"""The folder of recordings: dated names, what lies there, what a kill has cut off."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from inspector.errors import InspectorError
from inspector.recording.layout import SUFFIX

__all__ = ["BLACK_BOX", "RecordingFile", "dated_path", "delete", "listed", "looked_at", "recovered"]

BLACK_BOX = "black box"  # begins the names of those that were saved by themselves


class RecordingFile(Struct, frozen=True):
    """`trouble`: "" or why it can't be opened. `is_cut`: nobody stopped it."""

    path: Path
    size_bytes: int
    began_wall_us: int
    duration_s: float
    reason: str
    preset: str
    is_live: bool
    is_cut: bool
    focus_isolate_id: int
    trouble: str

    @property
    def ended_wall_us(self) -> int:
        return self.began_wall_us + round(self.duration_s * 1e6)


def dated_path(folder: Path, words: str = "recording") -> Path:
    """A name that is free: `recording 2026-11-25 16.40.07.isosession`."""
    stem = f"{words} {time.strftime('%Y-%m-%d %H.%M.%S')}"
    path = folder / f"{stem}{SUFFIX}"
    number = 2
    while path.exists():
        path = folder / f"{stem} ({number}){SUFFIX}"
        number += 1
    return path


def listed(folder: Path) -> list[RecordingFile]:
    """The newest first. Price: 2 ms a file; not for the GUI's thread."""
    try:
        paths = sorted(folder.glob(f"*{SUFFIX}"))
    except OSError:
        return []
    return sorted((looked_at(path) for path in paths), key=lambda one: -one.ended_wall_us)


def looked_at(path: Path) -> RecordingFile:
    """What is told of one file; one that was cut off is folded first."""
    from inspector.recording.opening import recover
    from inspector.recording.session import Session  # price: numpy, when a list is asked for
    from inspector.recording.store import is_live

    size = _size(path)
    if _log_of(path).exists() and not is_live(path) and not recover(path):
        return RecordingFile(path, size, _modified_us(path), 0.0, "", "", True, False, 0, "another program writes it")
    try:
        with Session.open(path) as session:
            info = session.info
            live, cut = is_live(path), info.ended_us is None and not is_live(path)
            words = (info.reason, info.preset)
            began = info.began_wall_us
            return RecordingFile(path, size, began, info.duration_s, *words, live, cut, info.focus_isolate_id, "")
    except InspectorError as error:
        return RecordingFile(path, size, _modified_us(path), 0.0, "", "", False, False, 0, error.cause)


def recovered(folder: Path) -> list[RecordingFile]:
    """Fold what a kill has cut off into one file each, and tell of those."""
    cut_off = list(_cut_off(folder))
    if not cut_off:
        return []
    from inspector.recording.opening import recover

    return [looked_at(path) for path in cut_off if recover(path)]


def delete(path: Path) -> None:
    """The file and its log. OSError."""
    path.unlink()
    for beside in (_log_of(path), path.with_name(path.name + "-shm")):
        beside.unlink(missing_ok=True)


def _cut_off(folder: Path) -> Iterator[Path]:
    """What has a log beside it. Price: a look into the folder; nothing is imported while there is none."""
    try:
        yield from (path for path in sorted(folder.glob(f"*{SUFFIX}")) if _log_of(path).exists())
    except OSError:
        return


def _log_of(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def _size(path: Path) -> int:
    total = 0
    for one in (path, _log_of(path)):
        try:
            total += one.stat().st_size
        except OSError:
            continue
    return total


def _modified_us(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns // 1000
    except OSError:
        return 0
