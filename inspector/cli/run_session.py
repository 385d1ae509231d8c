"""One isolate, one context, the files one after another, and what the user may do meanwhile."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from msgspec import Struct

from inspector.cli.console_tape import ConsoleLine, ConsoleTape
from inspector.cli.exit_codes import ExitCode, code_of_outcome
from inspector.cli.interrupts import interrupts
from inspector.cli.run import RunOptions
from inspector.cli.run_result import FileResult, Reporter
from inspector.errors import GoneError, SourceError
from inspector.events import Birth, Event, HostLost, HostStarted, IsolateCreated, ProblemReported, RunReport, RunTimings
from inspector.pool import Isolate, Pool
from inspector.sources.kind import without_modules
from inspector.sources.reading import read_source
from inspector.sources.source import Source
from inspector.states import Capability, Outcome

__all__ = ["HINT_AFTER_S", "RunSession", "run_session"]

HINT_AFTER_S = 5.0


async def run_session(options: RunOptions, out: TextIO, err: TextIO) -> int:
    """Runs the files and tells of each; returns the exit code. InspectorError when no isolate could be had."""
    reporter: Reporter
    if options.json:
        from inspector.cli.run_json import JsonReporter

        reporter = JsonReporter(out, err)
    else:
        from inspector.cli.run_text import TextReporter

        reporter = TextReporter(out, err)
    session = RunSession(options, reporter, may_hint=err.isatty() and options.timeout_s is None)
    with interrupts(session.interrupt):
        return await session.run()


class _Progress(Struct):
    """Where the session stands, for the interrupt that may come at any time."""

    isolate: Isolate | None = None
    waiting: asyncio.Task[object] | None = None  # what to cancel while there is no run to stop
    stopping: asyncio.Task[None] | None = None
    interrupted: ExitCode | None = None
    birth: Birth | None = None
    has_modules: bool = True  # whether the engine runs them


class RunSession:
    """Lives in one loop. `interrupt` may be called at any time: once to stop the run, twice to end the host process."""

    def __init__(self, options: RunOptions, reporter: Reporter, *, may_hint: bool) -> None:
        self._options = options
        self._reporter = reporter
        self._may_hint = may_hint
        self._now = _Progress()
        self._flushing = False
        self._tape = ConsoleTape(self._write, reporter.console_lost)
        self._pool = Pool(engine=options.engine)
        self._pool.subscribe(self._hear)

    async def run(self) -> int:
        """The exit code: an interrupt's own, else that of the first failure."""
        code = ExitCode.COMPLETED
        try:
            for position, path in enumerate(self._options.files):
                result = await self._file(path)
                self._settle(result)
                code = code or _code(result)
                if self._must_end(result):
                    self._tell_not_run(self._options.files[position + 1 :])
                    break
        finally:
            if self._now.stopping is not None:
                await asyncio.gather(self._now.stopping, return_exceptions=True)
            await self._pool.close()
        return self._now.interrupted or code

    def interrupt(self, code: ExitCode) -> None:
        """Stop what runs; a second time: end the host process."""
        again = self._now.interrupted is not None
        self._now.interrupted = code
        if self._now.waiting is not None:
            self._now.waiting.cancel()
        elif self._now.isolate is not None:
            self._now.stopping = asyncio.ensure_future(self._pool.close() if again else self._now.isolate.stop())

    async def _file(self, path: Path) -> FileResult:
        try:
            source = await asyncio.to_thread(read_source, path)
        except SourceError as error:
            return FileResult(path, None, None, refusal=error)
        is_first = self._now.isolate is None
        isolate = await self._isolate()
        if isolate is None or self._now.interrupted is not None:
            return FileResult(path, source, _without_run(Outcome.CANCELLED, "stopped before it ran"))
        if not self._now.has_modules:
            source = without_modules(source)
        report = await self._run(isolate, source, path)
        birth = self._now.birth if is_first else None
        return FileResult(path, source, report, birth=birth, others=tuple(self._tape.others(report.error)))

    async def _isolate(self) -> Isolate | None:
        """The isolate, made for the first file that can be read; None when an interrupt came first."""
        if self._now.isolate is None:
            task = asyncio.ensure_future(self._make_isolate())
            self._now.waiting = task
            try:
                self._now.isolate = await task
            except asyncio.CancelledError:
                if self._now.interrupted is None:
                    raise
            finally:
                self._now.waiting = None
        return self._now.isolate

    async def _make_isolate(self) -> Isolate:
        await self._pool.open()
        for folder in self._options.import_folders:
            await self._pool.allow_imports(folder)
        return await self._pool.create_isolate(
            name="run", memory_limit=self._options.memory_limit_bytes, prelude=self._options.prelude
        )

    async def _run(self, isolate: Isolate, source: Source, path: Path) -> RunReport:
        hint = asyncio.get_running_loop().call_later(HINT_AFTER_S, self._hint, path) if self._may_hint else None
        try:
            return await isolate.run(source, timeout_s=self._options.timeout_s, cpu_limit_s=self._options.cpu_limit_s)
        except GoneError as error:
            return _without_run(Outcome.HOST_LOST, str(error))
        finally:
            if hint is not None:
                hint.cancel()

    def _hint(self, path: Path) -> None:
        self._may_hint = False
        self._reporter.told(f"{path} still runs. Nothing stops it without --timeout; Ctrl+C does.")

    def _must_end(self, result: FileResult) -> bool:
        if self._now.interrupted is not None:
            return True
        if result.report is not None and result.report.outcome in (Outcome.HOST_LOST, Outcome.CANCELLED):
            return True  # the context that the next file would run in is gone
        return _code(result) is not ExitCode.COMPLETED and not self._options.keep_going

    def _tell_not_run(self, rest: tuple[Path, ...]) -> None:
        if rest and self._now.interrupted is None:
            files = "file was" if len(rest) == 1 else "files were"
            way = "" if self._options.keep_going else " --keep-going runs what follows a failure."
            self._reporter.told(f"{len(rest)} {files} not run.{way}")

    # --- what the pool tells ---

    def _hear(self, event: Event) -> None:
        self._tape.hear(event)
        if isinstance(event, IsolateCreated):
            self._now.birth = event.birth
        elif isinstance(event, HostStarted):
            self._now.has_modules = not event.capabilities.get(Capability.MODULES.value)
        elif isinstance(event, HostLost):
            words = f" Its last words:\n{event.last_words}" if event.last_words.strip() else ""
            self._reporter.told(f"The host process was lost: {event.reason}.{words}")
        elif isinstance(event, ProblemReported) and event.severity != "info":
            self._reporter.told(f"{event.action}: {event.cause}. {event.remedy}".rstrip())

    def _write(self, line: ConsoleLine) -> None:
        """A console line as it comes; flushed once per turn of the loop."""
        try:
            self._reporter.console(line)
        except OSError as error:
            self._nobody_reads(error)
            return
        if not self._flushing:
            self._flushing = True
            asyncio.get_running_loop().call_soon(self._flush)

    def _flush(self) -> None:
        self._flushing = False
        try:
            self._reporter.flush()
        except OSError as error:
            self._nobody_reads(error)

    def _settle(self, result: FileResult) -> None:
        try:
            self._reporter.settled(result)
        except OSError as error:
            self._nobody_reads(error)

    def _nobody_reads(self, error: OSError) -> None:
        """The output can't be written: stop. A reader that left is told nothing; a full disk is."""
        if self._now.interrupted is not None:
            return
        self.interrupt(ExitCode.BROKEN_PIPE)
        if not isinstance(error, BrokenPipeError):
            with suppress(OSError):
                self._reporter.told(f"Write the output: {error.strerror or error}.")


def _code(result: FileResult) -> ExitCode:
    return ExitCode.USAGE if result.report is None else code_of_outcome(result.report.outcome)


def _without_run(outcome: Outcome, evidence: str) -> RunReport:
    return RunReport(outcome, evidence, None, False, None, "", None, RunTimings(None, 0.0, None), None)
