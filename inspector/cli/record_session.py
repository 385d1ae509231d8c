"""Record files that run on one isolate: the pool, the recorder, and what the user may do meanwhile."""

from __future__ import annotations

import asyncio
import io
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from inspector.cli.console_tape import ConsoleTape
from inspector.cli.exit_codes import ExitCode, code_of_outcome
from inspector.cli.interrupts import interrupts
from inspector.cli.record import RecordCommand
from inspector.cli.run_result import FileResult
from inspector.cli.run_text import TextReporter
from inspector.errors import GoneError, RecordingError, SourceError, UnsupportedError
from inspector.events import Event, HostLost, ProblemReported, RunReport
from inspector.pool import Context, Isolate, Pool
from inspector.recording.folder import delete
from inspector.recording.options import Preset, RecordOptions
from inspector.recording.recorder import Finished, Recorder
from inspector.sources.kind import without_modules
from inspector.sources.reading import read_source
from inspector.states import Capability, Outcome
from inspector.units import format_bytes, format_us

__all__ = ["record_session"]

_PROGRESS_EVERY_S = 0.25
_ENDS_EVERYTHING = (Outcome.HOST_LOST, Outcome.CANCELLED)


async def record_session(command: RecordCommand, err: TextIO) -> int:
    """Returns the exit code. UsageError, RecordingError; HostLostError when no isolate could be had."""
    if command.output.exists() and command.force:
        with suppress(OSError):
            command.output.unlink()
    session = _RecordSession(command, TextReporter(io.StringIO(), err), err)  # results and console are in the recording
    with interrupts(session.interrupt):
        return await session.run()


class _RecordSession:
    """Lives in one loop. `interrupt` may be called at any time."""

    def __init__(self, command: RecordCommand, reporter: TextReporter, err: TextIO) -> None:
        self._command = command
        self._reporter = reporter
        self._err = err
        self._isolate: Isolate | None = None
        self._interrupted: ExitCode | None = None
        self._timed_out = False
        self._stops: set[asyncio.Task[None]] = set()
        self._runs = 0
        self._tape = ConsoleTape(lambda _line: None, lambda _count: None)
        self._pool = Pool(engine=command.engine)
        self._pool.subscribe(self._hear)

    async def run(self) -> int:
        command = self._command
        options = RecordOptions(Preset(command.preset), cpu_interval_us=command.interval_us)
        code = ExitCode.COMPLETED
        progress: asyncio.Task[None] | None = None
        try:
            await self._pool.open()
            recorder = Recorder(self._pool, command.output.absolute(), options, reason="command line")
            await recorder.start()
            if self._err.isatty():
                progress = asyncio.create_task(self._tell_progress(recorder))
            try:
                code = await self._run_all()
            finally:
                finished = await recorder.close("all files have ended" if not self._timed_out else "its time was over")
            if progress is not None:
                progress.cancel()
                self._tell_end(finished)
            if code is ExitCode.USAGE and not self._runs:  # nothing ran: the same command, mended, may take this name
                with suppress(OSError):
                    delete(finished.path)
            if finished.trouble:
                raise RecordingError("Record", finished.trouble)
        finally:
            if progress is not None:
                progress.cancel()
            await asyncio.gather(*self._stops, return_exceptions=True)
            await self._pool.close()
        return self._interrupted or code

    def interrupt(self, code: ExitCode) -> None:
        """Stop what runs; the recording is closed in order."""
        self._interrupted = code
        self._stop()

    def _stop(self) -> None:
        if self._isolate is not None:
            self._stops.add(asyncio.ensure_future(_quietly_stop(self._isolate)))

    def _time_is_over(self) -> None:
        self._timed_out = True
        self._stop()

    async def _run_all(self) -> ExitCode:
        command = self._command
        self._isolate = isolate = await self._pool.create_isolate(
            name=command.files[0].stem[:60] or "record", memory_limit=command.memory_limit_bytes
        )
        if isolate.refusal(Capability.CPU_PROFILE) and Preset(command.preset).samples_stacks:
            self._reporter.told(f"No stacks are sampled: {isolate.refusal(Capability.CPU_PROFILE)}.")
        timer = None
        if command.duration_s is not None:
            timer = asyncio.get_running_loop().call_later(command.duration_s, self._time_is_over)
        try:
            return await self._rounds(isolate)
        finally:
            if timer is not None:
                timer.cancel()

    async def _rounds(self, isolate: Isolate) -> ExitCode:
        code = ExitCode.COMPLETED
        context = isolate.context(None)
        for number in range(self._command.repeat):
            if number:
                context = await self._fresh(isolate, context)
            for path in self._command.files:
                result = await self._file(isolate, context, path)
                if self._interrupted is not None or self._timed_out:
                    return code
                self._reporter.settled(result)
                failed = ExitCode.USAGE if result.report is None else code_of_outcome(result.report.outcome)
                code = code or failed
                ends = result.report is not None and result.report.outcome in _ENDS_EVERYTHING
                if failed and (ends or not self._command.keep_going):
                    return code
        return code

    async def _fresh(self, isolate: Isolate, context: Context) -> Context:
        """The engine with one context runs the next round where the last one ran."""
        try:
            return await isolate.replace_context(context)
        except UnsupportedError:
            return context

    async def _file(self, isolate: Isolate, context: Context, path: Path) -> FileResult:
        try:
            source = await asyncio.to_thread(read_source, path)
        except SourceError as error:
            return FileResult(path, None, None, refusal=error)
        if isolate.refusal(Capability.MODULES):
            source = without_modules(source)
        try:
            report: RunReport = await isolate.run(
                source, context_id=context.context_id, timeout_s=self._command.timeout_s
            )
        except GoneError as error:
            return FileResult(path, source, _lost(str(error)))
        self._runs += 1
        return FileResult(path, source, report, others=tuple(self._tape.others(report.error)))

    def _hear(self, event: Event) -> None:
        self._tape.hear(event)
        if isinstance(event, HostLost):
            words = f" Its last words:\n{event.last_words}" if event.last_words.strip() else ""
            self._reporter.told(f"The host process was lost: {event.reason}.{words}")
        elif isinstance(event, ProblemReported) and event.severity != "info":
            self._reporter.told(f"{event.action}: {event.cause}. {event.remedy}".rstrip())

    async def _tell_progress(self, recorder: Recorder) -> None:
        while True:
            runs = self._command.repeat * len(self._command.files)
            line = f"REC {format_us(recorder.recorded_s * 1e6)}, {self._runs} of {runs} runs"
            self._err.write(f"\r{line}\033[K")
            self._err.flush()
            await asyncio.sleep(_PROGRESS_EVERY_S)

    def _tell_end(self, finished: Finished) -> None:
        size = finished.path.stat().st_size if finished.path.exists() else 0
        length = format_us(finished.ended_us - finished.began_us)
        self._err.write("\r\033[K")
        self._reporter.told(f"{self._command.output}: {length}, {format_bytes(size)}, {finished.events} events")


async def _quietly_stop(isolate: Isolate) -> None:
    with suppress(GoneError):
        await isolate.stop()


def _lost(evidence: str) -> RunReport:
    from inspector.target.reports import report_without_host

    return report_without_host(Outcome.HOST_LOST, evidence)
