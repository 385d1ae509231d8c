"""Where this program keeps files on each platform. Paths alone: nothing is made here."""

from __future__ import annotations

import os
import sys
from pathlib import Path

__all__ = ["NAME", "cache_folder", "recordings_folder", "state_folder"]

NAME = "isolate-inspector"


def state_folder() -> Path:
    """Logs: XDG_STATE_HOME on Linux, Library/Logs on macOS, LOCALAPPDATA on Windows."""
    if sys.platform == "win32":
        return _windows() / "Logs"
    if sys.platform == "darwin":
        return _home() / "Library" / "Logs" / NAME
    return _xdg("XDG_STATE_HOME", ".local/state")


def cache_folder() -> Path:
    """What can be made again: XDG_CACHE_HOME on Linux, Library/Caches on macOS, LOCALAPPDATA on Windows."""
    if sys.platform == "win32":
        return _windows() / "Cache"
    if sys.platform == "darwin":
        return _home() / "Library" / "Caches" / NAME
    return _xdg("XDG_CACHE_HOME", ".cache")


def recordings_folder() -> Path:
    """What a user keeps: XDG_DATA_HOME on Linux, Library/Application Support on macOS, LOCALAPPDATA on Windows."""
    if sys.platform == "win32":
        return _windows() / "Recordings"
    if sys.platform == "darwin":
        return _home() / "Library" / "Application Support" / NAME / "recordings"
    return _xdg("XDG_DATA_HOME", ".local/share") / "recordings"


def _home() -> Path:
    """A user without a home (a container's) has a folder for temporary files."""
    try:
        return Path.home()
    except RuntimeError:
        import tempfile  # price: 4 ms of a start

        return Path(tempfile.gettempdir())


def _xdg(variable: str, otherwise: str) -> Path:
    """The base directory specification: a relative path in the variable counts as not set."""
    value = os.environ.get(variable, "")
    base = Path(value) if value and Path(value).is_absolute() else _home() / otherwise
    return base / NAME


def _windows() -> Path:
    value = os.environ.get("LOCALAPPDATA", "")
    return (Path(value) if value else _home() / "AppData" / "Local") / NAME
