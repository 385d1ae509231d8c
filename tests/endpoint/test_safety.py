"""Nothing that reaches the port can hurt: strangers, garbage, floods, the deaf and the slow."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from contextlib import suppress

import picows
import pytest

from inspector.endpoint import Endpoint
from inspector.endpoint import endpoint as endpoints
from inspector.errors import EngineError, UsageError
from inspector.events import DebuggersChanged, IsolateEnded
from inspector.pool import Isolate, Pool
from inspector.sources.reading import source_from_text
from inspector.states import Capability
from tests.endpoint.client import PATIENCE_S, TEXT, attached
from tests.fixtures.engines import skip_without
from tests.pool.recorder import Recorder

# A snapshot of 12 MB, past all windows and buffers on the way, that V8 takes quickly: flat strings, each its own
ROWS = "globalThis.rows = Array.from({ length: 10000 }, (_, i) => JSON.parse('\"' + 'x'.repeat(1000) + i + '\"'))"

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def status(endpoint: Endpoint, request: str) -> int:
    """The status of a raw request, in the words of who is no browser; 0: closed without a word."""
    reader, writer = await asyncio.open_connection(endpoint.host, endpoint.port)
    try:
        writer.write(request.encode())
        answer = await asyncio.wait_for(reader.read(), PATIENCE_S)
    except ConnectionResetError:
        answer = b""
    finally:
        writer.close()
        with suppress(ConnectionResetError):
            await writer.wait_closed()
    return int(answer.split()[1]) if answer else 0


def opening(path: str, *headers: str) -> str:
    key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
    lines = (
        f"GET {path} HTTP/1.1",
        *headers,
        "Upgrade: websocket",
        "Connection: Upgrade",
        key,
        "Sec-WebSocket-Version: 13",
    )
    return "\r\n".join((*lines, "", ""))


async def still_well(isolate: Isolate) -> None:
    """The isolate, and our own session, are as before."""
    assert (await asyncio.wait_for(isolate.evaluate("6 * 7"), PATIENCE_S)).value == 42


def refused(port: int) -> bool:
    with socket.socket() as stranger:
        stranger.settimeout(PATIENCE_S)
        return stranger.connect_ex(("127.0.0.1", port)) != 0


async def test_no_port_is_open_while_the_endpoint_is_off(pool: Pool, isolate: Isolate) -> None:
    endpoint = Endpoint(pool)
    with pytest.raises(UsageError):
        endpoint.allow(isolate.isolate_id)
    await endpoint.open()
    port = endpoint.port
    assert not refused(port)
    with pytest.raises(UsageError, match="in use"):
        await Endpoint(pool).open(port)
    await endpoint.close()
    await endpoint.close()
    assert refused(port)
    assert endpoint.port == 0 and not endpoint.allowed


async def test_strangers_are_turned_away(endpoint: Endpoint, isolate: Isolate, url: str) -> None:
    path = "/" + url.rpartition("/")[2]
    good = "Host: localhost"
    assert await status(endpoint, opening(path)) == 403
    assert await status(endpoint, opening(path, "Host: evil.example")) == 403
    assert await status(endpoint, opening(path, good, "Origin: https://evil.example")) == 403
    assert await status(endpoint, opening(path[:-1], good)) == 404
    assert await status(endpoint, opening("/", good)) == 404
    assert await status(endpoint, "GET /json/list HTTP/1.1\r\nHost: evil.example\r\n\r\n") == 403
    assert await status(endpoint, f"GET {path} HTTP/1.1\r\n{good}\r\n\r\n") == 404
    assert await status(endpoint, "no http at all\r\n\r\n") in (0, 400)
    assert await status(endpoint, f"GET /{'x' * 40_000} HTTP/1.1\r\n\r\n") in (0, 400)
    with pytest.raises(picows.WSError):
        async with attached(url, Origin="https://evil.example"):
            pass
    endpoint.disallow(isolate.isolate_id)
    assert await status(endpoint, opening(path, good)) == 404
    await still_well(isolate)


async def test_garbage_is_answered_and_the_session_goes_on(isolate: Isolate, url: str) -> None:
    async with attached(url) as one:
        for text in (
            "no json",
            "[]",
            "{}",
            '{"id":1}',
            '{"id":5,"method":"Runtime.enable","sessionId":"i1"}',
            "{" * 9000,
        ):
            count = len(one.heard)
            one.send(text)
            await one.until(lambda count=count: len(one.heard) > count)
            assert "error" in one.heard[-1]
        for method, code in (("Host.close", -32601), ("Target.setAutoAttach", -32601), ("Runtime.nothing", -32601)):
            assert (await one.ask(method))["error"]["code"] == code
        assert (await one.ask("Runtime.evaluate", expression=5))["error"]["code"] == -32602
        big = 2**31 - 1
        one.send(json.dumps({"id": big, "method": "Runtime.evaluate", "params": {"expression": "'\ud800'.length"}}))
        answer = await one.until(lambda: [each for each in one.heard if each.get("id") == big])
        assert answer[0]["result"]["result"]["value"] == 1
        await still_well(isolate)


async def test_fragments_are_put_together_and_binary_is_refused(isolate: Isolate, url: str) -> None:
    async with attached(url) as one:
        message = b'{"id":77,"method":"Runtime.evaluate","params":{"expression":"7"}}'
        one.transport.send(TEXT, message[:20], fin=False)
        one.transport.send(picows.WSMsgType.CONTINUATION, message[20:40], fin=False)
        one.transport.send(picows.WSMsgType.CONTINUATION, message[40:])
        await one.until(lambda: [each for each in one.heard if each.get("id") == 77])
        one.transport.send(picows.WSMsgType.BINARY, b"\0\1")
        assert (await one.ended())[0] == 1003
    async with attached(url) as two:
        for _ in range(20):
            if two.closed.done():
                break
            kind = picows.WSMsgType.CONTINUATION if _ else TEXT
            two.transport.send(kind, b" " * (1 << 20), fin=False)
            await asyncio.sleep(0)
        assert (await two.ended())[0] == 1009
    await still_well(isolate)


async def test_a_message_of_100_mb_ends_its_connection_alone(isolate: Isolate, url: str) -> None:
    async with attached(url) as other, attached(url) as one:
        one.send(b'{"id":1,"method":"Runtime.evaluate","params":{"expression":"' + b"1" * (100 << 20) + b'"}}')
        assert (await one.ended())[0] in (0, 1009)
        assert (await other.call("Runtime.evaluate", expression="1"))["result"]["value"] == 1
    await still_well(isolate)


async def test_ten_thousand_requests_without_reading(isolate: Isolate, url: str, events: Recorder) -> None:
    """Each is answered, or told that too many are under way, once they are read; nothing gathers without bound."""
    async with attached(url) as one:
        under = one.transport.underlying_transport
        under.pause_reading()
        source = "'x'.repeat(2500)"  # 25 MB of answers in all
        for number in range(10_000):
            one.send(json.dumps({"id": number, "method": "Runtime.evaluate", "params": {"expression": source}}))
            if number % 500 == 0:
                await asyncio.sleep(0)
        await still_well(isolate)
        under.resume_reading()
        await one.until(lambda: len(one.heard) >= 10_000 or one.closed.done())
        assert not one.closed.done()
        assert {each["id"] for each in one.heard} == set(range(10_000))
    await still_well(isolate)


@skip_without(Capability.HEAP_SNAPSHOT)
async def test_who_stops_reading_is_closed_and_holds_up_nobody(
    pool: Pool, isolate: Isolate, url: str, events: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A snapshot waits on V8's thread for its reader: not for ever."""
    monkeypatch.setattr("inspector.endpoint.patience.PATIENCE_S", 1.0)
    neighbour = await pool.create_isolate()
    await isolate.run(source_from_text(ROWS, "rows.js"))
    async with attached(url) as one, attached(url) as two:
        one.go_deaf()
        one.ask("HeapProfiler.takeHeapSnapshot")
        await still_well(neighbour)
        await events.heard(DebuggersChanged, lambda event: [each.session for each in event.debuggers] == [2])
        assert (await two.call("Runtime.evaluate", expression="rows.length"))["result"]["value"] == 10_000
    await still_well(isolate)
    await neighbour.dispose()


