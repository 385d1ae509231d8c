"""Python functions that scripts call: values both ways, errors as errors, calls that never return, doors that close."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from inspector import Pool, RunTimedOutError, ScriptThrewError, UsageError
from inspector.pool import Context, Isolate


@pytest.fixture
def context(isolate: Isolate) -> Context:
    return isolate.default_context


async def test_values_cross_both_ways(context: Context) -> None:
    async def load(key: str, options: dict[str, Any]) -> dict[str, Any]:
        await asyncio.sleep(0)
        return {"key": key, "options": options, "list": [1, 2.5, None, True, "é"]}

    await context.expose("load", load)
    await context.expose("add", lambda a, b: a + b)
    assert await context.evaluate("load('k', { x: [1] })") == {
        "key": "k", "options": {"x": [1]}, "list": [1, 2.5, None, True, "é"]
    }  # fmt: skip
    text = "(async () => { let sum = 0; for (let i = 0; i < 100; i++) sum += await add(i, 1); return sum; })()"
    assert await context.evaluate(text) == 5050
    assert await context.evaluate("Promise.all([1, 2, 3].map((n) => add(n, n)))") == [2, 4, 6]
    added = next(one for one in context.isolate.host_functions.functions if one.name == "add")
    assert (
        (added.calls, added.failures) == (103, 0) and added.bytes_in > 0 and added.bytes_out > 0 and added.last_us > 0
    )
    assert await context.evaluate("[typeof add, add.name, String(add), Object.keys(globalThis).length]") == [
        "function", "add", "function () { [native code] }", 0
    ]  # fmt: skip


async def test_errors_cross_as_errors(context: Context) -> None:
    async def fail(*_: object) -> None:
        raise TypeError("no such key")

    await context.expose("fail", fail)
    caught = "fail(1).catch((error) => [error instanceof TypeError, error.name, error.message])"
    assert await context.evaluate(caught) == [True, "TypeError", "no such key"]
    with pytest.raises(ScriptThrewError, match="TypeError: no such key"):
        await context.evaluate("fail()")
    with pytest.raises(ScriptThrewError, match="could not be cloned"):
        await context.evaluate("fail(() => 1)")
    await context.expose("odd", object)
    with pytest.raises(ScriptThrewError):
        await context.evaluate("odd()")
    assert await context.evaluate("1 + 1") == 2


async def test_a_call_that_never_returns_ends_with_its_run(context: Context) -> None:
    ended = asyncio.Event()

    called = asyncio.Event()

    async def never() -> None:
        called.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    await context.expose("never", never)
    with pytest.raises(RunTimedOutError):
        await context.evaluate("never()", timeout=0.2)
    async with asyncio.timeout(20):
        await ended.wait()
    ended.clear()
    called.clear()
    waiting = asyncio.create_task(context.evaluate("never()", timeout=None))
    async with asyncio.timeout(20):
        await called.wait()
        await context.isolate.dispose()
        await ended.wait()
    with pytest.raises(Exception, match="disposed"):
        await waiting


async def test_doors_close(context: Context) -> None:
    await context.expose("twice", lambda n: n * 2)
    assert await context.evaluate("globalThis.kept = twice; twice(2)") == 4
    await context.withdraw("twice")
    assert await context.evaluate("typeof twice") == "undefined"
    with pytest.raises(ScriptThrewError, match="exposed no longer"):
        await context.evaluate("kept(1)")
    with pytest.raises(UsageError, match="not exposed"):
        await context.withdraw("twice")
    for name in ("a b", "", "1a"):
        with pytest.raises(UsageError):
            await context.expose(name, print)
    with pytest.raises(UsageError, match="can't be called"):
        await context.expose("five", 5)  # type: ignore[arg-type]


async def test_values_that_json_can_not_say(pool: Pool, isolate: Isolate) -> None:
    """BigInt, Map, Date, undefined, bytes, cycles; in a bare context too."""
    bare = (await pool.create_isolate(memory_limit="64 MiB", prelude="bare")).default_context
    for context in (isolate.default_context, bare):
        await context.expose("give", lambda *given: given[0])
        text = (
            "give(new Map([[1n, new Date(0)]]), undefined).then((map) => [map.size, map.get(1n).getTime(), typeof map])"
        )
        assert await context.evaluate(text) == [1, 0, "object"]
        assert await context.evaluate(
            "give(new Uint16Array([1, 2])).then((back) => [back instanceof Uint16Array, ...back])"
        ) == [True, 1, 2]
        for thrown in ("undefined", "new RangeError('no')"):
            text = f"give({{ get a() {{ throw {thrown} }} }}).catch(() => 'refused')"
            assert await context.evaluate(text, timeout=10) == "refused"
        assert (
            await context.evaluate("{ const o = {}; o.self = o; give(o).then((back) => back.self === back); }") is True
        )
    large = await pool.create_isolate(memory_limit="512 MiB")
    await large.default_context.expose("give", print)
    with pytest.raises(ScriptThrewError, match="more than 67108864 bytes"):
        await large.default_context.evaluate("give(new Uint8Array(70 << 20))")
