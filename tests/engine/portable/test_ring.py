"""The ring of console lines: what its reader takes for a line, and a writer that meets a quick reader."""

from __future__ import annotations

from pathlib import Path

from py_mini_racer import MiniRacer

import resources
from inspector.engine.portable.ring import Ring

RACE = Path(__file__).with_name("ring_race.js")
HEADER_BYTES, RANDOM_BYTES, CAPACITY = 64, 65536, 1 << 10


def written(memory: bytearray, text: str) -> None:
    """As the writer does, from the start of the ring."""
    data = text.encode("utf-16-le")
    memory[HEADER_BYTES : HEADER_BYTES + len(data)] = data
    memory[:4] = (len(data) // 2).to_bytes(4, "little")


def test_a_line_that_the_writer_gave_up_is_no_line() -> None:
    memory = bytearray(HEADER_BYTES + 2 * CAPACITY + RANDOM_BYTES)
    ring = Ring(memoryview(memory))
    written(memory, 'console [1]\nconsole {"text":"x\0\nmark\0\0\nconsole [2]\n')
    assert ring.read() == [("console", "[1]"), ("console", "[2]")]
    assert ring.read() == []
    ring.close()


def test_a_reader_that_empties_the_ring_at_any_moment_is_seen() -> None:
    """It stored its last count between two looks of the writer, which then waited five seconds for another one."""
    racer = MiniRacer()
    try:
        answer = racer.eval(f"{RACE.read_text()}({resources.text('js/portable/ring.js').strip()})")
        assert answer == 0
    finally:
        racer.close()
