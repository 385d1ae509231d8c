"""One isolate as its user holds it: contexts, runs, files, garbage, pauses, its end. For the pool's loop alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from inspector.errors import ContextReleasedError, EngineError, InspectorError, UnsupportedError, UsageError
from inspector.events import RunReport, ScriptParsed
from inspector.pool import files, repl
from inspector.pool.context import Context
from inspector.pool.debugger import Debugger
from inspector.pool.files import FilesReport
from inspector.pool.foreign_session import ForeignSession, SessionReceiver
from inspector.pool.isolate_life import IsolateLife
from inspector.pool.large_text import encoded_if_large
from inspector.pool.module import Module, module_source
from inspector.pool.names import checked_name, free_name, next_version
from inspector.pool.profiling import start_cpu_profile, stop_cpu_profile, take_heap_snapshot
from inspector.pool.repl import Completions
from inspector.pool.run_queue import Run
from inspector.pool.script import Script, compile_script
from inspector.pool.script_figures import ScriptFigures
from inspector.records import ContextMemory, HeapSpace, HeapStatistics, IsolateTimes
from inspector.sources.kind import without_modules
from inspector.sources.reading import source_from_text
from inspector.sources.source import Source
from inspector.states import Capability, Outcome, SourceKind
from inspector.target.clock import now_us
from inspector.target.contexts import ExpectedContext
from inspector.target.figures import read_context_memory, read_heap_statistics, read_times

__all__ = ["Isolate"]

DISPOSE_PATIENCE_S = 10.0
_SHORTEST_LIMIT_S, _LONGEST_LIMIT_S = 0.001, 365 * 86400.0  # of a timeout or CPU limit
_STOPPED = "stopped by the user"


class Isolate(IsolateLife):
    """An isolate of V8 in a host process. Made by `Pool.create_isolate` alone."""

    # --- contexts ---

    async def create_context(self, name: str | None = None) -> Context:
        """A new global object on the same heap; waits while a script runs. UsageError for a name in use."""
        taken = {context.name for context in self._contexts.values()}
        if name is None:
            return await self._make_context(ExpectedContext(free_name("context", len(taken) + 1, taken)))
        return await self._make_context(ExpectedContext(checked_name(name, taken, "context")))

    async def release_context(self, context_id: int) -> None:
        """End a context: its timers are dropped, its runs are cancelled. Waits while a script runs."""
        context = self._context(context_id)
        self.require(Capability.CONTEXTS, "Release a context")
        self._runs.cancel_held("its context was released", context.context_id)
        await self._release(context, "released")

    async def replace_context(self, context: Context) -> Context:
        """A fresh context in place of `context`, whose runs are cancelled; the old one is released as "replaced"."""
        self.require(Capability.CONTEXTS, "Run again in a fresh context")
        await self._stop_runs_in(context, "its context was replaced: run again")
        taken = {one.name for one in self._contexts.values()}
        name = next_version(context.name, taken)
        fresh = await self._make_context(ExpectedContext(name, context.is_default, context.context_id))
        fresh.files.inherit(context.files)
        await self._release(context, "replaced")
        return fresh

    # --- runs ---

    async def run(
        self,
        source: Source,
        *,
        context_id: int | None = None,
        timeout_s: float | None = None,
        cpu_limit_s: float | None = None,
        quiet: bool = False,
    ) -> RunReport:
        """Run a source and wait until it has settled. Never raises for what the script does; whoever stops waiting
        does not stop the run. `quiet`: one of very many, no event tells of it.

        GoneError when isolate or context had ended before; UsageError for a timeout below a millisecond or above a
        year; UnsupportedError for a CPU limit that the engine can't watch.
        """
        run = await self._start(source, context_id, timeout_s, cpu_limit_s, quiet=quiet)
        return await run.settled

    async def run_files(
        self,
        paths: Sequence[Path],
        *,
        context_id: int | None = None,
        timeout_s: float | None = None,
        cpu_limit_s: float | None = None,
        keep_going: bool = False,
    ) -> FilesReport:
        """Read and run files in the order given, one after another; the first failure stops the rest."""
        return await files.run_files(self, paths, context_id, timeout_s, cpu_limit_s, keep_going=keep_going)

    async def run_again(self, *, context_id: int | None = None) -> FilesReport:
        """A fresh context in place of the old; the files that ran there run again, as they are on disk now.

        `context_id`: None for where the newest file ran. UsageError when no file ran there; UnsupportedError.
        """
        return await files.run_again(self, context_id)

    async def run_again_here(self, *, context_id: int | None = None) -> RunReport:
        """The last file once more in the same context. SourceError when it can't be read; UsageError when none ran."""
        return await files.run_again_here(self, context_id)

    async def compile_script(
        self, source: str | Source, *, filename: str = "script.js", code_cache: bytes | None = None
    ) -> Script:
        """Compile a classic script once, without running it. Waits while a script runs.

        `source`: text under the name `filename`, or what `read_source` gave.
        `code_cache`: what `Script.code_cache` gave for the same source, here or elsewhere; one that does not fit is
        left out, and `Script.cache_refusal` says why. CompileError with the place of a syntax error; UsageError for a
        module; UnsupportedError.
        """
        text = source if isinstance(source, Source) else source_from_text(source, filename)
        return await compile_script(self, text, code_cache)

    async def compile_module(
        self, source: str | Source, *, filename: str = "module.mjs", imports: Path | None = None
    ) -> Module:
        """A module, run by `Module.run`. `imports`: the folder from which a text's relative imports are read; None:
        it imports nothing. A `Source` brings its own. UnsupportedError.
        """
        self.require(Capability.MODULES, f"Compile {filename}")
        text = await asyncio.to_thread(module_source, source, filename, imports)
        return Module(self, text)

    async def run_script(
        self,
        script: Script,
        context_id: int | None,
        timeout_s: float | None,
        cpu_limit_s: float | None,
        *,
        quiet: bool = False,
    ) -> RunReport:
        """See `Script.run`, and `run` for `quiet`."""
        run = await self._start(script.source, context_id, timeout_s, cpu_limit_s, script=script.handle, quiet=quiet)
        return await run.settled

    async def script_source(self, script_id: str) -> str:
        """The source of a script that V8 parsed. ProtocolError when V8 has let go of it."""
        answer = await self.send("Debugger.getScriptSource", {"scriptId": script_id})
        return str(answer.get("scriptSource", ""))

    @property
    def scripts(self) -> Sequence[ScriptParsed]:
        """The newest scripts that V8 parsed here, oldest first: url, length, hash, context."""
        return tuple(self._target.scripts)

    def script_figures(self, script_id: str) -> ScriptFigures:
        """How often a script ran, and for how long in all; zeros for one that never did."""
        return self._script_ledger.of(script_id)

    async def evaluate(self, expression: str, *, context_id: int | None = None) -> RunReport:
        """Run console input: lets may be redeclared, top-level await works, the result has a preview."""
        source = Source(expression, "", None, SourceKind.SCRIPT, "console input", None)
        run = await self._start(source, context_id, None, None, repl=True)
        return await run.settled

    async def evaluate_within(
        self, expression: str, context_id: int | None, timeout_s: float | None
    ) -> tuple[int, RunReport]:
        """The same, ended after `timeout_s`; with the run's id, which names the object group of its result."""
        source = Source(expression, "value", None, SourceKind.SCRIPT, "a value to send", None)
        run = await self._start(source, context_id, timeout_s, None, repl=True)
        return run.run_id, await run.settled

    async def complete(self, text: str, *, context_id: int | None = None) -> Completions:
        """The names that could come at the end of `text` while it is typed; none while a script runs. No side
        effects.
        """
        return await repl.complete(self, text, context_id)

    async def preview(self, text: str, *, context_id: int | None = None) -> str:
        """What `text` would give, as one line; "" where it can't be told without side effects."""
        return await repl.preview(self, text, context_id)

    async def stop(self, run_id: int | None = None) -> None:
        """End a run, or everything that runs or waits, as cancelled. Does nothing for a run that has settled."""
        self._alive("Stop")
        if run_id is None:
            self._runs.cancel_held(_STOPPED)
        elif self._runs.cancel(run_id, _STOPPED) or run_id not in self._runs.active:
            return
        await self.send("Isolate.stop", _stop_params(run_id, _STOPPED))

    async def stop_in(self, context_id: int, evidence: str) -> None:
        """End what runs or waits in one context, as cancelled."""
        await self._stop_runs_in(self.context(context_id, "Stop"), evidence)

    def cancel_queued(self, run_id: int) -> bool:
        """Withdraw a run that has not started; False when it has started or settled."""
        if self._gone is not None:
            return False
        if self._runs.cancel(run_id, "withdrawn before it started"):
            return True
        if not self._runs.not_started(run_id):
            return False
        self._ask("Isolate.stop", _stop_params(run_id, "withdrawn before it started"), lambda _: None)
        return True

    # --- the rest ---

    async def get_properties(self, object_id: str) -> list[Mapping[str, Any]]:
        """CDP's PropertyDescriptors of a remote object. ProtocolError when V8 has let go of it."""
        params = {"objectId": object_id, "ownProperties": True, "generatePreview": True}
        answer = await self.send("Runtime.getProperties", params)
        return list(answer.get("result", []))

    async def collect_garbage(self) -> tuple[int, int, float]:
        """A full collection, also while a script runs: used bytes before, after, and milliseconds."""
        answer = await self.send("Isolate.collectGarbage")
        return int(answer["usedBefore"]), int(answer["usedAfter"]), float(answer["ms"])

    async def heap_statistics(self) -> HeapStatistics:
        """Every figure of V8's heap, and its spaces, of one moment; also while a script runs. Price: 30 us of V8's
        thread. The public API engine tells its newest sample, without spaces.
        """
        return read_heap_statistics(await self.send("Isolate.heapStatistics"))

    async def heap_spaces(self) -> tuple[HeapSpace, ...]:
        """The spaces of V8's heap: their sizes, used and physical bytes add up to the heap's. UnsupportedError."""
        self.require(Capability.HEAP_SPACES, "Read the heap spaces")
        return (await self.heap_statistics()).spaces

    async def context_memory(self) -> ContextMemory:
        """How much each context keeps alive. Price: a full collection; waits while a script runs. UnsupportedError."""
        self.require(Capability.CONTEXT_MEMORY, "Measure the contexts")
        return read_context_memory(await self.send("Isolate.measureMemory"))

    async def times(self) -> IsolateTimes:
        """CPU time and executing time since birth, now; also while a script runs. Price: 2 us of its host."""
        return read_times(await self.send("Isolate.times"))

    @cached_property
    def debugger(self) -> Debugger:
        """Breakpoints, steps, frames and scopes."""
        return Debugger(self)

    async def take_heap_snapshot(self, path: str | Path) -> int:
        """V8's heap snapshot, streamed to `path` as it comes; its length in characters. Chrome and VS Code open it as
        .heapsnapshot. Waits while a script runs, and holds the isolate meanwhile. SourceError when it can't be
        written (nothing is left then); UnsupportedError.
        """
        return await take_heap_snapshot(self, Path(path))

    async def start_cpu_profile(self, *, interval_us: int = 1000) -> None:
        """Sample stacks from now on, also of a script that runs. UnsupportedError."""
        await start_cpu_profile(self, interval_us)

    async def stop_cpu_profile(self, path: str | Path | None = None) -> Mapping[str, Any]:
        """What was sampled: V8's profile, written to `path` too when one is given (.cpuprofile). ProtocolError when
        none was started; SourceError when it can't be written; UnsupportedError.
        """
        return await stop_cpu_profile(self, None if path is None else Path(path))

    async def pause(self) -> None:
        """Pause in the debugger at the next statement. UnsupportedError where the engine can't."""
        await self.debugger.pause()

    async def resume(self) -> None:
        """Go on after a pause; nothing pauses from now on, unless somebody debugs."""
        await self.debugger.resume()

    def open_session(self, client: str, receiver: SessionReceiver) -> ForeignSession:
        """Attach a foreign debugger: a CDP session of its own, beside ours and others'. `client`: who it is.

        Commands may be sent at once. GoneError when the isolate has ended.
        """
        self._alive("Attach a debugger")
        return self.foreign.open(client, receiver)

    async def set_sample_rate(self, hz: float) -> None:
        """Heap samples a second, 1 to 100. UsageError outside."""
        if not 1 <= hz <= 100:
            raise UsageError("Set the sample rate", f"{hz:g} per second is outside 1 to 100")
        await self.send("Isolate.setSampleRate", {"hz": hz})

    async def send(self, method: str, params: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """Any CDP command to this isolate. ProtocolError when it is refused, GoneError when the isolate has ended."""
        self._alive(method)
        return await self._link.command(method, params, self._session)

    def listen(self, method: str, listener: Callable[[Mapping[str, Any]], None]) -> Callable[[], None]:
        """Hear the params of CDP notifications that have no event of ours. Returns what ends it."""
        listeners = self._raw_listeners.setdefault(method, [])
        listeners.append(listener)
        return lambda: listeners.remove(listener) if listener in listeners else None

    async def run_settled(self, run_id: int, patience_s: float) -> None:
        """Wait until a run has settled, at most so long; at once when it has, or is unknown."""
        run = self._runs.active.get(run_id)
        if run is not None:
            await asyncio.wait([run.settled], timeout=patience_s)

    async def dispose(self, reason: str = "") -> None:
        """End it, also while a script loops; its heap is given back. Idempotent. EngineError after 10 s in vain.

        `reason`: why, for `IsolateEnded`; "" for "on request".
        """
        if self._gone is not None:
            return
        disposing = self.start_disposing(reason)
        try:
            async with asyncio.timeout(DISPOSE_PATIENCE_S):
                await asyncio.shield(disposing)
        except TimeoutError:
            cause = f"its host process did not finish within {DISPOSE_PATIENCE_S:g} s"
            raise EngineError(f"Dispose {self.name}", cause, "End the host process.") from None

    # --- inside ---

    def context(self, context_id: int | None, action: str = "Run") -> Context:
        """The context asked for, None: the default one. GoneError when it, or the isolate, has ended."""
        self._alive(action)
        return self._context(self.default_context_id if context_id is None else context_id)

    def file_ran(self, context: Context, path: Path, outcome: Outcome) -> None:
        """A file ended in `context`."""
        context.files.ran(path, outcome)
        self._last_file_context = context.context_id

    def _context(self, context_id: int) -> Context:
        context = self._contexts.get(context_id)
        if context is None:
            cause = f"context {context_id} of {self.name} is unknown, was released or replaced"
            raise ContextReleasedError("Find the context", cause, "Choose one that is listed.")
        return context

    async def _start(
        self,
        source: Source,
        context_id: int | None,
        timeout_s: float | None,
        cpu_limit_s: float | None,
        *,
        repl: bool = False,
        script: int = 0,
        quiet: bool = False,
    ) -> Run:
        self.context(context_id)
        cpu_limit_s = self.settings.cpu_limit_s if cpu_limit_s is None else cpu_limit_s
        _check_time("timeout", timeout_s)
        _check_time("CPU limit", cpu_limit_s)
        if cpu_limit_s is not None:
            self.require(Capability.CPU_LIMIT, "Set a CPU limit", "Use a timeout, or the V8 inspector engine.")
        if self.refusal(Capability.MODULES):
            source = without_modules(source)
        encoded = None if script else await encoded_if_large(source.text)
        context = self.context(context_id)  # much may have happened meanwhile
        label = source.url or "console input" if repl else source.path.name if source.path else source.url
        settled: asyncio.Future[RunReport] = asyncio.get_running_loop().create_future()
        run_id = next(self._run_ids)
        run = Run(
            run_id, context.context_id, source, label, timeout_s, cpu_limit_s, repl, settled, encoded, script, quiet
        )
        self._modules.allow(run.run_id, source.root)
        self._runs.add(run)
        return run

    async def _make_context(self, expected: ExpectedContext) -> Context:
        self.require(Capability.CONTEXTS, "Create a context")
        contexts = self._target.contexts
        made: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        def done(answer: Mapping[str, Any] | InspectorError) -> None:
            if isinstance(answer, InspectorError):
                contexts.forget_expected(expected)
                _fail(made, answer)
                return
            context_id = int(answer["contextId"])
            created = contexts.created(context_id, expected.name, now_us())
            if created is not None:  # V8's own announcement did not come first
                self._note(created)
            if not made.done():
                made.set_result(context_id)

        contexts.expect(expected)
        self._ask("Isolate.createContext", {"name": expected.name}, done)
        return self._context(await made)

    async def _release(self, context: Context, reason: str) -> None:
        self._target.contexts.will_release(context.context_id, reason)
        await self.send("Isolate.releaseContext", {"contextId": context.context_id})
        event = self._target.contexts.released(context.context_id, now_us())
        if event is not None:
            self._note(event)

    async def _stop_runs_in(self, context: Context, evidence: str) -> None:
        self._runs.cancel_held(evidence, context.context_id)
        for run in [one for one in self._runs.active.values() if one.context_id == context.context_id]:
            await self.send("Isolate.stop", _stop_params(run.run_id, evidence))

    def expect_script(self, source: Source) -> None:
        """A source is about to be compiled: its file is known by its url."""
        if source.path is not None:
            self._target.know_path(source.url, str(source.path))

    def script_compiled(self, script_id: str, compile_ms: float) -> None:
        """A script was compiled apart from its runs."""
        self._script_ledger.compiled(script_id, compile_ms)

    def require(self, capability: Capability, action: str, remedy: str = "") -> None:
        """UnsupportedError when the engine lacks a capability, GoneError when the isolate has ended."""
        self._alive(action)
        reason = self.refusal(capability)
        if reason:
            raise UnsupportedError(f"{action} on {self.name}", reason, remedy)

    def refusal(self, capability: Capability) -> str:
        """Why the engine can't, "" when it can."""
        started = self._host.started
        return "" if started is None else started.capabilities.get(capability.value, "")


def _stop_params(run_id: int | None, evidence: str) -> dict[str, Any]:
    params: dict[str, Any] = {"outcome": Outcome.CANCELLED.value, "evidence": evidence}
    return params if run_id is None else {**params, "runId": run_id}


def _check_time(what: str, seconds: float | None) -> None:
    if seconds is not None and not _SHORTEST_LIMIT_S <= seconds <= _LONGEST_LIMIT_S:
        cause = f"{seconds:g} s is not a time from 1 ms to a year"
        raise UsageError(f"Set the {what}", cause, "Leave it out for no limit.")


def _fail(future: asyncio.Future[Any], error: InspectorError) -> None:
    if not future.done():
        future.set_exception(error)
