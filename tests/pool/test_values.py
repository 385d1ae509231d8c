"""Values between isolates: references, copies in transit, what is refused, and that nothing stays behind."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator

import pytest

from inspector.clone import BigInt
from inspector.errors import (
    CancelledError,
    CopyRefusedError,
    GoneError,
    HostLostError,
    InspectorError,
    LimitError,
    UsageError,
    ValueThrewError,
)
from inspector.events import HostLost, RunReport, RunStarted
from inspector.pool import Context, Isolate, Pool
from inspector.states import Capability
from inspector.value_events import ReferenceHeld, ReferenceReleased, ValueMoved
from tests.fixtures.engines import needs
from tests.pool.recorder import Recorder

WORLD = """globalThis.world = {
  minus: -0, nan: NaN, big: 2n ** 70n, text: "\\ud800é中", date: new Date(5),
  re: /a\\/b/giu, map: new Map([[1, {k: 2}]]),
  set: new Set(["x"]), boxed: Object(true), holes: [, 1, , undefined], error: new RangeError("no", {cause: [1]}),
  view: new Float64Array([1.5, -0]), resizable: new ArrayBuffer(4, {maxByteLength: 8}), nothing: undefined,
};
world.self = world; world.again = world.map; world.data = new DataView(world.view.buffer, 8); world"""
SAME = """Object.is(got.minus, -0) && got.nan !== got.nan && got.big === 2n ** 70n && got.text === "\\ud800é中"
  && got.date.getTime() === 5 && String(got.re) === "/a\\\\/b/giu" && got.map.get(1).k === 2 && got.set.has("x")
  && got.boxed instanceof Boolean && got.boxed == true && !(0 in got.holes) && !(2 in got.holes) && 3 in got.holes
  && got.holes.length === 4 && got.error instanceof RangeError && got.error.cause[0] === 1
  && got.view[0] === 1.5 && Object.is(got.view[1], -0) && got.resizable.resizable && got.resizable.maxByteLength === 8
  && got.self === got && got.again === got.map && got.data.buffer === got.view.buffer && 'nothing' in got"""


def main(isolate: Isolate) -> Context:
    return isolate.contexts[isolate.default_context_id]


async def begin(isolate: Isolate, expression: str, events: Recorder) -> asyncio.Task[RunReport]:
    """Evaluate, and go on once it is on the isolate's thread."""
    task = asyncio.create_task(isolate.evaluate(expression))
    await events.heard(RunStarted, lambda event: event.isolate_id == isolate.isolate_id)
    return task


@pytest.fixture
async def other(pool: Pool, isolate: Isolate) -> AsyncIterator[Isolate]:
    yield await pool.create_isolate(memory_limit="64 MiB")
    assert pool.total_external_bytes == 0


async def test_a_copy_enters_many_contexts_here_and_in_another_process(
    pool: Pool, isolate: Isolate, other: Isolate, events: Recorder, engine: str
) -> None:
    away = await pool.create_isolate(host="own")
    second = await other.create_context() if engine == "native" else main(other)
    copy = await (await isolate.values.reference(WORLD)).copy()
    assert copy.size == pool.total_external_bytes and copy.engine == engine and copy.v8_version
    for context in (main(isolate), main(other), second, main(away)):
        await copy.into(context, name="got")
        assert (await context.isolate.evaluate(SAME, context_id=context.context_id)).value is True
    assert pool.total_external_bytes == 2 * copy.size  # two processes hold it
    moved = events.of(ValueMoved)
    assert [(one.to_isolate_id, one.outcome, one.size_bytes) for one in moved[2:]] == [
        (other.isolate_id, "arrived", copy.size),
        (away.isolate_id, "arrived", copy.size),
    ]
    copy.release()
    with pytest.raises(GoneError, match="released"):
        await copy.into(main(other))

    # From Python, and back.
    value = {"list": [1, 2.5, None, BigInt(3)], "text": "中"}
    copy = pool.external_copy(value)
    arrived = await copy.into(main(other), name="given")
    assert (await other.evaluate("given.list[3] + 1n === 4n")).value is True
    assert await arrived.value() == value == await copy.value()
    copy.release()

    # Many leave nothing.
    value, held = await isolate.values.reference("({text: 'x'.repeat(1e5)})"), len(other.values.references)
    for _ in range(5):
        copy = await value.copy()
        (await copy.into(main(other), name="got")).release()
        copy.release()
    assert pool.total_external_bytes == 0 and len(other.values.references) == held


