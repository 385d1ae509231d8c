"""What users of isolated-vm rely on, behaviour by behaviour, on both engines."""

from __future__ import annotations

import asyncio

import pytest

from inspector.errors import RunCancelledError, RunTimedOutError, ScriptThrewError
from inspector.events import RunStarted
from inspector.pool import Context, Isolate, Pool
from inspector.states import Capability
from tests.pool.recorder import Recorder


@pytest.fixture
def context(isolate: Isolate) -> Context:
    return isolate.default_context


async def test_errors_cross_with_class_message_and_stack(context: Context) -> None:
    text = "class Odd extends RangeError { name = 'Odd' }\nfunction deep() { throw new Odd('so it is') }\ndeep()"
    with pytest.raises(ScriptThrewError) as thrown:
        await context.evaluate(text, filename="odd.js")
    error = thrown.value.error
    assert error is not None and (error.name, error.message) == ("Odd", "so it is")
    assert "deep" in error.stack and "odd.js:2" in error.stack
    with pytest.raises(ScriptThrewError, match="TypeError: later"):
        await context.evaluate("Promise.resolve().then(() => { throw new TypeError('later') })")


async def test_results_are_copied_whole(context: Context) -> None:
    nested = "({ a: [1, { b: ['x', null, { c: true }] }], d: {} })"
    assert await context.evaluate(nested) == {"a": [1, {"b": ["x", None, {"c": True}]}], "d": {}}
    assert await context.evaluate("'é'.repeat(3e6)") == "é" * 3_000_000
    assert await context.evaluate("new Promise((done) => setTimeout(done, 5, { late: [1] }))") == {"late": [1]}


async def test_a_callback_that_throws(context: Context) -> None:
    async def refuse(what: str) -> None:
        raise ValueError(f"no {what}")

    await context.expose("refuse", refuse)
    text = "refuse('tea').catch((error) => [error instanceof Error, error.message])"
    assert await context.evaluate(text) == [True, "no tea"]
    with pytest.raises(ScriptThrewError, match="no milk"):
        await context.evaluate("refuse('milk')")
    assert await context.evaluate("1 + 1") == 2


async def test_a_timeout_inside_promises_ends_the_run_alone(context: Context) -> None:
    with pytest.raises(RunTimedOutError):
        await context.evaluate("new Promise(() => {})", timeout=0.2)
    assert await context.evaluate("1 + 1") == 2
    loop = "Promise.resolve().then(() => { for (;;); })"
    if context.isolate.refusal(Capability.INSPECTOR):  # mini-racer ends no microtask that allocates nothing: it says so
        with pytest.raises(RunTimedOutError, match="dispose the isolate"):
            await context.evaluate(loop, timeout=0.2)
    else:
        with pytest.raises(RunTimedOutError):
            await context.evaluate(loop, timeout=0.2)
        assert await context.evaluate("1 + 1") == 2


async def test_the_end_of_isolate_or_context_while_work_is_pending(pool: Pool, events: Recorder) -> None:
    isolate = await pool.create_isolate(memory_limit="64 MiB")
    contexts = [isolate.default_context]
    if not isolate.refusal(Capability.CONTEXTS):
        contexts.insert(0, await isolate.create_context())
    for context in contexts:
        pending = asyncio.ensure_future(context.evaluate("new Promise((done) => setTimeout(done, 1e6))", timeout=None))
        await events.next(RunStarted)
        await (isolate.dispose() if context is contexts[-1] else context.release())
        with pytest.raises(RunCancelledError):
            await pending
    busy = await pool.create_isolate(memory_limit="64 MiB")
    looping = asyncio.ensure_future(busy.default_context.evaluate("for (;;);", timeout=None))
    await events.next(RunStarted)
    await busy.dispose()
    with pytest.raises(RunCancelledError):
        await looping
