"""Pool thread -> Qt: events in batches, at most one batch a frame; Qt -> pool thread: coroutines, answered in the
GUI's loop.

The pool's thread fills an `EventQueue`; the first event after silence wakes the GUI, which then takes what has
gathered once a frame. While nothing happens no timer runs.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from inspector.errors import CancelledError, InspectorError
from inspector.events import Event
from ui.clock import FRAME_MS, now_us
from ui.event_queue import EventQueue

__all__ = ["EVENTS_AT_ONCE", "Bridge"]

EVENTS_AT_ONCE = 200  # of one batch, at most; a console line with objects costs about 20 us through every model
_FIRST_EVENTS = 4  # of a frame: a table of the console takes 5 ms, a long line 0.5
_MOST_GROWTH = 4
FRAME_BUDGET_US = (
    8_000  # for all batches of a frame; what comes faster waits, and past the queue's bound is dropped and told
)

T = TypeVar("T")
Submit = Callable[[Coroutine[Any, Any, Any]], "Future[Any]"]

log = logging.getLogger(__name__)


class Bridge(QObject):
    """One door each way between the pool's thread and the GUI's."""

    events_arrived = Signal(list)  # list[Event], in order
    failed = Signal(object)  # an exception that a coroutine of the GUI ended with
    _woken = Signal()

    def __init__(
        self, queue: EventQueue, submit: Submit, loop: asyncio.AbstractEventLoop, parent: QObject | None = None
    ) -> None:
        """`queue` is what the pool's listener fills, from before there was a bridge; `submit` hands a coroutine to the
        pool's loop from any thread; `loop` is the GUI's.
        """
        super().__init__(parent)
        self.pace_ms = FRAME_MS  # at least so long between two batches
        self._submit = submit
        self._loop = loop
        self._queue = queue
        self._tasks: set[asyncio.Task[Any]] = set()
        self._delivered_us = 0
        self._at_once = _FIRST_EVENTS
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._drain)
        self._woken.connect(self._schedule, Qt.ConnectionType.QueuedConnection)
        self._closed = False
        self._last: list[Future[Any]] = []
        queue.wake = self._woken.emit
        self._schedule()

    async def submit(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run `coroutine` in the pool's loop and await its answer here. Raises what it raises."""
        return await asyncio.wrap_future(self._submit(coroutine), loop=self._loop)

    def tell(self, event: Event) -> None:
        """An event of the window's own, in line with the pool's."""
        self._queue.put(event)

    def finish(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        """A last thing for the pool's loop: done also when nobody runs this one any more; `drained` waits for it."""
        self._last.append(self._submit(coroutine))

    def spawn(self, coroutine: Coroutine[Any, Any, Any], name: str = "") -> asyncio.Task[Any]:
        """The one way to start a coroutine of the GUI: kept alive until it ends, its failure told by `failed`."""
        task = self._loop.create_task(coroutine, name=name or getattr(coroutine, "__qualname__", "command"))
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    async def in_a_thread(self, work: Callable[[], object]) -> None:
        """Do what would stall the window in a thread of its own. Raises what it raises."""
        done: Future[None] = Future()

        def run() -> None:
            if not done.set_running_or_notify_cancel():
                return  # the window closed before this began; from here on a close only waits
            try:
                work()
                done.set_result(None)
            except BaseException as error:
                done.set_exception(error)

        threading.Thread(target=run, name=work.__name__).start()
        await asyncio.wrap_future(done, loop=self._loop)

    @property
    def busy(self) -> int:
        """How many coroutines of the GUI have not ended."""
        return len(self._tasks)

    def close(self) -> None:
        """Stop listening; what still waits is not delivered any more."""
        self._closed = True
        self._queue.wake = lambda: None
        self._timer.stop()
        for task in list(self._tasks):
            task.cancel()

    async def drained(self) -> None:
        """Wait until every coroutine that was started here has ended."""
        if self._tasks:
            await asyncio.wait(set(self._tasks))
        last = [asyncio.wrap_future(one, loop=self._loop) for one in self._last]
        for trouble in await asyncio.gather(*last, return_exceptions=True):
            if isinstance(trouble, Exception):
                log.error("A last thing of the window failed", exc_info=trouble)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if task.cancelled():
            return
        error = task.exception()
        if error is None or isinstance(error, CancelledError) or self._closed:
            return
        if not isinstance(error, InspectorError):
            log.error("A command of the window failed", exc_info=error)
        self.failed.emit(error)

    @Slot()
    def _schedule(self) -> None:
        if not self._closed and not self._timer.isActive():
            waited_ms = (now_us() - self._delivered_us) // 1000
            self._timer.start(max(0, self.pace_ms - waited_ms))

    @Slot()
    def _drain(self) -> None:
        """Deliver for as long as a frame may take: each batch as large as fits, going by the last one."""
        self._delivered_us = began_us = now_us()
        self._at_once = min(self._at_once, _FIRST_EVENTS)
        while events := self._queue.take(self._at_once):
            self.events_arrived.emit(list(events))
            ended_us = now_us()
            left_us = FRAME_BUDGET_US - (ended_us - self._delivered_us)
            fit = len(events) * max(0, left_us) // max(1, ended_us - began_us)
            self._at_once = max(1, min(fit, len(events) * _MOST_GROWTH, EVENTS_AT_ONCE))
            began_us = ended_us
            if left_us <= 0:
                break
        if len(self._queue):
            self._schedule()