REFUSED = [
    ("({users: [1, {save() {}}]})", "could not be cloned", ".users[1].save"),
    ("[Symbol('s')]", "Symbol(s) could not be cloned", "[0]"),
    ("({a: {b: Promise.resolve()}, c: 1})", "#<Promise> could not be cloned", ".a.b"),
    ("new Map([['key', new WeakMap]])", "#<WeakMap> could not be cloned", '.get("key")'),
    ("new Set([1, new WeakSet])", "#<WeakSet> could not be cloned", ".values[1]"),
    ("({deep: [new Proxy({}, {})]})", "could not be cloned", ".deep[0]"),
    ("({a: 1, get b() { throw new Error('boom') }})", "boom", ".b"),
    ("({'a b': new SharedArrayBuffer(1)})", "could not be cloned", '["a b"]'),
    ("Object.assign(new Error('x', {cause: () => 1}))", "could not be cloned", ".cause"),
    ("({m: new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))})", "#<Module>", ".m"),
    ("(() => { let a = []; for (let i = 0; i < 2e5; i++) a = [a]; return a })()", "call stack", ""),
]


async def test_what_v8_refuses_is_told_in_its_words_with_the_path(isolate: Isolate) -> None:
    for expression, words, path in REFUSED:
        value = await isolate.values.reference(expression)
        with pytest.raises(CopyRefusedError) as refused:
            await value.copy()
        assert words in refused.value.cause and refused.value.path == path, expression
    assert (await isolate.evaluate("1 + 1")).value == 2

    # A getter that never returns ends by the timeout.
    value = await isolate.values.reference("globalThis.buffer = new ArrayBuffer(8); ({buffer, get x() { for (;;); }})")
    with pytest.raises(CancelledError, match=r"0\.3 s: the value's own code was running"):
        await value.copy(transfer=True, timeout_s=0.3)
    assert (await isolate.evaluate("buffer.byteLength")).value == 8


async def test_a_transfer_detaches_the_source_unless_it_is_refused(isolate: Isolate, other: Isolate) -> None:
    value = await isolate.values.reference(
        "globalThis.message = {bytes: new Uint8Array([7, 8]), f: new Float32Array(2)}; message"
    )
    copy = await value.copy(transfer=True)
    await copy.into(main(other), name="got")
    assert (await isolate.evaluate("message.bytes.buffer.detached && message.f.length === 0")).value is True
    assert (await other.evaluate("got.bytes.join() + got.f.length")).value == "7,82"
    copy.release()

    # A refused one leaves the source intact.
    value = await isolate.values.reference("globalThis.message = {bytes: new Uint8Array(3), f() {}}; message")
    with pytest.raises(CopyRefusedError):
        await value.copy(transfer=True)
    assert (await isolate.evaluate("message.bytes.length")).value == 3


async def test_references_read_write_call(isolate: Isolate, events: Recorder) -> None:
    value = await isolate.values.reference(
        "({n: 1, add(x) { return this.n + x }, async later(x) { return x * 2 }, bad() { throw new TypeError('no') }})"
    )
    assert (value.type, value.kind) == ("object", "object")
    assert await value.set("n", 40) and await (await value.get("n")).value() == 40
    assert await (await (await value.get("add")).apply([2], receiver=value)).value() == 42
    assert await (await (await value.get("later")).apply([21])).value() == 42
    with pytest.raises(ValueThrewError, match="TypeError: no") as threw:
        await (await value.get("bad")).apply()
    assert "at bad" in threw.value.stack
    assert await value.delete("n") and (await value.get("n")).type == "undefined"
    assert (await value.get("missing")).text == "undefined"
    world = await isolate.values.global_reference()
    await world.set("shared", value)
    assert (await isolate.evaluate("typeof shared.add")).value == "function"
    value.release()
    with pytest.raises(GoneError, match="released"):
        await value.get("n")
    held = {event.reference for event in events.of(ReferenceHeld)}
    assert value.number in held and value.number in {event.reference for event in events.of(ReferenceReleased)}
    assert value not in isolate.values.references and world in isolate.values.references


@needs(Capability.CONTEXTS)
async def test_a_reference_of_another_isolate_and_of_an_ended_context(isolate: Isolate, other: Isolate) -> None:
    there = await other.values.reference("({})")
    world = await isolate.values.global_reference()
    with pytest.raises(UsageError, match="lives in"):
        await world.set("there", there)
    context = await isolate.create_context()
    held = await isolate.values.reference("({})", context.context_id)
    await isolate.release_context(context.context_id)
    assert held.is_released
    with pytest.raises(GoneError):
        await isolate.values.reference("1", context.context_id)

    # It keeps its value alive until it is released.
    value = await isolate.values.reference("new Array(3e6).fill(1.5)")
    await isolate.evaluate("0")  # V8 keeps the value that it evaluated last
    held = (await isolate.collect_garbage())[1]
    value.release()
    await isolate.evaluate("0")
    freed = (await isolate.collect_garbage())[1]
    assert held - freed > 20e6


