"""`serve` from its pool's start to the interrupt: one isolate, its files, the endpoint, who comes and goes."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from inspector.cli.console_tape import ConsoleTape
from inspector.cli.exit_codes import ExitCode
from inspector.cli.interrupts import interrupts
from inspector.cli.run_result import FileResult
from inspector.cli.run_text import TextReporter
from inspector.cli.serve import ServeOptions
from inspector.endpoint import DEFAULT_PORT, Endpoint, devtools_url
from inspector.errors import UsageError
from inspector.events import DebuggersChanged, Event, HostLost, IsolateEnded, IsolatePaused, ProblemReported
from inspector.pool import Isolate, Pool
from inspector.sources.reading import read_source
from inspector.sources.source import Source
from inspector.text import visible

__all__ = ["ANNOUNCED_AFTER_S", "serve_session"]

ANNOUNCED_AFTER_S = 1.0


async def serve_session(options: ServeOptions, out: TextIO, err: TextIO) -> int:
    """Serves until it is interrupted; returns the exit code. InspectorError when that can't begin."""
    sources = await asyncio.to_thread(_read, options.files)
    return await _Service(options, out, err).run(sources)


def _read(files: tuple[Path, ...]) -> list[Source]:
    """SourceError for the first that can't be read: nothing has been started then."""
    return [read_source(path) for path in files]


class _Service:
    """Lives in one loop."""

    def __init__(self, options: ServeOptions, out: TextIO, err: TextIO) -> None:
        self._options = options
        self._out = out
        self._reporter = TextReporter(err if options.json else out, err)
        self._tape = ConsoleTape(self._reporter.console, self._reporter.console_lost)
        self._end: asyncio.Future[ExitCode] = asyncio.get_running_loop().create_future()
        self._pool = Pool(engine=options.engine)
        self._pool.subscribe(self._hear)
        self._endpoint = Endpoint(self._pool, origins=options.origins)
        self._attached = 0

    async def run(self, sources: list[Source]) -> int:
        with interrupts(self._interrupt):
            serving = asyncio.ensure_future(self._serve(sources))
            try:
                waited: list[asyncio.Future[Any]] = [serving, self._end]
                await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
                if serving.done() and serving.exception() is not None:
                    serving.result()  # raises: it never came to serve
                return await self._end
            finally:
                serving.cancel()
                await asyncio.gather(serving, return_exceptions=True)
                await self._endpoint.close("the inspector ends")
                await self._pool.close()

    async def _serve(self, sources: list[Source]) -> None:
        await self._pool.open()
        isolate = await self._pool.create_isolate(name="isolate 1", memory_limit=self._options.memory_limit_bytes)
        await self._open_port()
        address = self._endpoint.allow(isolate.isolate_id)
        running = asyncio.ensure_future(self._run_files(isolate, sources))
        try:
            await asyncio.wait([running], timeout=ANNOUNCED_AFTER_S)
            self._announce(isolate, address)
            await running
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    async def _open_port(self) -> None:
        if self._options.port is not None:
            await self._endpoint.open(self._options.port)
            return
        try:
            await self._endpoint.open(DEFAULT_PORT)
        except UsageError:
            await self._endpoint.open()

    async def _run_files(self, isolate: Isolate, sources: list[Source]) -> None:
        for source in sources:
            report = await isolate.run(source)
            path = source.path or Path(source.url)
            if source.path is not None:
                isolate.file_ran(isolate.context(None), source.path, report.outcome)
            self._reporter.settled(FileResult(path, source, report, others=tuple(self._tape.others(report.error))))

    def _announce(self, isolate: Isolate, address: str) -> None:
        if self._options.json:
            isolates = [{"name": isolate.name, "webSocketDebuggerUrl": address}]
            told = {"host": self._endpoint.host, "port": self._endpoint.port, "isolates": isolates}
            self._out.write(json.dumps(told) + "\n")
        else:
            self._out.write(
                f"Debuggers may attach to {isolate.name}:\n  {address}\n  {devtools_url(address)}\n"
                f"Everyone on this machine may. Ctrl+C ends it.\n"
            )
        self._out.flush()

    def _interrupt(self, code: ExitCode) -> None:
        self._finish(ExitCode.COMPLETED if code is ExitCode.CANCELLED else code)

    def _finish(self, code: ExitCode) -> None:
        if not self._end.done():
            self._end.set_result(code)

    # --- what the pool tells ---

    def _hear(self, event: Event) -> None:
        with suppress(OSError):  # nobody reads what is told; the debuggers do
            self._tape.hear(event)
            self._tell(event)
            self._reporter.flush()

    def _tell(self, event: Event) -> None:
        if isinstance(event, DebuggersChanged):
            self._tell_debuggers(len(event.debuggers))
        elif isinstance(event, IsolatePaused):
            self._reporter.told(f"Paused at {visible(event.url, 200)}:{event.line} ({event.reason}).")
        elif isinstance(event, HostLost):
            self._reporter.told(f"The host process was lost: {event.reason}.")
        elif isinstance(event, ProblemReported) and event.severity != "info":
            self._reporter.told(f"{event.action}: {event.cause}. {event.remedy}".rstrip())
        elif isinstance(event, IsolateEnded) and not self._end.done():
            self._reporter.told(f"The isolate has ended: {event.reason}.")
            self._finish(ExitCode.HOST_LOST)

    def _tell_debuggers(self, attached: int) -> None:
        if attached != self._attached:
            self._attached = attached
            debuggers = "1 debugger is" if attached == 1 else f"{attached or 'no'} debuggers are"
            self._reporter.told(f"{debuggers} attached.".capitalize())
