"""Which runs are alive in an isolate, and which of them a console line or a parsed script belongs to."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

__all__ = ["ActiveRun", "ActiveRuns"]


class ActiveRun(Struct, frozen=True):
    """A run that was handed to the host and has not settled. `path` is "" when it is not from a file."""

    run_id: int
    context_id: int
    url: str
    path: str
    text: str

    def length(self) -> int:
        """UTF-16 code units, as V8 counts a script's length. Price: encodes the text."""
        return len(self.text.encode("utf-16-le", "surrogatepass")) // 2


class ActiveRuns:
    """The runs of one isolate that live, oldest first."""

    def __init__(self) -> None:
        self._runs: dict[int, ActiveRun] = {}
        self._started: set[int] = set()

    def __len__(self) -> int:
        return len(self._runs)

    def __contains__(self, run_id: int) -> bool:
        return run_id in self._runs

    def add(self, run: ActiveRun) -> None:
        self._runs[run.run_id] = run

    def start(self, run_id: int) -> None:
        if run_id in self._runs:
            self._started.add(run_id)

    def remove(self, run_id: int) -> None:
        self._runs.pop(run_id, None)
        self._started.discard(run_id)

    def owner_of(self, context_id: int, urls: Iterable[str]) -> int | None:
        """The run that spoke in `context_id` with `urls` on its stack; None when several could have."""
        started = [run for run in self._runs.values() if run.run_id in self._started]
        if len(started) <= 1:
            return started[0].run_id if started else None
        here = [run for run in started if run.context_id == context_id]
        if len(here) == 1:
            return here[0].run_id
        seen = set(urls)
        named = [run for run in here if run.url in seen]
        return named[0].run_id if len(named) == 1 else None

    def path_of(self, context_id: int, url: str) -> str:
        """The real file behind a script that V8 parsed under `url`; "" when no run here came from one."""
        paths = {run.path for run in self._runs.values() if run.context_id == context_id and run.url == url}
        return paths.pop() if len(paths) == 1 else ""

    def path_by_length(self, context_id: int, length: int) -> str:
        """The same for a script that renamed itself (sourceURL): its length in UTF-16 code units tells."""
        runs = [run for run in self._runs.values() if run.context_id == context_id and run.path]
        paths = {run.path for run in runs if run.length() == length}
        return paths.pop() if len(paths) == 1 else ""
