"""Our own ways to start a script cold, through the pool: each gives its total, its stages and its memory."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from inspector.coldstart.records import CACHED, CONTEXT, HOST, ISOLATE, Round, Variant
from inspector.errors import InspectorError, UnsupportedError, UsageError
from inspector.events import Event, HostMeasured, IsolateCreated
from inspector.pool import Isolate, Pool
from inspector.records import Birth, RunReport
from inspector.sources import Source
from inspector.states import Capability, Outcome, SourceKind

__all__ = ["Ours"]

Start = Callable[[], Awaitable[Round]]


class Ours:
    """Cold starts of one source in one pool, whose standing isolate is warm. `prepare` first."""

    def __init__(self, pool: Pool, source: Source, memory_limit_bytes: int) -> None:
        self._pool = pool
        self._source = source
        self._limit = memory_limit_bytes
        self._standing: Isolate
        self._births: dict[int, Birth] = {}
        self._cache = b""
        pool.subscribe(self._hear)

    async def prepare(self) -> Mapping[Variant, Start | str]:
        """How to start each variant, or why it can't be. UsageError when the script does not complete."""
        self._standing = await self._pool.create_isolate(memory_limit=self._limit)
        report = await self._standing.run(self._source)
        if report.outcome is not Outcome.COMPLETED:
            why = report.error.message if report.error is not None else report.evidence
            raise UsageError(f"Measure {self._source.url}", f"its run ended {report.outcome}: {why}")
        return {
            CONTEXT: self._lacking(Capability.CONTEXTS) or self.context,
            ISOLATE: self.isolate,
            CACHED: await self._why_not_cached() or self.cached,
            HOST: self.host,
        }

    async def context(self) -> Round:
        before = await self._standing.heap_statistics()
        began = time.perf_counter()
        context = await self._standing.create_context()
        made_ms = (time.perf_counter() - began) * 1e3
        report = self._checked(await self._standing.run(self._source, context_id=context.context_id))
        total = (time.perf_counter() - began) * 1e3
        after = await self._standing.heap_statistics()
        await self._standing.release_context(context.context_id)
        await self._standing.collect_garbage()
        grown = after.used_bytes + after.external_bytes - before.used_bytes - before.external_bytes
        return Round(CONTEXT, total, {"context": made_ms, **_of_run(report)}, max(grown, 0))

    async def isolate(self) -> Round:
        began = time.perf_counter()
        isolate = await self._pool.create_isolate(memory_limit=self._limit, host=self._standing.host_id)
        report = self._checked(await isolate.run(self._source))
        return await self._ended(ISOLATE, isolate, began, _of_run(report))

    async def cached(self) -> Round:
        began = time.perf_counter()
        isolate = await self._pool.create_isolate(memory_limit=self._limit, host=self._standing.host_id)
        script = await isolate.compile_script(self._source, code_cache=self._cache)
        report = self._checked(await script.run_report())
        if script.cache_refusal:
            raise UsageError("Measure V8's code cache", script.cache_refusal)
        return await self._ended(CACHED, isolate, began, _of_run(report) | {"compile": script.compile_ms})

    async def host(self) -> Round:
        began = time.perf_counter()
        isolate = await self._pool.create_isolate(memory_limit=self._limit, host="own")
        report = self._checked(await isolate.run(self._source))
        total = (time.perf_counter() - began) * 1e3
        stages = _of_birth(self._births.pop(isolate.isolate_id)) | _of_run(report)
        memory = _resident_bytes(isolate.host.pid) or _measured(isolate.host.measured)
        await isolate.dispose()
        return Round(HOST, total, stages, memory)

    async def _ended(self, variant: Variant, isolate: Isolate, began: float, run: dict[str, float]) -> Round:
        total = (time.perf_counter() - began) * 1e3
        birth = self._births.pop(isolate.isolate_id)
        await isolate.dispose()
        return Round(variant, total, _of_birth(birth) | run, birth.added_bytes)

    async def _why_not_cached(self) -> str:
        """Makes the code cache; "" when it is made."""
        if self._source.kind is SourceKind.MODULE:
            return "the file is a module, and modules are compiled by their run"
        try:
            script = await self._standing.compile_script(self._source)
            context = await self._standing.create_context()
            await script.run_report(context_id=context.context_id)
            self._cache = await script.code_cache()
            await self._standing.release_context(context.context_id)
        except UnsupportedError as error:
            return error.cause
        return ""

    def _lacking(self, capability: Capability) -> str:
        try:
            self._standing.require(capability, "Measure")
        except UnsupportedError as error:
            return error.cause
        return ""

    def _checked(self, report: RunReport) -> RunReport:
        if report.outcome is not Outcome.COMPLETED:
            cause = f"a later run ended {report.outcome}: {report.evidence}"
            raise InspectorError(f"Measure {self._source.url}", cause)
        return report

    def _hear(self, event: Event) -> None:
        if isinstance(event, IsolateCreated):
            self._births[event.isolate_id] = event.birth


def _of_birth(birth: Birth) -> dict[str, float]:
    stages = {
        "host process": birth.host_start_ms,
        "isolate": birth.isolate_ms,
        "inspector": birth.inspector_ms,
        "context": birth.context_ms,
        "prelude": birth.prelude_ms,
    }
    return {name: ms for name, ms in stages.items() if ms is not None}


def _of_run(report: RunReport) -> dict[str, float]:
    compile_ms = report.timings.compile_ms
    return ({} if compile_ms is None else {"compile": compile_ms}) | {"run": report.timings.run_ms}


def _measured(event: HostMeasured | None) -> int | None:
    return None if event is None else event.resident_bytes


def _resident_bytes(pid: int | None) -> int | None:
    """Of another process, now; None where the system does not tell it in a file."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) << 10 for line in lines if line.startswith("VmRSS:")), None)