async def test_the_cap_refuses_before_memory_is_taken(pool: Pool, isolate: Isolate, other: Isolate) -> None:
    pool.set_most_external_bytes(1 << 20)
    value = await isolate.values.reference("new Uint8Array(2e6)")
    with pytest.raises(LimitError, match="left for values in transit"):
        await value.copy()
    with pytest.raises(LimitError, match="are left"):
        pool.external_copy(bytes(2_000_000))
    with pytest.raises(LimitError):  # 1 MB here, 1.1 GB as a copy; the public API engine can't even look at it
        await (await isolate.values.reference("Array(1100).fill('x'.repeat(1e6))")).copy()
    assert (await isolate.evaluate("1 + 1")).value == 2 and pool.total_external_bytes == 0
    small = await (await isolate.values.reference("new Uint8Array(6e5)")).copy()
    with pytest.raises(LimitError):
        await (await isolate.values.reference("'x'.repeat(6e5)")).copy()
    small.release()
    await (await isolate.values.reference("'x'.repeat(6e5)")).value()


async def test_a_copy_that_is_too_large_for_its_target_is_refused(pool: Pool, isolate: Isolate, engine: str) -> None:
    small = await pool.create_isolate(memory_limit="8 MiB")
    sets = "Array.from({length: 5e5}, () => new Set)"  # small as bytes, large as objects
    for expression in ("new Uint8Array(9e6)", sets) if engine == "native" else ("new Uint8Array(9e6)",):
        copy = await (await isolate.values.reference(expression)).copy()
        with pytest.raises(LimitError):
            await copy.into(main(small), name="got")
        assert (await small.evaluate("typeof got")).value == "undefined"
        copy.release()
    assert pool.total_external_bytes == 0


async def test_a_busy_target_makes_it_wait_in_line_and_can_be_left(
    isolate: Isolate, other: Isolate, events: Recorder
) -> None:
    copy = await (await isolate.values.reference("[1]")).copy()
    spin = await begin(other, "for (;;);", events)
    with pytest.raises(CancelledError, match="busy or paused"):
        await copy.into(main(other), timeout_s=0.3)
    into = asyncio.create_task(copy.into(main(other), name="got", timeout_s=None))
    await asyncio.sleep(0)  # it is sent in its first step
    (order_id,) = other.values.waiting
    await other.values.cancel(order_id, "no longer wanted")
    with pytest.raises(CancelledError, match="no longer wanted"):
        await into
    await other.stop()
    await spin
    assert (await other.evaluate("typeof got")).value == "undefined"
    copy.release()


@needs(Capability.PAUSE)
async def test_a_paused_target_ends_by_the_timeout(isolate: Isolate, other: Isolate, events: Recorder) -> None:
    copy = await (await isolate.values.reference("[1]")).copy()
    await other.send("Isolate.setPausing", {"enabled": True})
    paused = await begin(other, "debugger", events)
    with pytest.raises(CancelledError, match="busy or paused"):
        await copy.into(main(other), timeout_s=0.5)
    await other.resume()
    await paused
    copy.release()


async def test_a_target_that_is_disposed_meanwhile(isolate: Isolate, pool: Pool, events: Recorder) -> None:
    other = await pool.create_isolate()
    copy = await (await isolate.values.reference("[1]")).copy()
    spin = await begin(other, "for (;;);", events)
    into = asyncio.create_task(copy.into(main(other), timeout_s=None))
    await asyncio.sleep(0)  # it is sent in its first step
    await other.dispose()
    with pytest.raises(InspectorError):
        await into
    await spin
    assert await copy.value() == [1]
    copy.release()
    assert pool.total_external_bytes == 0


async def test_a_copy_is_lost_with_the_only_process_that_holds_it(
    pool: Pool, isolate: Isolate, other: Isolate, events: Recorder, engine: str
) -> None:
    away = await pool.create_isolate(host="own")
    lost = await (await away.values.reference("[1, 2]")).copy()
    kept = await (await away.values.reference("[3]")).copy()
    await kept.into(main(other))
    assert away.host.pid is not None
    os.kill(away.host.pid, signal.SIGKILL)
    await events.heard(HostLost)
    with pytest.raises(HostLostError, match="host process that held it ended"):
        await lost.into(main(other))
    assert await (await kept.into(main(other))).value() == [3]
    kept.release()
