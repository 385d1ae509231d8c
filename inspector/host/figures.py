"""What the operating system says of this process: resident memory and CPU time, without a library for it."""

from __future__ import annotations

import os
import sys
import time

__all__ = ["cpu_us", "default_budget_bytes", "resident_bytes"]

_LEAST_BUDGET = 2 << 30
_MOST_BUDGET = 8 << 30
_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


def resident_bytes() -> int:
    """Resident memory now. Linux: from `/proc/self/statm` (20 us). Elsewhere the largest it ever was (getrusage): the
    standard library knows no other figure there; 0 on Windows."""
    if sys.platform == "linux":
        with open("/proc/self/statm", "rb", buffering=0) as file:  # noqa: PTH123 (a Path here doubles the price)
            return int(file.read(128).split()[1]) * _PAGE
    try:
        import resource
    except ImportError:
        return 0
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return largest if sys.platform == "darwin" else largest * 1024


def cpu_us() -> int:
    """User and system time of all threads since the start."""
    return time.process_time_ns() // 1000


def default_budget_bytes() -> int:
    """Resident memory for a host: half the machine's, at least 2 GiB, at most 8 (the cage of V8's heaps has 4)."""
    return max(_LEAST_BUDGET, min(_MOST_BUDGET, _machine_bytes() // 2))


def _machine_bytes() -> int:
    """Memory of the machine; 8 GiB where it can't be told."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * _PAGE
    except (AttributeError, ValueError, OSError):
        return 8 << 30
