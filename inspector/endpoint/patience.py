"""Whether a debugger still reads. Sans-I/O: figures in, verdict out."""

from __future__ import annotations

__all__ = ["LEAST_BYTES", "PATIENCE_S", "Patience"]

PATIENCE_S = 10.0
LEAST_BYTES = 256 << 10  # in that time, or all that waited: who reads a byte now and then would hold up a snapshot


class Patience:
    """`look` from time to time while bytes wait; `PATIENCE_S` after the last sign of reading it is over."""

    def __init__(self) -> None:
        self._since_s = 0.0
        self._read_then = -1  # -1: nothing waits

    def look(self, now_s: float, read: int, waiting: int) -> bool:
        """`read`: bytes read since the beginning; `waiting`: bytes that could be. False when patience is over."""
        if waiting <= 0:
            self._read_then = -1
        elif self._read_then < 0 or read - self._read_then >= LEAST_BYTES:
            self._since_s, self._read_then = now_s, read
        return self._read_then < 0 or now_s - self._since_s < PATIENCE_S
