"""Hypothesis over the private link: a host bears any pool, a pool bears any host."""

from __future__ import annotations

import asyncio
import itertools
import json
import secrets
import threading
from collections.abc import Coroutine, Iterator
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.cdp.connection import Connection, Receiver, dial, listen
from inspector.pool.link import HostLink
from tests.fixtures.fuzzing import FUZZ, messages
from tests.host.driver import HostProcess

PATIENCE_S = 60.0
T = TypeVar("T")
SESSIONS = st.sampled_from(["i1", "i1.1", "i1.2", "i2", "i1.99999999999999999999", "i", "i1.", "x"])
TO_HOST = messages(
    "Host.createIsolate",
    "Host.grantCredit",
    "Host.ping",
    "Isolate.closeSession",
    "Isolate.createContext",
    "Isolate.grantSession",
    "Isolate.openSession",
    "Isolate.run",
    "Isolate.setPausing",
    "Isolate.stop",
    sessions=SESSIONS,
)
FROM_HOST = st.one_of(
    messages("Isolate.stateChanged", "Isolate.sessionClosed", "Host.measured", "Debugger.paused", sessions=SESSIONS),
    st.sampled_from([b'{"sessionId":"i1.1",', b'{"sessionId":"i1.1","id":7,"result":{}}', b"\n\n", b""]),
)


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """One in a thread of its own: hypothesis calls plain functions."""
    made = asyncio.new_event_loop()
    thread = threading.Thread(target=made.run_forever)
    thread.start()
    yield made
    made.call_soon_threadsafe(made.stop)
    thread.join()
    made.close()


def do(loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run_coroutine_threadsafe(work, loop).result(PATIENCE_S)


@pytest.fixture(scope="module")
def host(loop: asyncio.AbstractEventLoop) -> Iterator[HostProcess]:
    """With isolate 1, on which nothing is sent but what hypothesis finds, and isolate 2."""

    async def start() -> HostProcess:
        made = HostProcess()
        made._ids = itertools.count(10**9)  # 32 bits, as V8 takes; not those that hypothesis tries
        await made.start()
        await made.isolate(isolateId=1)
        await made.isolate(isolateId=900)
        return made

    made = do(loop, start())
    yield made
    do(loop, made.end())


async def bear(host: HostProcess, texts: list[bytes]) -> None:
    for text in texts:
        host.connection.send_text(text)
    for session in ("i1.1", "i1.2"):  # what was opened is closed, and a pause with it
        host.ask("Isolate.closeSession", {"session": int(session[-1])}, "i1")
    host.ask("Isolate.setPausing", {"enabled": False}, "i1")
    await host.command("Host.ping")
    for session in ("i1", "i900"):
        answer = await host.command("Runtime.evaluate", {"expression": "6 * 7"}, session)
        assert answer["result"]["value"] == 42


@FUZZ
@given(st.lists(TO_HOST.filter(lambda text: b"Host.close" not in text), max_size=12))
def test_a_host_bears_any_pool(loop: asyncio.AbstractEventLoop, host: HostProcess, texts: list[bytes]) -> None:
    do(loop, bear(host, texts))
    assert host.process.returncode is None


async def hear(texts: list[bytes], binary: list[bytes]) -> None:
    """A pool's end of the link, and a host that says anything, then answers."""
    link = HostLink()
    secret = secrets.token_hex(32)
    heard: list[bytes] = []
    link.route_foreign("i1.1", heard.append)
    listener = await listen(secret, link.receiver())
    host: Connection

    def answer(text: bytes) -> None:
        command = json.loads(text)
        if command["method"] == "Host.ping":
            host.send_text(json.dumps({"id": command["id"], "result": {}}).encode())

    host = await dial(listener.port, secret, Receiver(answer, lambda _: None, lambda _: None))
    link.attach(await listener.accept(PATIENCE_S))
    try:
        for text in texts:
            host.send_text(text)
        for batch in binary:
            host.send_binary(batch)
        assert await asyncio.wait_for(link.command("Host.ping"), PATIENCE_S) == {}
    finally:
        host.close()
        await host.wait_closed()


@FUZZ
@given(
    st.lists(FROM_HOST.filter(lambda text: b'"id": 1,' not in text), max_size=12),
    st.lists(st.binary(max_size=80), max_size=3),
)
def test_a_pool_bears_any_host(loop: asyncio.AbstractEventLoop, texts: list[bytes], binary: list[bytes]) -> None:
    do(loop, hear(texts, binary))
