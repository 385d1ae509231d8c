"""Where the engine speaks: every call, on whichever thread, becomes a call on the loop, in order. See `IsolateSink`.

The order of what the pool is told counts, but for states and samples, which carry their times. So an answer of V8 may
leave without the loop (`Outlet`) only while no other call waits there, and so may the report of a short run. A longer
run's waits for what the loop knows of its heap's peak.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from inspector.engine.port import STANDING_SESSION, HeapSample, ModuleRequest
from inspector.engine.ports import Posted
from inspector.host.foreign_session import ForeignSessions
from inspector.host.inbox import Inbox
from inspector.host.outlet import Outlet
from inspector.records import LedgerEntry, RunReport
from inspector.states import IsolateState, Outcome

__all__ = ["MOST_WAITING_BYTES", "Listener", "Sink"]

MOST_WAITING_BYTES = 12 << 20  # above the engine's own bound, at which it drops console events uncopied
# What a script can make V8 say without end: an eval in a loop, a throw in each timer. Answers and pauses always pass.
_DROPPABLE = (
    b'{"method":"Debugger.scriptParsed"',
    b'{"method":"Debugger.scriptFailedToParse"',
    b'{"method":"Runtime.exceptionThrown"',
    b'{"method":"Runtime.consoleAPICalled"',
    b'{"method":"Isolate.marked"',
)


_WAITED_FOR = (b'{"id":', b'{"method":"Debugger.paused"')
_SHORT_MS = 1.0  # of a run: its heap can't have had a peak worth telling that its end does not show
_COMMON_STATES = (IsolateState.RUNNING, IsolateState.IDLE, IsolateState.WAITING)


class Listener(Protocol):
    """The loop's side of a sink."""

    def on_message(self, session: int, text: bytes, dropped_before: int) -> None: ...
    def on_state(self, state: IsolateState, at_us: int, reason: str) -> None: ...
    def on_run_started(self, run_id: int, at_us: int, *, told: bool = False) -> None: ...
    def on_run_settled(self, run_id: int, report: RunReport) -> None: ...
    def on_run_answered(self, run_id: int) -> None: ...
    def report_text(self, run_id: int, report: RunReport, sample: HeapSample) -> bytes: ...
    def on_module_requested(self, request: ModuleRequest) -> None: ...
    def on_limit_hit(self, outcome: Outcome, used_bytes: int, external_bytes: int) -> None: ...
    def on_sampled(self, sample: HeapSample) -> None: ...
    def on_timers_due(self, at_us: int | None) -> None: ...
    def on_console_dropped(self) -> None: ...
    def on_console_values_released(self) -> None: ...
    def on_posted(self, posted: Posted) -> None: ...
    def on_disposed(self, ledger: LedgerEntry | None) -> None: ...