@skip_without(Capability.HEAP_SNAPSHOT)
async def test_an_isolate_ends_while_its_snapshot_waits_for_a_reader(
    pool: Pool, endpoint: Endpoint, events: Recorder
) -> None:
    isolate = await pool.create_isolate()
    await isolate.run(source_from_text(ROWS, "rows.js"))
    async with attached(endpoint.allow(isolate.isolate_id)) as one:
        one.go_deaf()
        one.ask("HeapProfiler.takeHeapSnapshot")
        await events.heard(DebuggersChanged, lambda event: any("heap snapshot" in one.doing for one in event.debuggers))
        with suppress(EngineError):  # a loaded machine may need more than its 10 s for the snapshot itself
            await isolate.dispose()
        await events.heard(IsolateEnded, lambda event: event.isolate_id == isolate.isolate_id)
        one.transport.underlying_transport.resume_reading()
        await one.ended()


async def test_two_hundred_connections_and_slow_handshakes(
    endpoint: Endpoint, isolate: Isolate, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoints, "MOST_DEBUGGERS", 40)
    slow = [await asyncio.open_connection(endpoint.host, endpoint.port) for _ in range(100)]
    for _, writer in slow:
        writer.write(b"GET / HTTP/1.1\r\nHost: loc")
    results = await asyncio.gather(*(attach_briefly(url) for _ in range(100)))
    assert sorted(set(results)) == [False, True]
    assert results.count(True) >= 40
    await still_well(isolate)
    began = time.monotonic()
    for reader, writer in slow:
        assert await asyncio.wait_for(reader.read(), PATIENCE_S) == b""  # each is closed, after 5 s
        writer.close()
        await writer.wait_closed()
    assert time.monotonic() - began < PATIENCE_S
    await still_well(isolate)


async def attach_briefly(url: str) -> bool:
    """Whether it was let in. Held until a few others are there too."""
    try:
        async with attached(url) as one:
            return bool((await one.call("Runtime.evaluate", expression="true"))["result"]["value"])
    except (picows.WSError, OSError, AssertionError):
        return False
