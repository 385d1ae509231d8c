"""Which files are opened as recordings instead of being run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

__all__ = ["PROFILE_SUFFIXES", "RECORDING_FILTER", "RECORDING_SUFFIXES", "recordings_of"]

PROFILE_SUFFIXES = (".cpuprofile", ".heapprofile")
RECORDING_SUFFIXES = (".isosession", *PROFILE_SUFFIXES)
RECORDING_FILTER = "Recordings and profiles (*.isosession *.cpuprofile *.heapprofile)"


def recordings_of(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Those of `paths` that are recordings or profiles, by their suffix."""
    return tuple(path for path in paths if path.suffix.lower() in RECORDING_SUFFIXES)
