"""The Python API by its own words: results, errors, limits, modules, profiles, events; what a newcomer forgets."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

import inspector
from inspector import (
    CopyRefusedError,
    ExternalCopy,
    MemoryLimitError,
    Pool,
    Reference,
    RunCancelledError,
    RunError,
    RunTimedOutError,
    ScriptThrewError,
    UnsupportedError,
    UsageError,
)
from inspector.clone import undefined
from inspector.events import EventsMissed, IsolateEnded, PoolStopped
from inspector.pool import outcomes
from inspector.pool.event_feed import EventFeed
from inspector.states import Capability, Outcome
from tests.fixtures.engines import needs, only_portable


@needs(Capability.CONTEXTS)
async def test_results(pool: Pool) -> None:
    isolate = await pool.create_isolate(memory_limit="64 MiB")
    context = isolate.default_context
    assert await context.evaluate("1 + 1") == 2
    nested = "({ a: [1, { b: 'x' }], at: new Date(0), none: undefined, nil: null, far: 'é'.repeat(1e6) })"
    value = await context.evaluate(nested, timeout="20s")
    assert value["a"] == [1, {"b": "x"}] and value["at"] == datetime(1970, 1, 1, tzinfo=UTC)
    assert value["none"] is undefined and value["nil"] is None and value["far"] == "é" * 1_000_000
    assert await context.evaluate("Promise.resolve().then(() => ({ late: true }))") == {"late": True}
    with pytest.raises(CopyRefusedError, match=r"\.users\[1\]\.save"):
        await context.evaluate("({ users: [1, { save() {} }] })")
    reference = await context.evaluate("({ x: 1, double: (n) => n * 2 })", result="reference")
    assert isinstance(reference, Reference)
    assert await (await (await reference.get("double")).apply([21])).value() == 42
    copy = await context.evaluate("[1, 2]", result="external_copy")
    assert isinstance(copy, ExternalCopy)
    other = await isolate.create_context("other")
    await copy.into(other, name="given")
    assert await other.evaluate("given.length") == 2
    assert await (await context.evaluate("7", result="reference")).value() == 7
    with pytest.raises(UsageError, match='result can\'t be "json"'):
        await context.evaluate("1", result="json")  # type: ignore[arg-type]
    await other.release()
    with pytest.raises(inspector.ContextReleasedError):
        await other.evaluate("1")


@needs(Capability.EXTERNAL_LIMIT)
async def test_errors_carry_their_evidence(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    isolate = await pool.create_isolate(memory_limit="64 MiB")
    context = isolate.default_context
    with pytest.raises(ScriptThrewError) as threw:
        await context.evaluate("\n  null.x", filename="handler.js")
    error = threw.value.error
    assert error is not None and (error.name, error.file, error.line) == ("TypeError", "handler.js", 2)
    assert str(threw.value).startswith("Run handler.js: TypeError: Cannot read properties of null")
    for name, words in (("fetch", "no network"), ("require", "bundle"), ("document", "without a browser")):
        with pytest.raises(ScriptThrewError, match=f"{name} is not defined.*{words}"):
            await context.evaluate(f"{name}.x")
    with pytest.raises(ScriptThrewError, match="SyntaxError"):
        await context.evaluate("let = ;")
    with pytest.raises(RunTimedOutError) as late:
        await context.evaluate("Promise.resolve().then(() => { for (;;); })", timeout="100ms")
    assert late.value.report.outcome is Outcome.TIMED_OUT and "limit 0.1 s" in str(late.value)
    monkeypatch.setattr(outcomes, "DEFAULT_TIMEOUT_S", 0.1)
    with pytest.raises(RunTimedOutError, match=r"No timeout was given, so 0.1 s was taken: pass timeout="):
        await context.evaluate("for (;;);")
    with pytest.raises(UsageError, match="no unit"):
        await context.evaluate("1", timeout="5")
    with pytest.raises(MemoryLimitError) as full:
        await context.evaluate("globalThis.kept = []; for (;;) kept.push(new ArrayBuffer(10 << 20))", timeout=60)
    assert full.value.report.outcome is Outcome.EXTERNAL_LIMIT
    disposed = asyncio.create_task(isolate.dispose())
    with pytest.raises((RunCancelledError, inspector.IsolateDisposedError)):
        await context.evaluate("new Promise(() => {})", timeout=None)
    await disposed
    assert isolate.is_disposed and issubclass(RunTimedOutError, RunError)


@needs(Capability.COMPILE, Capability.MODULES)
async def test_scripts_and_modules(pool: Pool, tmp_path: Path) -> None:
    isolate = await pool.create_isolate(memory_limit="64 MiB", cpu_limit="20s")
    script = await isolate.compile_script("globalThis.n = (globalThis.n ?? 0) + 1", filename="count.js")
    other = await isolate.create_context("other")
    assert [await script.run(), await script.run(), await script.run(other)] == [1, 2, 1]
    (tmp_path / "deep.mjs").write_text("export const deep = { a: 1 };", encoding="utf-8")
    text = "import { deep } from './deep.mjs'; export { deep }; export default 5;"
    module = await isolate.compile_module(text, filename="main.mjs", imports=tmp_path)
    assert await module.run(timeout=10) == {"deep": {"a": 1}, "default": 5}
    alone = await isolate.compile_module("import './deep.mjs'")
    with pytest.raises(ScriptThrewError):
        await alone.run()


@needs(Capability.HEAP_SNAPSHOT, Capability.CPU_PROFILE)
async def test_profiles(pool: Pool, tmp_path: Path) -> None:
    isolate = await pool.create_isolate(memory_limit="64 MiB")
    path = tmp_path / "a.heapsnapshot"
    size = await isolate.take_heap_snapshot(path)
    assert len(path.read_text(encoding="utf-8")) == size and "snapshot" in json.loads(path.read_bytes())
    with pytest.raises(inspector.SourceError, match="can't be written"):
        await isolate.take_heap_snapshot(tmp_path / "none" / "a.heapsnapshot")
    assert not path.with_name("a.heapsnapshot.part").exists() and not (tmp_path / "none").exists()
    await isolate.start_cpu_profile()
    await isolate.default_context.evaluate("{ const end = Date.now() + 30; while (Date.now() < end); }")
    profile = await isolate.stop_cpu_profile(tmp_path / "a.cpuprofile")
    assert json.loads((tmp_path / "a.cpuprofile").read_bytes())["nodes"] == profile["nodes"]
    assert (await isolate.heap_statistics()).used_bytes > 0


async def test_events(pool: Pool) -> None:
    async with pool.events() as feed:
        isolate = await pool.create_isolate(memory_limit="64 MiB")
        await isolate.dispose()
        seen = []
        async for event in feed:
            seen.append(type(event).__name__)
            if isinstance(event, IsolateEnded) and event.isolate_id == isolate.isolate_id:
                break
    assert seen.index("IsolateCreated") < seen.index("ContextCreated") < seen.index("IsolateEnded")


async def test_a_slow_reader_of_events_is_told_of_the_gap() -> None:
    class Told:
        def subscribe(self, listener):  # type: ignore[no-untyped-def]
            for number in range(5):
                listener(PoolStopped(number, "three losses"))
            listener(PoolStopped(5, "the pool was closed"))
            return lambda: None

    seen = [event async for event in EventFeed(Told(), most=3)]
    assert isinstance(seen[0], EventsMissed) and seen[0].count == 3
    assert [event.at_us for event in seen[1:]] == [3, 4, 5]


async def test_what_a_newcomer_forgets() -> None:
    with pytest.raises(UsageError, match="async with Pool"):
        await Pool().create_isolate()
    with pytest.raises(UsageError, match="async with Pool"), Pool():
        pass


@only_portable
async def test_the_public_api_engine_brings_the_same_values(pool: Pool) -> None:
    context = (await pool.create_isolate(memory_limit="64 MiB")).default_context
    assert await context.evaluate("({ a: [1, 'x'] })") == {"a": [1, "x"]}
    assert await context.evaluate("2 ** 53") == 2**53
    assert await context.evaluate("({n: 12n})") == {"n": 12}
    with pytest.raises(UnsupportedError, match="hand this value over"):
        await context.evaluate("12n")
    assert (await context.evaluate("new Map([[1, 2]])")).pairs == [(1, 2)]
    reference = await context.evaluate("({ b: 3 })", result="reference")
    assert await (await reference.get("b")).value() == 3
