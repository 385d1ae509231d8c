"""A flood of console lines: delivered in pieces that fit a frame, in order, every line shown or counted; kept so that
neither garbage collection nor letting go of them stalls the window.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from inspector.events import ConsoleWritten, Event
from tests.ui.made import written
from ui import bridge as bridge_module
from ui.bridge import FRAME_BUDGET_US, Bridge
from ui.event_queue import EventQueue
from ui.models.console import ConsoleModel
from ui.models.discard import PIECE, Discard

OBJECT: dict[str, Any] = {"type": "object", "objectId": "1", "description": "{…}", "preview": {"properties": [{}]}}


class Clock:
    def __init__(self) -> None:
        self.now = 0

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Time that passes only where a test says so."""
    made = Clock()
    monkeypatch.setattr(bridge_module, "now_us", made)
    return made


@pytest.fixture
def queue() -> EventQueue:
    return EventQueue(max_console=20_000)


@pytest.fixture
def bridge(qtbot: QtBot, loop: asyncio.AbstractEventLoop, queue: EventQueue) -> Iterator[Bridge]:
    made = Bridge(queue, lambda coroutine: Future(), loop)
    yield made
    made.close()


@pytest.mark.parametrize("price_us", [5, 300, 5_000, 50_000])
def test_a_frame_takes_no_more_lines_than_fit(
    qtbot: QtBot, clock: Clock, queue: EventQueue, bridge: Bridge, price_us: int
) -> None:
    count = 2_000 if price_us < 1_000 else 60
    frames: dict[int, int] = {}  # when a frame began -> what its lines took
    got: list[str] = []

    def work(events: list[Event]) -> None:
        frames[bridge._delivered_us] = frames.get(bridge._delivered_us, 0) + price_us * len(events)
        clock.now += price_us * len(events)
        got.extend(one.args[0]["value"] for one in events if isinstance(one, ConsoleWritten))

    bridge.events_arrived.connect(work)
    for number in range(count):
        queue.put(written(f"line {number}"))
    qtbot.waitUntil(lambda: len(got) == count)
    assert got == [f"line {number}" for number in range(count)]
    _, *later = frames.values()
    assert max(later) <= max(FRAME_BUDGET_US + price_us, price_us)
    assert next(iter(frames.values())) <= max(FRAME_BUDGET_US + price_us, 4 * price_us)


def test_every_line_of_a_burst_is_shown_or_counted(qtbot: QtBot, queue: EventQueue, bridge: Bridge) -> None:
    model = ConsoleModel()
    model.show(1)
    for number in range(30_000):
        queue.put(written(f"line {number}"))
    bridge.events_arrived.connect(model.apply)
    qtbot.waitUntil(lambda: not len(queue))
    gap, *lines = model.text().split("\n")
    assert gap == f"{30_000 - len(lines):,} console lines were dropped: they came faster than they could be shown"
    assert lines == [f"line {number}" for number in range(30_000 - len(lines), 30_000)]
    assert len(lines) >= 10_000


def test_garbage_collection_walks_no_line_that_is_kept() -> None:
    model = ConsoleModel()
    model.show(1)
    model.apply([written("in", level="startGroup"), ConsoleWritten(5, 1, 1, "log", (OBJECT,), "file.js", 3)])
    row = model.row(model.index(1))
    assert row is not None and row.branch is not None and row.branch.remotes == (OBJECT,)
    kept = (row, row.line, row.branch, row.branch.packed, row.line.place, row.line.inside, written("event"))
    assert not any(map(gc.is_tracked, kept))


def test_half_a_surrogate_in_an_object_is_kept() -> None:
    odd = {**OBJECT, "description": "\ud800"}
    model = ConsoleModel()
    model.show(1)
    model.apply([ConsoleWritten(5, 1, 1, "log", (odd,))])
    row = model.row(model.index(0))
    assert row is not None and row.branch is not None and row.branch.remotes == (odd,)


def test_what_is_let_go_goes_in_pieces(qtbot: QtBot) -> None:
    discard, big, small = Discard(), [object() for _ in range(3 * PIECE)], [object()]
    discard.take(big)
    discard.take(small)
    assert len(discard) == 3 * PIECE
    discard._step()
    assert len(discard) == 2 * PIECE
    qtbot.waitUntil(lambda: len(discard) == 0 and not discard._timer.isActive())


def test_a_cleared_console_is_empty_at_once_and_its_rows_go_later(qtbot: QtBot) -> None:
    model = ConsoleModel()
    model.show(1)
    model.apply([written(f"line {number}") for number in range(PIECE + 1)])
    model.clear()
    assert model.rowCount() == 0 and len(model._discard) == PIECE + 1
    model.apply([written("new")])
    qtbot.waitUntil(lambda: len(model._discard) == 0)
    assert model.text() == "new"