class Sink:
    """An `IsolateSink` for one isolate. Its methods run on the isolate's V8 thread, or another, and only enqueue."""

    def __init__(self, inbox: Inbox, listener: Listener, outlet: Outlet, *, samples_waited_for: bool = False) -> None:
        self._samples_waited_for = samples_waited_for  # by the reports of runs
        self._report_waits = False  # a run settled, and its report waits for the sample that follows
        self._short: deque[tuple[int, RunReport]] = deque()  # reports that wait for it here: their runs were short
        self._thread = 0  # V8's, once it has begun a run
        self._put = inbox.put
        # Until its birth is answered, which wakes the loop, nobody waits for its words: that saves the birth 0.3 ms
        self._put_patiently = inbox.put_along
        self._put_patiently_once_born = inbox.put_patiently
        self._born = False
        self._listener = listener
        self._outlet = outlet
        self._calls: deque[tuple[Callable[..., None], tuple[Any, ...]]] = deque()  # whose order counts, not served yet
        self.foreign = ForeignSessions()
        self.dropped = 0  # events so far, console lines most of all; written by the isolate's thread alone
        self._drops_pending = False

    def is_born(self) -> None:
        """Its thread is about to answer the order that made it, or an error is."""
        self._put_patiently = self._put_patiently_once_born
        self._born = True

    def message(self, session: int, text: bytes) -> None:
        if session != STANDING_SESSION:
            debugger = self.foreign.find(session)
            if debugger is not None and debugger.accept(text):
                self._put(self._listener.on_message, session, text, self.dropped)
            return
        waiting, is_waited_for = self._outlet.waiting, text.startswith(_WAITED_FOR)
        if waiting.bytes > MOST_WAITING_BYTES and text.startswith(_DROPPABLE):
            self.console_dropped(1)
            return
        if self._is_clear():
            if not is_waited_for:
                self._outlet.keep(text)
                self._put_patiently(self._outlet.flush)
                return
            if self._outlet.answer(text):
                return
        waiting.accepted += len(text)
        put = self._put if is_waited_for else self._put_patiently
        self._in_order(put, self._listener.on_message, session, text, self.dropped)

    def state_changed(self, state: IsolateState, at_us: int, reason: str) -> None:
        put = self._put_patiently if state in _COMMON_STATES else self._put
        put(self._listener.on_state, state, at_us, reason)

    def run_started(self, run_id: int, at_us: int) -> None:
        self._thread = threading.get_ident()
        if self._is_clear():
            self._outlet.keep(b'{"method":"Isolate.runStarted","params":{"runId":%d,"atUs":%d}}' % (run_id, at_us))
            self._put_patiently(self._outlet.flush)
            self._put_patiently(partial(self._listener.on_run_started, run_id, at_us, told=True))
        else:
            self._in_order(self._put_patiently, self._listener.on_run_started, run_id, at_us)  # it counts from `at_us`

    def run_settled(self, run_id: int, report: RunReport) -> None:
        if (
            self._samples_waited_for
            and report.timings.run_ms < _SHORT_MS
            and self._is_clear()
            and threading.get_ident() == self._thread  # another's is not followed by a sample
        ):
            self._short.append((run_id, report))
            self._put_patiently(self._settle_short)  # no sample follows where the isolate is about to end
        else:
            self._settle_on_loop(run_id, report)

    def _settle_short(self) -> None:
        """On the loop: what no sample has sent off yet."""
        while short := self._next_short():
            self._listener.on_run_settled(*short)

    def _next_short(self) -> tuple[int, RunReport] | None:
        """The isolate's thread and the loop both take them: each goes to one."""
        try:
            return self._short.popleft()
        except IndexError:
            return None

    def _settle_on_loop(self, run_id: int, report: RunReport) -> None:
        self._report_waits = True
        put = self._put_patiently if self._samples_waited_for else self._put  # the sample that follows wakes the loop
        self._in_order(put, self._listener.on_run_settled, run_id, report)

    def module_requested(self, request: ModuleRequest) -> None:
        self._in_order(self._put, self._listener.on_module_requested, request)

    def limit_hit(self, outcome: Outcome, used_bytes: int, external_bytes: int) -> None:
        self._in_order(self._put, self._listener.on_limit_hit, outcome, used_bytes, external_bytes)

    def sampled(self, sample: HeapSample) -> None:
        while short := self._next_short():
            run_id, report = short
            text = self._listener.report_text(run_id, report, sample) if self._is_clear() else b""
            if text and self._outlet.answer(text):
                self._put_patiently(self._listener.on_run_answered, run_id)
            else:
                self._settle_on_loop(run_id, report)
        waited_for = self._samples_waited_for and self._report_waits
        self._report_waits = False
        if waited_for:
            self._in_order(self._put, self._listener.on_sampled, sample)
        else:
            self._put_patiently(self._listener.on_sampled, sample)

    def timers_due(self, at_us: int | None) -> None:
        self._put(self._listener.on_timers_due, at_us)

    def console_dropped(self, count: int) -> None:
        self.dropped += count
        if not self._drops_pending:  # one call for a flood: the loop counts what came meanwhile
            self._drops_pending = True
            self._put(self._listener.on_console_dropped)

    def drops_are_told(self) -> None:
        """The loop has told the pool; the next drop wakes it again."""
        self._drops_pending = False

    def console_values_released(self) -> None:
        self._in_order(self._put, self._listener.on_console_values_released)

    def posted(self, posted: Posted) -> None:
        self._in_order(self._put, self._listener.on_posted, posted)

    def undelivered_bytes(self, session: int = STANDING_SESSION) -> int:
        if session == STANDING_SESSION:
            return self._outlet.waiting.bytes
        debugger = self.foreign.find(session)
        return 0 if debugger is None else debugger.waiting.bytes

    def disposed(self, ledger: LedgerEntry | None) -> None:
        self._in_order(self._put, self._listener.on_disposed, ledger)

    def _is_clear(self) -> bool:
        """Nothing waits on the loop that what is said now must not overtake."""
        return self._born and not self._calls and not self._drops_pending

    def _in_order(self, put: Callable[..., None], function: Callable[..., None], *args: Any) -> None:
        self._calls.append((function, args))
        put(self._serve_next)

    def _serve_next(self) -> None:
        """On the loop. A call waits until it is done: what it tells the pool must not be overtaken either."""
        function, args = self._calls[0]
        try:
            function(*args)
        finally:
            self._calls.popleft()
