"""One context of an isolate, and which files ran in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inspector.events import ContextCreated
from inspector.pool.channel import Channel, open_channel
from inspector.pool.doors import ContextDoors
from inspector.pool.evaluation import Result, evaluate, wanted
from inspector.pool.outcomes import UNSET, Limits, Time, Unset
from inspector.sources.reading import source_from_text
from inspector.sources.source import Source
from inspector.states import Outcome

if TYPE_CHECKING:
    from inspector.pool.exposed import ExposedFunction
    from inspector.pool.isolate import Isolate

__all__ = ["Context", "FileHistory"]


class FileHistory:
    """The files that ran in a context, each once, in the order of their first run.

    A file that did not complete is replayed only while it is the last one: it is the one that is being mended.
    """

    def __init__(self) -> None:
        self._completed: dict[Path, None] = {}
        self._seen: set[Path] = set()
        self.last: Path | None = None

    def inherit(self, other: FileHistory) -> None:
        """This context takes the place of another: the same files are to be replayed, even if one fails now."""
        self._completed = dict(other._completed)
        self.last = other.last

    def __contains__(self, path: Path) -> bool:
        return path in self._seen

    def ran(self, path: Path, outcome: Outcome) -> None:
        """A file ended."""
        self._seen.add(path)
        self.last = path
        if outcome is Outcome.COMPLETED:
            self._completed.setdefault(path)

    def replay(self) -> list[Path]:
        """What a fresh context must run: what completed before, then the last file. [] when no file ran."""
        if self.last is None:
            return []
        return [path for path in self._completed if path != self.last] + [self.last]


class Context:
    """A global object of its own on the isolate's heap. Lives until released, replaced, or its isolate ends."""

    def __init__(self, created: ContextCreated, isolate: Isolate) -> None:
        self.isolate = isolate
        self.context_id = created.context_id
        self.name = created.name
        self.is_default = created.is_default
        self.replaces_context_id = created.replaces_context_id
        self.files = FileHistory()
        self.doors = ContextDoors(self)

    def __repr__(self) -> str:
        return f"<Context {self.context_id} {self.name!r}>"

    @property
    def is_alive(self) -> bool:
        """Neither released nor about to end with its isolate."""
        return not self.isolate.is_ending and self.context_id in self.isolate.contexts

    async def evaluate(
        self,
        source: str | Source,
        *,
        timeout: Time | Unset = UNSET,  # noqa: ASYNC109 (V8's, not this task's)
        cpu_limit: Time = None,
        result: Result = "value",
        filename: str = "evaluated.js",
    ) -> Any:
        """Run JavaScript here and bring its result: the value of the last statement, a promise awaited.

        `timeout`, `cpu_limit`: seconds, or words such as "250ms"; None for no limit. Without a timeout 30 s are taken.
        `result`: "value" copies it to Python by the table in `inspector.clone`; "reference" and "external_copy" leave
        it where it is, and outside of V8. `source`: text, or what `read_source` gave; `filename`: what stacks show.

        ScriptThrewError, RunTimedOutError, CpuLimitError, MemoryLimitError, RunCancelledError, RunLostError, each with
        the report; CopyRefusedError with the path of what can't be copied; GoneError when it had ended before.
        """
        text = source if isinstance(source, Source) else source_from_text(source, filename)
        return await evaluate(self, text, Limits.read(timeout, cpu_limit), wanted(result))

    async def expose(self, name: str, function: Callable[..., Any]) -> ExposedFunction:
        """Give scripts here a function of Python's: `name(...)` calls it, and gives a promise of what it returns.

        `function` may be async. Arguments and result are copied by the table in `inspector.clone`; what it raises
        rejects the promise as an Error. It runs on the pool's loop, with all rights of this program: check what comes
        in. A call that never returns ends with the timeout of the run that made it. UsageError for no JavaScript name.
        """
        return await self.isolate.host_functions.expose(self, name, function)

    async def withdraw(self, name: str) -> None:
        """Take an exposed function away; calls that come all the same are rejected."""
        await self.isolate.host_functions.withdraw(self, name)

    async def open_channel(
        self, other: Context, *, name: str = "port", other_name: str = "", timeout_s: float | None = 30.0
    ) -> Channel:
        """A port here, under `name`, and one in `other`, under `other_name` or the same: what scripts post to one
        (`postMessage`) the other's `onmessage` gets, until either side closes or ends.

        UsageError for no JavaScript name, or for twice the same context and name; CancelledError when a side was busy
        for `timeout_s`; UnsupportedError.
        """
        return await open_channel((self, other), (name, other_name or name), timeout_s)

    async def release(self) -> None:
        """End it: its timers are dropped, its runs are cancelled. Waits while a script runs."""
        await self.isolate.release_context(self.context_id)
