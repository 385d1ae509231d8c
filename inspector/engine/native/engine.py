"""The native engine: V8 in this process, its isolates, their births one after another on a thread of their own."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable

from inspector.engine.library import FLAGS
from inspector.engine.native.abi import V8
from inspector.engine.native.birth import give_birth
from inspector.engine.native.capabilities import CAPABILITIES
from inspector.engine.native.isolate import NativeIsolate
from inspector.engine.port import Done, EngineInfo, IsolateSink, IsolateSpec
from inspector.errors import EngineError

__all__ = ["NativeEngine"]

_CLOSE_GRACE_S = 5.0


class NativeEngine:
    """`Engine` over mini-racer's exported C++ API. One in a process: V8 can be started once."""

    def __init__(self, reason: str = "") -> None:
        self.v8 = V8.start()
        self.info = EngineInfo("native", reason, self.v8.library.v8_version, FLAGS, CAPABILITIES)
        self._births: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._isolates: set[NativeIsolate] = set()
        self._closed = False
        threading.Thread(target=self._serve_births, name="births", daemon=True).start()

    def create_isolate(self, spec: IsolateSpec, sink: IsolateSink, done: Done) -> NativeIsolate:
        isolate = NativeIsolate(self.v8, spec, sink, self._forget)
        with self._lock:
            if self._closed:
                isolate.birth_over.set()
                done(EngineError("create an isolate", "the engine is closed"))
                return isolate
            self._isolates.add(isolate)
        self._births.put(lambda: give_birth(isolate, done, self._forget))
        return isolate

    def set_last_words(self, write: Callable[[str], None]) -> None:
        self.v8.trampolines.last_words = write

    def close(self) -> None:
        with self._lock:
            self._closed = True
            left = list(self._isolates)
        for isolate in left:
            isolate.dispose()
        until = time.monotonic() + _CLOSE_GRACE_S
        for isolate in left:
            isolate.teardown.done.wait(max(until - time.monotonic(), 0.0))
        self._births.put(None)

    def _forget(self, isolate: NativeIsolate) -> None:
        with self._lock:
            self._isolates.discard(isolate)

    def _serve_births(self) -> None:
        """The births' thread: V8 makes an isolate in about 4 ms, and the host's loop must not wait for it."""
        while (birth := self._births.get()) is not None:
            birth()
