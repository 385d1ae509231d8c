"""One coroutine per user wish: it asks the pool through the bridge, and says where the user looks what came of it.

What a script did arrives as events; what these coroutines raise goes to the problems panel through `Bridge.spawn`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from msgspec import Struct
from PySide6.QtCore import QObject, Signal

import resources
from inspector.errors import SourceError, UsageError
from inspector.sources import SUFFIXES, natural_order, read_source
from inspector.states import IsolateState
from inspector.text import visible
from inspector.units import format_bytes, format_ms
from ui.bridge import Bridge
from ui.clock import now_us
from ui.drop import DropPlan, Where
from ui.examples import Example
from ui.models.console import ConsoleModel
from ui.models.console_log import Level
from ui.models.isolate_wish import IsolateWish, free_name
from ui.models.pool_state import PoolState
from ui.models.problems import ProblemsModel

if TYPE_CHECKING:
    from inspector.pool import FilesReport, Isolate, Pool
    from inspector.sources.folder_scripts import FolderScripts

__all__ = ["Commands", "Rest"]

T = TypeVar("T")

_BIRTHS_AT_ONCE = 8  # a drop of a thousand files must not ask for a thousand isolates in one breath


class Rest(Struct, frozen=True):
    """Files that did not run because one before them failed."""

    isolate_id: int
    context_id: int | None
    paths: tuple[Path, ...]


class Commands(QObject):
    """`told` carries a line for the status bar; `made` the id of an isolate that a user's wish created,
    `chosen` those of the isolate and context (0: its default) that a user's files were given to.
    """

    told = Signal(str)
    made = Signal(int)
    chosen = Signal(int, int)
    rest_changed = Signal()
    waiting_changed = Signal(str)  # what waits for a running script, "" when nothing does

    def __init__(
        self,
        *,
        pool: Pool,
        bridge: Bridge,
        state: PoolState,
        console: ConsoleModel,
        problems: ProblemsModel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._pool = pool
        self._bridge = bridge
        self._state = state
        self._console = console
        self._problems = problems
        self._names: set[str] = set()  # of isolates on their way
        self._births = asyncio.Semaphore(_BIRTHS_AT_ONCE)
        self._waiting: asyncio.Future[None] | None = None
        self._waits_for = 0
        self.rests: dict[int, Rest] = {}  # by isolate
        self.memory_limit = "128 MiB"
        self.frame = 0  # of the pause that is shown: where the console evaluates

    # --- isolates ---

    async def new_isolate(self, wish: IsolateWish) -> int:
        place: Literal["own", "shared"] = "own" if wish.alone else "shared"
        more: dict[str, Any] = {
            "on_limit": wish.on_limit,
            "sample_rate_hz": wish.sample_rate_hz,
            "prelude": wish.prelude,
        }
        isolate_id = await self._create(wish.name, wish.memory_limit_bytes, place, **more)
        self.made.emit(isolate_id)
        return isolate_id

    async def duplicate(self, isolate_id: int) -> None:
        """Another isolate with the same settings, in which nothing runs."""
        record = self._state.isolates[isolate_id]
        name = self._free(record.name)
        self._names.add(name)
        try:
            made = await self.with_isolate(isolate_id, lambda isolate: _same_as(self._pool, isolate, name))
        finally:
            self._names.discard(name)
        self.made.emit(made)

    async def dispose(self, isolate_id: int) -> None:
        await self.with_isolate(isolate_id, lambda isolate: isolate.dispose())

    async def collect_garbage(self, isolate_id: int) -> None:
        before, after, took_ms = await self.with_isolate(isolate_id, lambda isolate: isolate.collect_garbage())
        freed = format_bytes(max(0, before - after))
        words = (
            f"Collected garbage in {format_ms(took_ms)}: {format_bytes(before)} → {format_bytes(after)}, {freed} freed"
        )
        self._console.add_note(isolate_id, words)
        self.told.emit(words)

    async def pause(self, isolate_id: int) -> None:
        await self.with_isolate(isolate_id, lambda isolate: isolate.pause())

    async def resume(self, isolate_id: int) -> None:
        await self.with_isolate(isolate_id, lambda isolate: isolate.resume())

    async def stop(self, isolate_id: int, run_id: int | None = None) -> None:
        await self.with_isolate(isolate_id, lambda isolate: isolate.stop(run_id))

    async def cancel(self, isolate_id: int, run_id: int) -> None:
        """Withdraw a run that waits."""

        async def withdraw(isolate: Isolate) -> bool:
            return isolate.cancel_queued(run_id)

        if not await self.with_isolate(isolate_id, withdraw):
            self.told.emit("It had started already: use Stop.")

    async def allow_starts(self) -> None:
        """Let the pool start host processes again, and start one. HostLostError when it does not come up."""

        async def allow_and_start() -> None:
            self._pool.allow_starts()
            await self._pool.warm_up()

        await self._bridge.submit(allow_and_start())
        self._state.stopped = ""
        self.told.emit("Host processes are started again.")

    # --- contexts ---

    async def new_context(self, isolate_id: int) -> None:
        await self.until_served(isolate_id, "New context")
        await self.with_isolate(isolate_id, lambda isolate: isolate.create_context())

    async def release_context(self, isolate_id: int, context_id: int) -> None:
        await self.until_served(isolate_id, "Release context")
        await self.with_isolate(isolate_id, lambda isolate: isolate.release_context(context_id))

    # --- runs ---

    async def carry_out(self, plan: DropPlan) -> None:
        """Do what a drop, a paste or "Open" planned."""
        paths = tuple(natural_order(plan.paths))
        match plan.where:
            case Where.ISOLATE | Where.CONTEXT if plan.isolate_id is not None:
                self.chosen.emit(plan.isolate_id, plan.context_id or 0)
                await self.run_files(plan.isolate_id, plan.context_id, paths)
            case Where.EVERY:
                live = [record.isolate_id for record in self._state.live_isolates()]
                await self._all(self.run_files(one, None, paths) for one in live)
            case Where.NEW_ONE:
                await self._run_in_new(paths, "shared")
            case _:
                process: Literal["own", "shared"] = "own" if plan.where is Where.NEW_ALONE else "shared"
                await self._all(self._run_in_new((path,), process) for path in paths)

    async def run_files(self, isolate_id: int, context_id: int | None, paths: Sequence[Path]) -> None:
        """A folder adds its scripts, and runs its entry, if it has one."""
        self._put_rest(isolate_id, None)
        paths = [path for path in paths if await self._add_scripts(isolate_id, context_id, path)]
        if not paths:
            return
        report = await self.with_isolate(isolate_id, lambda isolate: isolate.run_files(paths, context_id=context_id))
        self._take_report(isolate_id, context_id, report)

    async def run_rest(self, isolate_id: int) -> None:
        rest = self.rests.get(isolate_id)
        if rest is not None:
            await self.run_files(isolate_id, rest.context_id, rest.paths)

    async def run_again(self, isolate_id: int, context_id: int | None = None) -> None:
        self._put_rest(isolate_id, None)
        report = await self.with_isolate(isolate_id, lambda isolate: isolate.run_again(context_id=context_id))
        self._take_report(isolate_id, None, report)

    async def run_again_here(self, isolate_id: int, context_id: int | None = None) -> None:
        await self.with_isolate(isolate_id, lambda isolate: isolate.run_again_here(context_id=context_id))

    async def evaluate(self, isolate_id: int, context_id: int | None, expression: str) -> None:
        record = self._state.isolates.get(isolate_id)
        place = context_id or (record.default_context_id if record is not None else None) or 0
        self._console.add_input(isolate_id, place, expression)
        paused = record.paused if record is not None and record.state is IsolateState.PAUSED else None
        if paused is not None and self.frame < len(paused.frames):
            frame = paused.frames[self.frame]
            answer = await self.with_isolate(isolate_id, lambda isolate: isolate.debugger.evaluate(frame, expression))
            threw = "exceptionDetails" in answer
            thrown = answer["exceptionDetails"].get("exception", {}) if threw else {}
            self._console.add_answer(isolate_id, place, thrown or answer.get("result", {}), threw=threw)
            return
        await self.with_isolate(isolate_id, lambda isolate: isolate.evaluate(expression, context_id=context_id))

    async def run_example(self, example: Example) -> None:
        """Make the isolates of an example and run its files in them."""
        ids: dict[str, int] = {}
        for name in dict.fromkeys(step.isolate for step in example.steps):
            ids[name] = await self._create(self._free(name), self.memory_limit, "shared")
            self.made.emit(ids[name])
        if example.channel is not None:
            one, other = (ids[name] for name in example.channel)
            await self.with_isolate(one, lambda isolate: self._connect(isolate, other))
        for step in example.steps:
            path = resources.path(f"examples/{step.file}")
            isolate_id = ids[step.isolate]
            context_id: int | None = None
            if step.context:
                context_id = await self.with_isolate(isolate_id, _named_context(step.context))
            run = self.run_files(isolate_id, context_id, (path,))
            # a file that keeps timers, or never ends, must not keep the next isolate from its own
            if step.context or any(later.isolate == step.isolate and later is not step for later in example.steps):
                await run
            else:
                self._bridge.spawn(run, f"example {example.key}")

    # --- inside ---

    async def _run_in_new(self, paths: tuple[Path, ...], process: Literal["own", "shared"]) -> None:
        for path in paths:  # a file that can't be read must not leave an empty isolate behind
            if await self._scripts_of(path) is None:
                await self._bridge.submit(asyncio.to_thread(read_source, path))
        name = self._free(visible(paths[0].stem, 60) or "file")
        isolate_id = await self._create(name, self.memory_limit, process)
        self.made.emit(isolate_id)
        await self.run_files(isolate_id, None, paths)

    async def _scripts_of(self, path: Path) -> FolderScripts | None:
        """None of what is no folder, or has no scripts: it is then read as a file, which says what is wrong."""
        if path.suffix.lower() in SUFFIXES:
            return None  # nearly always a file: the first one of a start is not held up by a look at the disk
        from inspector.sources.folder_scripts import scripts_in

        found = await self._bridge.submit(asyncio.to_thread(scripts_in, path))
        return found if found is not None and found.found else None

    async def _add_scripts(self, isolate_id: int, context_id: int | None, path: Path) -> bool:
        """Put the scripts of a folder under the context; whether there is anything to run."""
        found = await self._scripts_of(path)
        if found is None:
            return True
        from ui.models.file_added import FileAdded

        if context_id is None:
            context_id = await self.with_isolate(isolate_id, _default_context)
        for source in found.found:
            event = FileAdded(
                now_us(), isolate_id, context_id, str(source.path), source.url, len(source.text), source.kind
            )
            self._bridge.tell(event)
        runs = "it runs its entry" if found.entry is not None else "it has no entry: Run This File runs one of them"
        words = f"Added {found.words}; {runs}."
        self._console.add_note(isolate_id, words)
        self.told.emit(words)
        return found.entry is not None

    async def _connect(self, isolate: Isolate, other_id: int) -> None:
        """On the pool's loop. UnsupportedError."""
        await isolate.default_context.open_channel(self._pool.isolate(other_id).default_context)

    async def _create(self, name: str, limit: str | int, process: Literal["own", "shared"], **more: Any) -> int:
        """`more`: what else `Pool.create_isolate` takes."""
        self._names.add(name)
        try:
            async with self._births:
                made = self._pool.create_isolate(name=name, memory_limit=limit, host=process, **more)
                isolate = await self._bridge.submit(made)
        finally:
            self._names.discard(name)
        return isolate.isolate_id

    async def with_isolate(self, isolate_id: int, act: Callable[[Isolate], Awaitable[T]]) -> T:
        """Await `act` of an isolate on the pool's loop. Raises what it raises; GoneError when the isolate is gone."""

        async def on_the_pools_loop() -> T:
            return await act(self._pool.isolate(isolate_id))

        return await self._bridge.submit(on_the_pools_loop())

    async def _all(self, coroutines: Any) -> None:
        """Run all; each failure is told by itself, none stops the others."""
        tasks = [self._bridge.spawn(one) for one in coroutines]
        if tasks:
            await asyncio.wait(tasks)

    def _free(self, wanted: str) -> str:
        return free_name(wanted, [record.name for record in self._state.isolates.values()] + list(self._names))

    # --- what a busy isolate can't serve now ---

    def served(self) -> None:
        """The state of isolates changed: let go what waited for a script that has ended."""
        if self._waiting is not None and not self._waiting.done() and not self._busy(self._waits_for):
            self._waiting.set_result(None)

    def cancel_waiting(self) -> None:
        """Withdraw the command that waits for a running script."""
        if self._waiting is not None:
            self._waiting.cancel()

    async def until_served(self, isolate_id: int, what: str) -> None:
        """Wait until no script runs in an isolate; what waits is said, and can be cancelled."""
        if not self._busy(isolate_id):
            return
        if self._waiting is not None:
            raise UsageError(
                what, "another command waits for a running script already", "Cancel it, or stop the script."
            )
        record = self._state.isolates[isolate_id]
        self._waiting, self._waits_for = asyncio.get_running_loop().create_future(), isolate_id
        self.waiting_changed.emit(f"{what} in “{visible(record.name, 40)}” waits for the running script")
        try:
            await self._waiting
        finally:
            self._waiting = None
            self.waiting_changed.emit("")

    def _busy(self, isolate_id: int) -> bool:
        record = self._state.isolates.get(isolate_id)
        return record is not None and record.state.alive and str(record.state) in ("running", "wedged", "paused")

    # --- reports ---

    def _take_report(self, isolate_id: int, context_id: int | None, report: FilesReport) -> None:
        for _path, result in report.reports:
            if isinstance(result, SourceError):
                self._problems.report_error(result)
                self._console.add_note(isolate_id, str(result), Level.ERROR)
        if report.not_run:
            self._put_rest(isolate_id, Rest(isolate_id, context_id, report.not_run))

    def _put_rest(self, isolate_id: int, rest: Rest | None) -> None:
        if rest is None:
            self.rests.pop(isolate_id, None)
        else:
            self.rests[isolate_id] = rest
        self.rest_changed.emit()


async def _default_context(isolate: Isolate) -> int:
    return isolate.default_context.context_id


def _named_context(name: str) -> Callable[[Isolate], Awaitable[int]]:
    async def make(isolate: Isolate) -> int:
        return (await isolate.create_context(name)).context_id

    return make


async def _same_as(pool: Pool, isolate: Isolate, name: str) -> int:
    """On the pool's loop."""
    asked = isolate.settings
    made = await pool.create_isolate(
        name=name,
        memory_limit=asked.memory_limit_bytes,
        cpu_limit=asked.cpu_limit_s,
        host="own" if asked.host == "own" else "shared",
        prelude=[asked.prelude, *asked.prelude_files],
        sample_rate_hz=asked.sample_rate_hz,
        on_limit=asked.on_limit,
    )
    return made.isolate_id
