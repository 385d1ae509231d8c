"""Resident memory of this process, as the operating system tells it."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["resident_bytes"]

_STATM = Path("/proc/self/statm")  # proc(5): pages; the second field is resident


def resident_bytes() -> int:
    """0 where the system has no cheap answer (macOS, Windows)."""
    try:
        return int(_STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, AttributeError):
        return 0
