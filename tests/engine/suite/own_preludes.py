"""Preludes that do not complete, and a word of what is said then."""

from __future__ import annotations

__all__ = ["BAD_PRELUDES"]

BAD_PRELUDES = {
    "for (;;);": "ended",
    "(function again() { Promise.resolve().then(again) })()": "ended",
    "(async () => { await 0; for (;;); })()": "ended",
    "throw new RangeError('on purpose')": "on purpose",
}
