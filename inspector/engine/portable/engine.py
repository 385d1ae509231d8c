"""`PortableEngine`: V8 in this process through mini-racer's documented API."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from py_mini_racer import LibAlreadyInitializedError, init_mini_racer

from inspector.engine.library import FLAGS
from inspector.engine.port import Done, EngineInfo, EngineRefused, IsolateSink, IsolateSpec
from inspector.engine.portable.capabilities import CAPABILITIES
from inspector.engine.portable.isolate import PortableIsolate

__all__ = ["PortableEngine"]

_GRACE_S = 3.0  # for all isolates together to end in `close`


class PortableEngine:
    """An `Engine`. mini-racer can be started once a process, so this can be made once."""

    def __init__(self, reason: str) -> None:
        try:
            library = init_mini_racer(flags=FLAGS)
        except LibAlreadyInitializedError as error:
            raise EngineRefused("start V8", "it was started in this process before", "Use a new process.") from error
        # `MiniRacer.v8_version` needs an isolate, whose trace lines would be taken for the first one's.
        version = library.mr_v8_version().decode()
        self.info = EngineInfo("portable", reason, version, FLAGS, CAPABILITIES)
        self._births = threading.Lock()
        self._lock = threading.Lock()
        self._isolates: set[PortableIsolate] = set()  # guarded by the lock

    def create_isolate(self, spec: IsolateSpec, sink: IsolateSink, done: Done) -> PortableIsolate:
        isolate = PortableIsolate(spec, sink, done, self._births, self._forget)
        with self._lock:
            self._isolates.add(isolate)
        isolate.start()
        return isolate

    def _forget(self, isolate: PortableIsolate) -> None:
        with self._lock:
            self._isolates.discard(isolate)

    def set_last_words(self, write: Callable[[str], None]) -> None:
        """The public API tells nothing before an abort: V8's own words on standard error are all there is."""

    def close(self) -> None:
        """End what is left: all at once, then wait at most a grace time."""
        with self._lock:
            left = list(self._isolates)
        for isolate in left:
            isolate.dispose()
        until = time.monotonic() + _GRACE_S
        for isolate in left:
            isolate.join(max(until - time.monotonic(), 0.0))
