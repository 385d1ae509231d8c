"""Hypothesis over the wire: whatever a debugger sends, others are served, and the isolate lives."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import suppress

import picows
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.endpoint import Endpoint
from inspector.pool import Isolate, PoolDoor
from tests.endpoint.client import TEXT, attached
from tests.fixtures.engines import MAIN
from tests.fixtures.fuzzing import FUZZ, messages

PATIENCE_S = 60.0
CONTINUATION, BINARY, PING = picows.WSMsgType.CONTINUATION, picows.WSMsgType.BINARY, picows.WSMsgType.PING
FRAMES = st.one_of(
    messages("Host.close", "Isolate.run", "NodeWorker.enable").map(lambda text: (TEXT, text, True)),
    st.tuples(st.sampled_from([TEXT, CONTINUATION, BINARY, PING]), st.binary(max_size=40), st.booleans()),
)
REQUESTS = st.one_of(
    st.binary(max_size=80),
    st.tuples(
        st.sampled_from(["GET", "POST", "PUT", "OPTIONS", ""]),
        st.sampled_from(["/json", "/json/list", "/", "/x", "//", "*", "http://evil.example/json"]),
        st.lists(
            st.sampled_from(["Host: localhost", "Host: evil", "Upgrade: websocket", "Origin: x", ":", "X"]), max_size=4
        ),
    ).map(lambda parts: "\r\n".join((f"{parts[0]} {parts[1]} HTTP/1.1", *parts[2], "", "")).encode()),
)


class Lab:
    """A pool in its thread, an endpoint, one isolate, for tests that hypothesis calls."""

    def __init__(self) -> None:
        self.door = PoolDoor(engine=MAIN)
        self.door.open().result(PATIENCE_S)
        self.endpoint = Endpoint(self.door.pool)
        self.isolate: Isolate
        self.url = self.door.submit(self._open()).result(PATIENCE_S)

    async def _open(self) -> str:
        await self.endpoint.open()
        self.isolate = await self.door.pool.create_isolate(memory_limit="64 MiB")
        return self.endpoint.allow(self.isolate.isolate_id)

    def close(self) -> None:
        self.door.submit(self.endpoint.close()).result(PATIENCE_S)
        self.door.close()


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    made = Lab()
    yield made
    made.close()


async def play(lab: Lab, frames: list[tuple[picows.WSMsgType, bytes, bool]]) -> None:
    async with attached(lab.url) as bystander:
        async with attached(lab.url) as one:
            with suppress(picows.WSError, OSError):
                for kind, payload, fin in frames:
                    if one.closed.done():
                        break
                    one.transport.send(kind, payload, fin=fin or kind is PING)
                    await asyncio.sleep(0)
        answer = (await bystander.call("Runtime.evaluate", expression="40 + 2"))["result"]
        assert answer["value"] == 42
    assert (await asyncio.wait_for(lab.isolate.evaluate("6 * 7"), PATIENCE_S)).value == 42


async def ask(lab: Lab, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection(lab.endpoint.host, lab.endpoint.port)
    try:
        writer.write(request)
        writer.write_eof()
        return await asyncio.wait_for(reader.read(), PATIENCE_S)
    except OSError:
        return b""
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


@FUZZ
@given(st.lists(FRAMES, max_size=12))
def test_whatever_a_debugger_sends(lab: Lab, frames: list[tuple[picows.WSMsgType, bytes, bool]]) -> None:
    lab.door.submit(play(lab, frames)).result(PATIENCE_S)
    assert len(lab.door.pool.hosts) == 1 and lab.isolate.state.alive


@FUZZ
@given(REQUESTS)
def test_whatever_comes_before_the_handshake(lab: Lab, request: bytes) -> None:
    answer = lab.door.submit(ask(lab, request)).result(PATIENCE_S)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 ")
    assert not answer.startswith(b"HTTP/1.1 5") and not answer.startswith(b"HTTP/1.1 101")
    if answer.startswith(b"HTTP/1.1 200"):
        json.loads(answer.partition(b"\r\n\r\n")[2])
