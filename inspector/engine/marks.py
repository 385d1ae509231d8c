"""Marks that scripts set on the time axis: `console.timeStamp(name)` and `performance.mark(name)`, for both engines.

The prelude's `performance.mark` calls `console.timeStamp`, with its own age before the name: one way for both. A mark
that comes in a flood is counted, not told: the next one says how many.
"""

from __future__ import annotations

import json
import re
import time

__all__ = ["MARKED", "MarkTeller"]

MARKED = "Isolate.marked"
_MOST_A_SECOND = 500
_MOST_LETTERS = 300
_OF_PERFORMANCE = re.compile(r"\x00performance\.mark (-?[0-9.e+-]{1,30}) (.*)", re.DOTALL)  # web/performance.js
_LONGEST_MS = 3.6e6  # a mark that is older was given a time of some other clock


class MarkTeller:
    """Of one isolate, on its thread."""

    def __init__(self) -> None:
        self._second = 0
        self._told = 0
        self._left_out = 0

    def notification(self, label: str) -> bytes | None:
        """What to tell of `console.timeStamp(label)`; None when there were too many in this second."""
        now_us = time.monotonic_ns() // 1000
        if now_us // 1_000_000 != self._second:
            self._second, self._told = now_us // 1_000_000, 0
        if self._told >= _MOST_A_SECOND:
            self._left_out += 1
            return None
        self._told += 1
        source, name, at_us = _read(label, now_us)
        params = {"atUs": at_us, "name": name[:_MOST_LETTERS], "source": source, "leftOutBefore": self._left_out}
        self._left_out = 0
        return json.dumps({"method": MARKED, "params": params}, separators=(",", ":")).encode()


def _read(label: str, now_us: int) -> tuple[str, str, int]:
    """(source, name, at_us)"""
    found = _OF_PERFORMANCE.fullmatch(label)
    if found is None:
        return "console.timeStamp", label, now_us
    try:
        age_ms = float(found[1])
    except ValueError:
        age_ms = 0.0
    return "performance.mark", found[2], now_us - round(age_ms * 1000 if 0 <= age_ms < _LONGEST_MS else 0)
