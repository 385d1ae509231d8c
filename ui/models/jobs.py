"""Long work under way: a name, a stage, how much of it is done, and how it is cancelled. The status bar shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from PySide6.QtCore import QObject, Signal

from inspector.errors import InspectorError
from inspector.units import format_bytes
from ui.clock import now_us

__all__ = ["Job", "Jobs", "WithdrawnError"]

_TOLD_EVERY_US = 100_000


class WithdrawnError(InspectorError):
    """The user cancelled it: nothing went wrong."""


class Job:
    """A context manager: it ends with its block. `tell` and `while_wanted` may be used in any thread.

    `done` of `of` steps; `of` 0: how much there is to do is not known.
    """

    def __init__(self, jobs: Jobs, name: str, cancel: Callable[[], object] | None) -> None:
        self.name = name
        self.stage = ""
        self.done = self.of = 0
        self.withdrawn = False
        self._jobs = jobs
        self._cancel = cancel
        self._told_us = 0

    @property
    def words(self) -> str:
        """One line: "Export as trace: 12 MiB", "Test containment: case 3 of 10"."""
        return f"{self.name}: {self.stage}" if self.stage else self.name

    @property
    def can_cancel(self) -> bool:
        return self._cancel is not None and not self.withdrawn

    def tell(self, stage: str, done: int = 0, of: int = 0) -> None:
        """Where it stands; shown at most ten times a second."""
        self.stage, self.done, self.of = stage, done, of
        if now_us() - self._told_us >= _TOLD_EVERY_US:
            self._told_us = now_us()
            self._jobs.changed.emit()

    def cancel(self) -> None:
        """Withdraw it: what it has given so far stays valid, what it writes is not written."""
        if self._cancel is not None and not self.withdrawn:
            self.withdrawn = True
            self._cancel()
            self._jobs.changed.emit()

    def still_wanted(self) -> None:
        """WithdrawnError once it is cancelled: for work that writes nothing of what it did so far."""
        if self.withdrawn:
            raise WithdrawnError(self.name, "it was cancelled", "Nothing was written.")

    def while_wanted(self, parts: Iterable[bytes]) -> Iterator[bytes]:
        """`parts` of a file, counted as the progress. WithdrawnError once it is cancelled."""
        written = 0
        for part in parts:
            self.still_wanted()
            yield part
            written += len(part)
            self.tell(format_bytes(written))

    def __enter__(self) -> Job:
        return self

    def __exit__(self, *_error: object) -> None:
        self._jobs.end(self)


class Jobs(QObject):
    """Those under way, oldest first. Owner: the GUI thread."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.running: list[Job] = []

    def begin(self, name: str, cancel: Callable[[], object] | None = None) -> Job:
        """`cancel` None: it can't be cancelled. Use it as `with jobs.begin(...) as job`."""
        job = Job(self, name, cancel)
        self.running.append(job)
        self.changed.emit()
        return job

    def end(self, job: Job) -> None:
        if job in self.running:
            self.running.remove(job)
            self.changed.emit()
