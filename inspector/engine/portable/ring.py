"""Console lines from an isolate's shared memory, read without V8 while a script runs (resources/js/portable/ring.js).

The memory is 16 words of 32 bits and a ring of UTF-16 code units. V8's thread writes units, then the count of units
written; Python reads that count, then the units, then stores the count of units read, on which a writer that found the
ring full waits. The counts are whole words: a torn read can't happen on the processors that V8 supports. Behind the
ring lie random bytes of the system, written while JavaScript waits for them, or does not run.
"""

from __future__ import annotations

import codecs
import os

__all__ = ["Ring"]

_HEADER_BYTES = 64
_UNIT_BYTES = 2
_WRITTEN, _READ, _DROPPED, _DROPPING, _CURRENT, _RANDOM_LEFT, _RANDOM_ASKED = range(7)
_RANDOM_BYTES = 65536
_WORD = 1 << 32
_TORN = "\0"  # ends a line that was cut, and counted: nobody read for five seconds, or a stop ended the script


class Ring:
    """The reader. Belongs to the isolate's thread."""

    def __init__(self, memory: memoryview) -> None:
        self._words = memory[:_HEADER_BYTES].cast("B").cast("I")
        self._units = memory[_HEADER_BYTES : len(memory) - _RANDOM_BYTES]
        self._random = memory[len(memory) - _RANDOM_BYTES :]
        self._capacity = len(self._units) // _UNIT_BYTES
        self._decoder = codecs.getincrementaldecoder("utf-16-le")("surrogatepass")
        self._pieces: list[str] = []  # of a line whose end is yet to come
        self._dropped = 0
        self.closed = False
        self.was_filled = False  # the last `read` found something, though it may not be a whole line

    def read(self) -> list[tuple[str, str]]:
        """Whole lines since the last call, oldest first, as (tag, JSON text)."""
        if self.closed:
            return []
        written, read = self._words[_WRITTEN], self._words[_READ]
        waiting = (written - read) % _WORD
        self.was_filled = waiting > 0
        if not waiting:
            return []
        text = self._decoder.decode(self._copy(read % self._capacity, min(waiting, self._capacity)))
        self._words[_READ] = written
        self._pieces.append(text)
        if "\n" not in text:  # a long line, of many rings: joined once
            return []
        *lines, rest = "".join(self._pieces).split("\n")
        self._pieces = [rest]
        whole = (line for line in lines if line and not line.endswith(_TORN))
        return [(tag, body) for tag, _, body in (line.partition(" ") for line in whole)]

    def _copy(self, start: int, count: int) -> bytes:
        end = start + count
        if end <= self._capacity:
            return bytes(self._units[start * _UNIT_BYTES : end * _UNIT_BYTES])
        first = bytes(self._units[start * _UNIT_BYTES :])
        return first + bytes(self._units[: (end - self._capacity) * _UNIT_BYTES])

    @property
    def current(self) -> int:
        """The number of the run whose code executes, or executed last; 0: none did."""
        return 0 if self.closed else self._words[_CURRENT]

    def take_dropped(self) -> int:
        """How many lines were dropped since the last call: nobody read fast enough."""
        if self.closed:
            return 0
        total = self._words[_DROPPED]
        fresh, self._dropped = (total - self._dropped) % _WORD, total
        return fresh

    def give_random(self) -> None:
        """Write fresh random bytes, when they are asked for."""
        if not self.closed and self._words[_RANDOM_ASKED]:
            self._random[:] = os.urandom(_RANDOM_BYTES)
            self._words[_RANDOM_LEFT] = _RANDOM_BYTES
            self._words[_RANDOM_ASKED] = 0

    def set_dropping(self, dropping: bool) -> None:
        """Have the isolate drop console calls, counted, before they are described."""
        if not self.closed:
            self._words[_DROPPING] = int(dropping)

    def close(self) -> None:
        """Let go of the memory before the isolate is freed: it is V8's, and goes with it. Idempotent."""
        self.closed = True
        self._words.release()
        self._units.release()
        self._random.release()
