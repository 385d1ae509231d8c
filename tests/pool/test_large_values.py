"""Values of many megabytes: cut and said so, and the pool's loop never stalls."""

from __future__ import annotations

import asyncio
import time

import pytest

from inspector.events import ConsoleWritten
from inspector.pool import Pool
from inspector.sources import source_from_text
from inspector.states import Outcome
from inspector.values import console_text
from tests.fixtures.engines import MAIN
from tests.pool.recorder import Recorder

LONGEST_TURN_S = 0.05
ENOUGH = 1 << 25


@pytest.fixture
def engine() -> str:
    return MAIN


class Turns:
    """The most CPU time that the loop spent before it came round: the machine's other work is not in it."""

    def __init__(self) -> None:
        self.longest_s = 0.0
        self._last = time.thread_time()
        self._handle = asyncio.get_running_loop().call_soon(self._turn)

    def _turn(self) -> None:
        now = time.thread_time()
        self.longest_s = max(self.longest_s, now - self._last)
        self._last = now
        self._handle = asyncio.get_running_loop().call_later(0.001, self._turn)

    def stop(self) -> float:
        self._handle.cancel()
        return self.longest_s


async def test_a_long_string_is_cut_and_says_so(pool: Pool, events: Recorder) -> None:
    isolate = await pool.create_isolate(memory_limit="512 MiB")
    turns = Turns()
    report = await isolate.run(source_from_text(f"console.log('y'.repeat({ENOUGH})); 'x'.repeat({ENOUGH})", "long.js"))
    longest = turns.stop()
    assert report.outcome is Outcome.COMPLETED and report.result is not None
    assert not report.has_value and report.result["value"].startswith(f"[{ENOUGH} characters, ")
    line = await events.heard(ConsoleWritten)
    assert console_text(line.args).startswith(f"[{ENOUGH} characters, ")
    assert longest < LONGEST_TURN_S


async def test_a_string_of_a_megabyte_arrives_whole(pool: Pool) -> None:
    isolate = await pool.create_isolate()
    report = await isolate.run(source_from_text("'ä'.repeat(1 << 20)", "whole.js"))
    assert report.has_value and report.value == "ä" * (1 << 20) and report.result is not None
    assert report.result["value"] == report.value
