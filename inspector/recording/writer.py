"""The thread that writes one recording: takes events from a bounded queue, commits four times a second.

`put` belongs to whoever tells the events (the pool's loop) and never waits for the disk. What comes faster than the
disk takes it is dropped past the bound, counted, and told in the file.
"""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress

from inspector.errors import RecordingError
from inspector.events import BytesDropped, Event, GcBatchArrived, SampleBatchArrived
from inspector.recording.batch import Batch
from inspector.recording.store import Store
from inspector.target.clock import now_us

__all__ = ["COMMIT_EVERY_S", "RESERVE_BYTES", "Writer"]

COMMIT_EVERY_S = 0.25  # from one beginning to the next; kill -9 loses that and the commit under way
CHECKPOINT_EVERY_S = 10.0
MOST_EVENTS = 400_000  # that wait: 40 s of 10,000 a second
MOST_BYTES = 64 << 20  # of samples among them
RESERVE_BYTES = 256 << 20  # of free disk: below, a recording ends
_AT_ONCE = 5_000  # events between two looks at whether the interpreter is wanted elsewhere

log = logging.getLogger(__name__)


class Writer:
    """One file, one thread. Both callbacks are called on it: `ending` for what `meta` shall say of an end for this
    reason, `over` once the file is closed, with the error that ended it.
    """

    def __init__(
        self,
        store: Store,
        batch: Batch,
        ending: Callable[[str], Mapping[str, str]],
        over: Callable[[RecordingError | None], None],
        *,
        reserve_bytes: int = RESERVE_BYTES,
        free_bytes: Callable[[], int] | None = None,
    ) -> None:
        self._store = store
        self._batch = batch
        self._ending = ending
        self._over = over
        self._reserve_bytes = reserve_bytes
        self._free_bytes = free_bytes or (lambda: shutil.disk_usage(store.path.parent).free)
        self._waiting: deque[Event] = deque()
        self._waiting_bytes = 0  # guarded by the interpreter's lock alone: an estimate
        self._dropped = 0
        self._closing = threading.Event()
        self._reason = ""
        self._failed = False
        self.written = 0  # events, for whoever looks
        self._thread = threading.Thread(target=self._main, name=f"writer of {store.path.name}", daemon=True)
        self._thread.start()

    def put(self, event: Event) -> None:
        """Hand an event over. Price: 0.2 us."""
        if isinstance(event, SampleBatchArrived | GcBatchArrived):
            self._waiting_bytes += len(event.records)
        if len(self._waiting) >= MOST_EVENTS or self._waiting_bytes > MOST_BYTES or self._failed:
            self._dropped += 1
            return
        self._waiting.append(event)

    def close(self, reason: str) -> None:
        """Write what waits, fold the file, end. Does not wait; `over` follows. Idempotent."""
        if not self._closing.is_set():
            self._reason = reason
            self._closing.set()

    def join(self, timeout_s: float | None = None) -> bool:
        """Wait for the thread's end; whether it came."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _main(self) -> None:
        error: RecordingError | None = None
        try:
            self._write_until_closed()
        except RecordingError as refused:
            error = refused
        except Exception as unforeseen:
            log.exception("The writer of %s failed", self._store.path.name)
            error = RecordingError("Write the recording", f"{type(unforeseen).__name__}: {unforeseen}")
        self._failed = True
        self._waiting.clear()
        if error is not None:
            self._say_why(error)
        trouble = self._store.finish()
        if trouble:  # what is in the log is whole; who reads, or opens it next, folds it
            log.log(logging.INFO if "somebody reads it" in trouble else logging.WARNING, "%s", trouble)
        self._over(error)

    def _write_until_closed(self) -> None:
        began_s = time.monotonic()
        checkpoint_s = began_s + CHECKPOINT_EVERY_S
        while not self._closing.wait(max(0.0, began_s + COMMIT_EVERY_S - time.monotonic())):
            began_s = time.monotonic()
            self._commit({})
            if began_s >= checkpoint_s:
                checkpoint_s = began_s + CHECKPOINT_EVERY_S
                self._store.checkpoint()
            self._check_room()
        self._commit(self._ending(self._reason))

    def _say_why(self, error: RecordingError) -> None:
        """A file that ended early says so, where the disk still takes that."""
        self._batch.clear()
        with suppress(RecordingError):
            self._store.write(self._batch, self._ending(error.cause))

    def _commit(self, meta: Mapping[str, str]) -> None:
        if self._dropped:
            dropped, self._dropped = self._dropped, 0
            self._waiting.append(BytesDropped(now_us(), 0, "events that came faster than the disk took them", dropped))
        written_us = now_us()  # what comes while this is written may be in it, or in the next
        while self._waiting:
            count = min(len(self._waiting), _AT_ONCE)
            self._batch.add([self._waiting.popleft() for _ in range(count)])
        self._waiting_bytes = 0
        self._store.write(self._batch, {**meta, "written_us": str(written_us)})
        self.written = self._batch.events
        self._batch.clear()

    def _check_room(self) -> None:
        free = self._free_bytes()
        if free < self._reserve_bytes:
            cause = f"{free >> 20} MiB are free on the disk, fewer than the {self._reserve_bytes >> 20} kept in reserve"
            raise RecordingError("Go on recording", cause, "What was recorded is kept. Free some space.")
