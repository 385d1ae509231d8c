"""Ports between two isolates: messages in order, bounded, each in the log, and every end a clear one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from inspector.clone import BigInt
from inspector.errors import GoneError, UsageError, ValueThrewError
from inspector.events import ExceptionThrown, IsolateStateChanged
from inspector.pool import Context, Isolate, Pool
from inspector.states import Capability, IsolateState
from inspector.value_events import ChannelClosed, ValueMoved
from tests.fixtures.engines import needs
from tests.pool.recorder import Recorder
from tests.pool.test_values import begin, main

COLLECT = "globalThis.got = []; port.onmessage = (event) => { got.push(event.data) }; 0"
FILL = """let n = 0; const big = new Uint8Array(33 << 20);
try { for (;;) { port.postMessage([n, n ? big : 0]); n += 1 } } catch (error) { [n, String(error)] }"""
FLOOD = """for (let n = 0; n < 3000; n += 1) {
  try { port.postMessage(() => n) } catch {}
  port.onmessage = () => {}; port.onmessage = null;
} 0"""
TRY = "try { %s; 'posted' } catch (error) { String(error) }"


@pytest.fixture
async def ends(pool: Pool, isolate: Isolate) -> AsyncIterator[tuple[Context, Context]]:
    """Two contexts in two processes."""
    other = await pool.create_isolate(host="own")
    yield main(isolate), main(other)
    assert pool.total_external_bytes == 0


async def messages(events: Recorder, count: int, outcome: str = "arrived") -> list[ValueMoved]:
    """That many have ended so."""

    def ended() -> list[ValueMoved]:
        return [one for one in events.of(ValueMoved) if one.mode == "message" and one.outcome == outcome]

    while len(ended()) < count:
        await events.next(ValueMoved, lambda _: len(ended()) >= count)
    return ended()


async def test_scripts_of_two_isolates_talk(ends: tuple[Context, Context], events: Recorder) -> None:
    first, second = ends
    channel = await first.open_channel(second, other_name="peer")
    await second.evaluate("peer.onmessage = ({data}) => peer.postMessage({echo: data, is: typeof data.when}); 0")
    asked = "new Promise((resolve) => { port.onmessage = (event) => resolve(event.data); port.postMessage(%s) })"
    answer = await first.evaluate(asked % "{n: 1n, pairs: new Map([[1, 'é中']]), when: new Date(5)}")
    echo = answer["echo"]
    assert (echo["n"], echo["pairs"].pairs, answer["is"]) == (BigInt(1), [(1, "é中")], "object")
    there, back = sorted(await messages(events, 2), key=lambda moved: moved.from_isolate_id != first.isolate.isolate_id)
    places = [(first.isolate.isolate_id, first.context_id), (second.isolate.isolate_id, second.context_id)]
    assert (there.from_isolate_id, there.from_context_id) == places[0] == (back.to_isolate_id, back.to_context_id)
    assert (there.to_isolate_id, there.to_context_id) == places[1] and there.size_bytes > 20 and there.name == "peer"

    # What can't be copied is thrown where it was posted, and told in the log; a transfer leaves nothing behind.
    words = await first.evaluate(TRY % "port.postMessage({save() {}})")
    assert "could not be cloned" in words
    (refused,) = await messages(events, 1, "refused")
    assert "could not be cloned" in refused.cause and refused.to_isolate_id == places[1][0]
    transferred = (
        "{ const data = new Uint8Array(9); port.onmessage = null; port.postMessage(data, [data.buffer]); data.length }"
    )
    assert await first.evaluate(transferred) == 0
    assert "only an ArrayBuffer" in await first.evaluate(TRY % "port.postMessage(1, [1])")

    # Floods of a script's are told in few words.
    told = len(events.of(ValueMoved))
    await first.evaluate(FLOOD)
    await messages(events, 2, "refused")
    assert len(events.of(ValueMoved)) - told < 110 and sum(channel.ports[0].traffic.refused.values()) >= 3000

    # A handler that throws: the message has arrived, and the error is told like any other.
    await second.evaluate("peer.onmessage = () => { throw new TypeError('no') }; 0")
    await first.evaluate("port.postMessage(1)")
    arrived = await messages(events, 4)
    assert "no" in arrived[-1].cause
    await events.heard(ExceptionThrown, lambda event: event.isolate_id == places[1][0])

    channel.close("enough")
    assert "the port is closed: enough" in await first.evaluate(TRY % "port.postMessage(1)")
    assert channel.is_closed and not first.isolate.ports and await second.evaluate("peer.closed") is True


async def test_messages_wait_in_bounds_and_in_order(
    ends: tuple[Context, Context], events: Recorder, engine: str
) -> None:
    first, second = ends
    channel = await first.open_channel(second)
    count, words = await first.evaluate(FILL)  # nobody has a handler there: they wait outside V8
    assert count == 2 and "64 MiB wait for the other side" in words
    await messages(events, 1, "refused")
    await second.evaluate(COLLECT)
    await messages(events, count)
    assert await second.evaluate("got.every(([number], index) => number === index) && got.length") == count
    assert await first.evaluate(TRY % "port.postMessage(1)") == "posted"
    await messages(events, count + 1)

    # A side that loops takes nothing; what waits for it is dropped with the channel, and said so.
    spin = await begin(second.isolate, "for (;;);", events)
    await first.evaluate(
        "port.postMessage('a'); port.postMessage('b'); port.onclose = ({reason}) => { globalThis.why = reason }; 0"
    )
    assert channel.waiting == 2  # told before the run was
    await second.isolate.dispose()
    await spin
    closed = await events.heard(ChannelClosed)
    assert closed.channel_id == channel.channel_id and "disposed" in closed.reason

    def dropped() -> list[ValueMoved]:
        return [one for one in events.of(ValueMoved) if one.outcome in ("failed", "cancelled")]

    while len(dropped()) < 2:  # the first was on its way
        await events.next(ValueMoved, lambda _: len(dropped()) >= 2)
    assert "disposed" in await first.evaluate("why")
    assert all(one.cause for one in dropped())  # the isolate's end, or of its host, whichever was told first


async def test_a_script_closes_it_and_a_handler_that_loops_is_stopped(
    ends: tuple[Context, Context], events: Recorder
) -> None:
    first, second = ends
    await first.open_channel(second)
    await second.evaluate("port.onmessage = () => { for (;;); }; 0")
    target = second.isolate.isolate_id
    loops = asyncio.create_task(events.next(IsolateStateChanged, lambda event: _runs(event, target)))
    await asyncio.sleep(0)  # it listens from its first step on
    await first.evaluate("port.postMessage(1)")
    await loops
    await second.isolate.stop()
    (failed,) = await messages(events, 1, "cancelled")
    assert failed.cause
    assert await second.evaluate("1 + 1") == 2
    await second.evaluate("port.onmessage = ({data}) => { globalThis.last = data; port.close() }; 0")
    await first.evaluate("port.postMessage('bye')")
    closed = await events.heard(ChannelClosed)
    assert closed.reason == f"{second.isolate.name} closed it" and await second.evaluate("last") == "bye"
    assert "closed it" in await first.evaluate(TRY % "port.postMessage(1)")


def _runs(event: IsolateStateChanged, isolate_id: int) -> bool:
    return event.isolate_id == isolate_id and event.state is IsolateState.RUNNING


@needs(Capability.CONTEXTS, Capability.PAUSE)
async def test_a_paused_side_a_released_context_and_what_is_no_channel(
    ends: tuple[Context, Context], events: Recorder
) -> None:
    first, second = ends
    await first.open_channel(second)
    await second.evaluate(COLLECT)
    await second.isolate.send("Isolate.setPausing", {"enabled": True})
    paused = await begin(second.isolate, "debugger", events)
    await first.evaluate("port.postMessage(7)")
    await second.isolate.resume()
    await paused
    await messages(events, 1)
    assert await second.evaluate("got") == [7]
    extra = await second.isolate.create_context()
    within = await extra.open_channel(second, name="left", other_name="right")  # two contexts of one isolate
    await extra.evaluate("left.postMessage(1)")
    await extra.release()
    assert "released" in within.closed_why and await second.evaluate("right.closed") is True

    # What is no channel.
    for names in (("no name", ""), ("port", "a-b")):
        with pytest.raises(UsageError, match="no JavaScript name"):
            await first.open_channel(second, name=names[0], other_name=names[1])
    with pytest.raises(UsageError, match="two names"):
        await first.open_channel(first)
    await first.evaluate("Object.defineProperty(globalThis, 'taken', {value: 1}); 0")
    with pytest.raises(ValueThrewError, match="taken"):
        await second.open_channel(first, name="taken")
    assert len(first.isolate.ports) == 1 and await second.evaluate("taken.closed") is True
    await second.isolate.dispose()
    with pytest.raises(GoneError):
        await first.open_channel(second, name="late")
