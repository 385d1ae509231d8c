"""The end of an isolate, in the order that V8 survives: session, contexts, inspector, isolate.

The inspector before a session, or a session after the isolate, is a crash. When the thread can't be had within the
grace time, the isolate is freed as it is (also safe, with JavaScript in an endless loop) and the session's objects
leak. A thread that has begun to take it apart is waited for: to free the isolate under it aborts the host.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.records import LedgerEntry
from inspector.states import IsolateState

if TYPE_CHECKING:
    from inspector.engine.native.isolate import NativeIsolate

__all__ = ["Teardown"]

_GRACE_S = 2.0
_BEGUN_S = 60.0  # a starved thread comes to its end; a host whose thread does not is killed from outside
_PAGE_BYTES = 4096


class Teardown:
    """`begin` from any thread, once; a thread of its own waits for the isolate's."""

    def __init__(self, owner: NativeIsolate, ended: Callable[[NativeIsolate], None]) -> None:
        self._owner = owner
        self._ended = ended
        self._lock = threading.Lock()
        self._begun = False
        self._taking = self._given_up = False  # which of the two came first, under the lock
        self._taken_apart = threading.Event()
        self._used = self._external = 0
        self.done = threading.Event()

    def begin(self) -> None:
        with self._lock:
            if self._begun:
                return
            self._begun = True
        name = f"end-of-isolate-{self._owner.isolate_id}"
        threading.Thread(target=self._end, name=name, daemon=True).start()

    def _end(self) -> None:
        owner = self._owner
        owner.birth_over.wait()
        began = time.perf_counter()
        resident = _resident_bytes()
        if owner.address:
            owner.pump.post_last(self._take_apart)
            owner.closing = True
            owner.gate.close()
            owner.pauses.leave()
            self._wait_for_the_thread()
            self._forget_pointers()
            owner.v8.close_isolate(owner.number)
            owner.limits.let_go()
        owner.pump.close()
        owner.runs.cancel_all("The isolate was disposed.")
        owner.measuring.close()
        owner.clock.end()
        ms = (time.perf_counter() - began) * 1e3
        ledger = None
        if resident is not None:
            ledger = LedgerEntry(resident, _resident_bytes() or 0, self._used, self._external, ms)
        if owner.born:
            owner.states.tell(IsolateState.DISPOSED, "disposed")
            owner.sink.disposed(ledger)
        self._ended(owner)
        self.done.set()

    def _wait_for_the_thread(self) -> None:
        if self._taken_apart.wait(_GRACE_S):
            return
        with self._lock:
            self._given_up = not self._taking
        if not self._given_up:
            self._taken_apart.wait(_BEGUN_S)

    def _take_apart(self) -> None:
        """On the isolate's thread, as its last job."""
        with self._lock:
            if self._given_up:
                return
            self._taking = True
        owner = self._owner
        try:
            sample = owner.sampling.take(0)
            self._used, self._external = sample.words[4], sample.words[7]
            with owner.v8.handles(owner.slots):
                owner.rejections.close()
                owner.modules.close()
                owner.scripts.close()
                owner.values.close()
                owner.sessions.close()
                owner.contexts.close()
                if owner.inspector:
                    owner.v8.inspector.delete_inspector(owner.inspector)
                    owner.inspector = 0
        finally:
            self._taken_apart.set()

    def _forget_pointers(self) -> None:
        """From here on V8's callbacks find nobody; then the address may belong to the next isolate."""
        trampolines, owner = self._owner.v8.trampolines, self._owner
        trampolines.isolates.pop(owner.address, None)
        trampolines.clients.pop(owner.client, None)


def _resident_bytes() -> int | None:
    """Resident memory of this process; None where the system does not tell it in a file."""
    try:
        return int(Path("/proc/self/statm").read_bytes().split()[1]) * _PAGE_BYTES
    except OSError:
        return None
