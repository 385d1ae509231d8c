"""Contexts, modules, pauses, the inspector: there, or refused with the engine's own reason."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from inspector.errors import InspectorError, ProtocolError, UnsupportedError
from inspector.events import IsolatePaused
from inspector.states import Capability, Outcome
from tests.engine.suite.bench import Bench

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_contexts(bench: Bench) -> None:
    isolate = await bench.isolate()
    if reason := bench.reason(Capability.CONTEXTS):
        with pytest.raises(UnsupportedError) as refused:
            await isolate.create_context("second")
        assert refused.value.cause == reason
        assert len(isolate.contexts) == 1
        return
    second = await isolate.create_context("second")
    await isolate.evaluate("globalThis.only = 'here'")
    there = await isolate.evaluate("typeof only", context_id=second.context_id)
    assert there.value == "undefined"
    await isolate.release_context(second.context_id)
    assert len(isolate.contexts) == 1


async def test_modules(bench: Bench, tmp_path: Path) -> None:
    isolate = await bench.isolate()
    (tmp_path / "part.mjs").write_text("export const part = 20;\n")
    main = tmp_path / "main.mjs"
    main.write_text("import {part} from './part.mjs';\nexport const sum = part + await Promise.resolve(1);\n")
    report = (await isolate.run_files([main])).reports[0][1]
    if reason := bench.reason(Capability.MODULES):
        told = report.cause if isinstance(report, InspectorError) else (report.error and report.error.message) or ""
        assert reason in told, report
        return
    assert not isinstance(report, InspectorError)
    assert report.outcome is Outcome.COMPLETED and "sum" in report.preview, report


async def test_pause(bench: Bench) -> None:
    isolate = await bench.isolate()
    if reason := bench.reason(Capability.PAUSE):
        with pytest.raises(UnsupportedError) as refused:
            await isolate.pause()
        assert refused.value.cause == reason
        assert (await bench.run(isolate, "debugger; 1")).value == 1
        return
    loop = asyncio.ensure_future(isolate.run(bench.source("console.log('go'); for (;;);"), timeout_s=20))
    await bench.logged(isolate, "go")
    await isolate.pause()
    paused = await bench.events.heard(IsolatePaused, lambda event: event.isolate_id == isolate.isolate_id)
    assert paused.url == "suite.js"
    await isolate.resume()
    await isolate.stop()
    await loop


async def test_inspector(bench: Bench) -> None:
    isolate = await bench.isolate()
    assert (await isolate.send("Runtime.evaluate", {"expression": "1 + 1"}))["result"]["value"] == 2
    assert (await isolate.send("Runtime.getHeapUsage"))["usedSize"] > 0
    with pytest.raises(ProtocolError) as unknown:
        await isolate.send("NodeRuntime.enable")
    assert unknown.value.code == -32601
    if reason := bench.reason(Capability.INSPECTOR):
        assert "V8's inspector" in reason
        with pytest.raises(ProtocolError) as refused:
            await isolate.send("Profiler.enable")
        assert refused.value.code == -32601 and "no V8 inspector" in str(refused.value)
    else:
        assert "profile" in bench.reason(Capability.CPU_PROFILE) or await isolate.send("Profiler.enable") == {}


async def test_every_lack_has_a_reason_that_a_person_reads(bench: Bench) -> None:
    for capability in Capability:
        reason = bench.reason(capability)
        assert reason == "" or (len(reason) > 20 and not reason.startswith(" ")), capability
