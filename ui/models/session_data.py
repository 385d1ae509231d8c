"""A recording as its view shows it, and profiles of others read as one. No Qt; imported late: it brings numpy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from inspector.analysis.cpuprofile import read_cpuprofile
from inspector.analysis.heap_profile import read_heapprofile
from inspector.analysis.track import Track
from inspector.analysis.tree import Frame
from inspector.errors import FormatError
from inspector.text import visible

__all__ = ["SessionData", "SourceText", "read_profile_file"]

_LARGEST = 2 << 30
_LARGEST_SOURCE = 16 << 20
_SCRIPTS = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".jsx", ".tsx")


class SourceText(Struct, frozen=True):
    """`text` None: there is none, and `words` says why; else `words` says where it is from."""

    text: str | None
    words: str


@dataclass(frozen=True)
class SessionData:
    """`live`: it is still being recorded. `notes`: what is missing, a sentence each. `focus`: the isolate and the
    instant that it was saved for. `source_of` may be called from any thread.
    """

    title: str
    path: str
    tracks: tuple[Track, ...]
    from_us: float
    to_us: float
    source_of: Callable[[Track, Frame], SourceText]
    live: bool = False
    notes: tuple[str, ...] = ()
    focus: tuple[int, float] | None = None


def read_profile_file(path: Path) -> SessionData:
    """A `.cpuprofile` or `.heapprofile`, from whichever program. FormatError where it can't be read."""
    raw = _read(path)
    name = path.name
    if path.suffix.lower() == ".heapprofile":
        track = Track(1, name, heap_profile=read_heapprofile(raw))
        return SessionData(name, str(path), (track,), 0.0, 1.0, source_on_disk)
    profile = read_cpuprofile(raw)
    track = Track(1, name, profile=profile)
    return SessionData(name, str(path), (track,), profile.from_us, profile.until_us, source_on_disk)


def source_on_disk(_track: Track, frame: Frame) -> SourceText:
    """A profile names its sources and holds none: the file as it is now, when it is a script of this machine."""
    if not frame.url:
        return SourceText(None, f"{frame.label} has no source: it is part of V8.")
    path = _local(frame.url)
    shown = visible(frame.url, 120)
    if path is None or path.suffix.lower() not in _SCRIPTS:
        return SourceText(None, f"The profile does not hold the source of {shown}.")
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST_SOURCE:
            return SourceText(None, f"{shown} is not on this machine any more, or is larger than 16 MiB.")
        return SourceText(path.read_text("utf-8", "replace"), f"{shown}, as it is on disk now")
    except (OSError, ValueError) as error:
        return SourceText(None, f"{shown} can't be read: {visible(str(error), 120)}.")


def _local(url: str) -> Path | None:
    """A path of this machine, never one of the network."""
    if url.startswith(("//", "\\\\")):
        return None
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.netloc in ("", "localhost"):
        path = Path(unquote(parts.path))
        return path if path.is_absolute() else None
    path = Path(url)
    return path if path.is_absolute() else None


def _read(path: Path) -> bytes:
    action = f"Open {visible(path.name, 60)}"
    try:
        if path.stat().st_size > _LARGEST:
            raise FormatError(action, "it is larger than 2 GiB", "Record for a shorter time.")
        return path.read_bytes()
    except OSError as error:
        raise FormatError(action, visible(error.strerror or str(error), 200)) from error
