"""What runs in an isolate: sources, files, scripts, modules, console input; what ends it. `Isolate` adds the rest."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from inspector.errors import UsageError
from inspector.events import RunReport, ScriptCompiled, ScriptParsed
from inspector.pool import files, repl
from inspector.pool.context import Context
from inspector.pool.files import FilesReport
from inspector.pool.isolate_contexts import IsolateContexts, stop_params
from inspector.pool.large_text import encoded_if_large
from inspector.pool.module import Module, module_source
from inspector.pool.repl import Completions
from inspector.pool.run_queue import Run
from inspector.pool.script import Script, compile_script
from inspector.pool.script_figures import ScriptFigures
from inspector.sources.kind import without_modules
from inspector.sources.reading import source_from_text
from inspector.sources.source import Source
from inspector.states import Capability, Outcome, SourceKind
from inspector.target.clock import now_us

if TYPE_CHECKING:
    from inspector.pool.isolate import Isolate

__all__ = ["IsolateRuns"]

_SHORTEST_LIMIT_S, _LONGEST_LIMIT_S = 0.001, 365 * 86400.0  # of a timeout or CPU limit
_STOPPED = "stopped by the user"


class IsolateRuns(IsolateContexts):
    """Every way to run something."""

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
        return await files.run_files(self._whole, paths, context_id, timeout_s, cpu_limit_s, keep_going=keep_going)

    async def run_again(self, *, context_id: int | None = None) -> FilesReport:
        """A fresh context in place of the old; the files that ran there run again, as they are on disk now.

        `context_id`: None for where the newest file ran. UsageError when no file ran there; UnsupportedError.
        """
        return await files.run_again(self._whole, context_id)

    async def run_again_here(self, *, context_id: int | None = None) -> RunReport:
        """The last file once more in the same context. SourceError when it can't be read; UsageError when none ran."""
        return await files.run_again_here(self._whole, context_id)

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
        return await compile_script(self._whole, text, code_cache)

    async def compile_module(
        self, source: str | Source, *, filename: str = "module.mjs", imports: Path | None = None
    ) -> Module:
        """A module, run by `Module.run`. `imports`: the folder from which a text's relative imports are read; None:
        it imports nothing. A `Source` brings its own. UnsupportedError.
        """
        self.require(Capability.MODULES, f"Compile {filename}")
        text = await asyncio.to_thread(module_source, source, filename, imports)
        return Module(self._whole, text)

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
        return await repl.complete(self._whole, text, context_id)

    async def preview(self, text: str, *, context_id: int | None = None) -> str:
        """What `text` would give, as one line; "" where it can't be told without side effects."""
        return await repl.preview(self._whole, text, context_id)

    async def stop(self, run_id: int | None = None) -> None:
        """End a run, or everything that runs or waits, as cancelled. Does nothing for a run that has settled."""
        self._alive("Stop")
        if run_id is None:
            self._runs.cancel_held(_STOPPED)
        elif self._runs.cancel(run_id, _STOPPED) or run_id not in self._runs.active:
            return
        await self.send("Isolate.stop", stop_params(run_id, _STOPPED))

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
        self._ask("Isolate.stop", stop_params(run_id, "withdrawn before it started"), lambda _: None)
        return True

    async def run_settled(self, run_id: int, patience_s: float) -> None:
        """Wait until a run has settled, at most so long; at once when it has, or is unknown."""
        run = self._runs.active.get(run_id)
        if run is not None:
            await asyncio.wait([run.settled], timeout=patience_s)

    def file_ran(self, context: Context, path: Path, outcome: Outcome) -> None:
        """A file ended in `context`."""
        context.files.ran(path, outcome)
        self._last_file_context = context.context_id

    def expect_script(self, source: Source) -> None:
        """A source is about to be compiled: its file is known by its url."""
        if source.path is not None:
            self._target.know_path(source.url, str(source.path))

    def script_compiled(self, script_id: str, compile_ms: float, *, cached: bool, cache_refusal: str) -> None:
        """A script was compiled apart from its runs."""
        self._script_ledger.compiled(script_id, compile_ms)
        self._publish(ScriptCompiled(now_us(), self.isolate_id, script_id, compile_ms, cached, cache_refusal))

    # --- inside ---

    @property
    def _whole(self) -> Isolate:
        return cast("Isolate", self)  # every one is: see `Pool._make`

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
        self._modules.allow(run.run_id, source.root, context.doors)
        self._runs.add(run)
        return run


def _check_time(what: str, seconds: float | None) -> None:
    if seconds is not None and not _SHORTEST_LIMIT_S <= seconds <= _LONGEST_LIMIT_S:
        cause = f"{seconds:g} s is not a time from 1 ms to a year"
        raise UsageError(f"Set the {what}", cause, "Leave it out for no limit.")
