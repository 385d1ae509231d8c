"""Reads a file as JavaScript, or says why not. Blocks on the disk: never call it on a loop's thread."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from inspector.errors import SourceError
from inspector.sources.encoding import decode
from inspector.sources.entry import entry_of
from inspector.sources.kind import kind_of
from inspector.sources.refusals import refuse_by_name
from inspector.sources.source import Source
from inspector.text import visible

__all__ = ["MAX_BYTES", "read_bytes", "read_source", "read_text", "source_from_text"]

MAX_BYTES = 200_000_000

_SPECIAL = (
    (stat.S_ISDIR, "it is a folder", "Name the JavaScript file in it."),
    (stat.S_ISFIFO, "it is a named pipe", "Write its content to a file first."),
    (stat.S_ISCHR, "it is a device", "Only ordinary files are read."),
    (stat.S_ISBLK, "it is a device", "Only ordinary files are read."),
    (stat.S_ISSOCK, "it is a socket", "Only ordinary files are read."),
)


def read_source(path: Path) -> Source:
    """The file at `path` (links resolved) as a `Source`: its kind, with the reason, and its text.

    A folder stands for its entry (see `entry_of`), whose imports may then come from all of the folder.
    SourceError: missing, unreadable, a folder without an entry, a pipe, device or socket (none is opened), above
    200 MB, binary, not UTF-8 (with the byte offset; UTF-16 is read when it has a byte order mark), or another language
    by its name.
    """
    action = _action(path)
    real = _resolve(path, action)
    root = real if real.is_dir() else real.parent
    if root is real:
        real = entry_of(root, action)
    refuse_by_name(real, action)
    text = read_text(real, action)
    kind, reason = kind_of(text, real)
    return Source(text, real.as_uri(), real, kind, reason, root)


def source_from_text(text: str, url: str) -> Source:
    """Typed or generated text under the label `url`; it has no file, and imports nothing."""
    kind, reason = kind_of(text, None)
    return Source(text, url, None, kind, reason, None)


def read_text(real: Path, action: str) -> str:
    """The text of an ordinary file; errors as `read_source`."""
    return decode(read_bytes(real, action), action)


def read_bytes(real: Path, action: str, limit: int = MAX_BYTES) -> bytes:
    """The bytes of an ordinary file of at most `limit` bytes; looks before it opens, and never waits for a writer."""
    try:
        _must_be_ordinary(real.stat(), action, limit)
        descriptor = os.open(real, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        try:
            _must_be_ordinary(os.fstat(descriptor), action, limit)  # it may have been replaced since
            data = _read_all(descriptor, limit)
        finally:
            os.close(descriptor)
    except (OSError, ValueError) as error:
        raise _unreadable(real, action, error) from error
    if len(data) > limit:
        raise _too_large(len(data), action, limit)
    return data


def _read_all(descriptor: int, limit: int) -> bytes:
    pieces = []
    size = 0
    while size <= limit and (piece := os.read(descriptor, 1 << 24)):
        pieces.append(piece)
        size += len(piece)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _must_be_ordinary(status: os.stat_result, action: str, limit: int) -> None:
    for is_special, cause, remedy in _SPECIAL:
        if is_special(status.st_mode):
            raise SourceError(action, cause, remedy)
    if not stat.S_ISREG(status.st_mode):
        raise SourceError(action, "it is not an ordinary file", "Only ordinary files are read.")
    if status.st_size > limit:
        raise _too_large(status.st_size, action, limit)


def _too_large(size: int, action: str, limit: int) -> SourceError:
    cause = f"it has {size:,} bytes, more than {limit // 10**6} MB"
    return SourceError(action, cause, "Split it, or bundle less into it.")


def _resolve(path: Path, action: str) -> Path:
    try:
        return path.resolve(strict=True)
    except (OSError, ValueError, RuntimeError) as error:
        raise _unreadable(path, action, error) from error


def _unreadable(path: Path, action: str, error: Exception) -> SourceError:
    if isinstance(error, FileNotFoundError):
        if path.is_symlink():
            return SourceError(action, f"it is a link to {visible(str(path.readlink()))}, which is missing")
        return SourceError(action, "there is no such file", _nearby(path))
    if isinstance(error, NotADirectoryError):
        return SourceError(action, "a part of its path is a file, not a folder", "Check the path.")
    if isinstance(error, PermissionError):
        return SourceError(action, "permission denied", "Check who may read it (and its folders).")
    if isinstance(error, RuntimeError):  # pathlib's word for links that go round
        return SourceError(action, "its links lead round in a circle", "Name the file itself.")
    return SourceError(action, str(getattr(error, "strerror", None) or error).lower(), "Check the path.")


def _nearby(path: Path) -> str:
    from difflib import get_close_matches  # 10 ms, for a slip only

    try:
        names = [entry.name for entry in os.scandir(path.parent)]
    except (OSError, ValueError):
        return "Check the path: its folder can't be read either."
    close = get_close_matches(path.name, names, n=1, cutoff=0.75)
    return f"Did you mean {visible(close[0])}?" if close else "Check the path."


def _action(path: Path) -> str:
    return f"Read {visible(str(path))}"
