"""The private link's socket, both real ends in one loop."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from inspector.cdp.connection import Closed, Connection, Receiver, dial, listen
from inspector.errors import LinkError

SECRET = secrets.token_hex(32)


@dataclass
class Inbound:
    """What one end received, as queues to wait on."""

    texts: asyncio.Queue[bytes] = field(default_factory=asyncio.Queue)
    binaries: asyncio.Queue[bytes] = field(default_factory=asyncio.Queue)
    ends: asyncio.Queue[Closed] = field(default_factory=asyncio.Queue)
    writable: asyncio.Event = field(default_factory=asyncio.Event)

    def receiver(self) -> Receiver:
        return Receiver(self.texts.put_nowait, self.binaries.put_nowait, self.ends.put_nowait, self.writable.set)


@dataclass
class Pair:
    pool: Connection
    host: Connection
    at_pool: Inbound
    at_host: Inbound


@pytest.fixture
async def pair() -> AsyncIterator[Pair]:
    at_pool, at_host = Inbound(), Inbound()
    listener = await listen(SECRET, at_pool.receiver())
    host = await dial(listener.port, SECRET, at_host.receiver())
    pool = await listener.accept(5)
    yield Pair(pool, host, at_pool, at_host)
    for end in (pool, host):
        end.abort()
        await end.wait_closed()


async def test_text_and_binary_arrive_in_order_at_both_ends(pair: Pair) -> None:
    pair.host.send_text(b'{"method":"Host.hello"}')
    pair.host.send_binary(b"\x00\xff")
    pair.host.send_text("ä😀".encode())
    pair.pool.send_text(b"{}")
    assert await pair.at_pool.texts.get() == b'{"method":"Host.hello"}'
    assert await pair.at_pool.binaries.get() == b"\x00\xff"
    assert (await pair.at_pool.texts.get()).decode() == "ä😀"
    assert await pair.at_host.texts.get() == b"{}"


@pytest.mark.skipif(os.name != "posix", reason="on Windows a socket is its loop's alone")
async def test_what_is_sent_at_once_arrives_whole_and_before_what_follows(pair: Pair) -> None:
    """GIVEN a socket that took a part of the last message only THEN the rest goes before what is sent next."""
    reading = pair.pool._transport
    assert reading is not None
    reading.pause_reading()  # so that the socket fills

    sent = []
    message = b"[0, " + b"1, " * 10_000 + b"1]"
    while pair.host.send_text_at_once(message):
        sent.append(message)
        message = b"[%d, " % len(sent) + b"1, " * 10_000 + b"1]"
    pair.host.send_text(b"last")
    reading.resume_reading()
    async with asyncio.timeout(10):
        heard = [await pair.at_pool.texts.get() for _ in range(len(sent) + 1)]
    assert len(sent) > 1
    assert heard == [*sent, b"last"]


async def test_nothing_goes_at_once_behind_what_waits_or_after_the_end(pair: Pair) -> None:
    pair.host.send_binary(b"x" * (32 << 20))
    assert not pair.host.send_text_at_once(b"{}")
    await pair.at_host.writable.wait()
    pair.host.abort()
    await pair.host.wait_closed()
    assert not pair.host.send_text_at_once(b"{}")


async def test_a_large_message_arrives_whole(pair: Pair) -> None:
    large = bytes(range(256)) * (64 << 10)  # 16 MiB
    pair.pool.send_binary(large)
    assert await pair.at_host.binaries.get() == large


async def test_a_full_socket_says_so_and_says_when_it_drained(pair: Pair) -> None:
    pair.host.send_binary(b"x" * (32 << 20))
    assert pair.host.full
    await asyncio.wait_for(pair.at_host.writable.wait(), 10)
    assert not pair.host.full
    assert len(await pair.at_pool.binaries.get()) == 32 << 20


async def test_who_closed_first_is_known_at_both_ends(pair: Pair) -> None:
    pair.pool.send_text(b"last")
    pair.pool.close("enough")
    assert await pair.pool.wait_closed() == Closed("us", "enough")
    assert await pair.host.wait_closed() == Closed("them", "enough")
    assert await pair.at_host.texts.get() == b"last"
    assert await pair.at_host.ends.get() == Closed("them", "enough")
    assert pair.at_host.ends.empty()


async def test_a_cut_connection_is_a_loss(pair: Pair) -> None:
    pair.host.abort()
    assert (await pair.pool.wait_closed()).by == "loss"
    assert (await pair.host.wait_closed()).by == "us"


async def test_sending_after_the_end_is_refused(pair: Pair) -> None:
    pair.host.close()
    pair.host.close()
    await pair.host.wait_closed()
    with pytest.raises(LinkError):
        pair.host.send_text(b"{}")


async def test_a_receiver_that_raises_closes_the_connection_with_a_word(pair: Pair) -> None:
    def fail(_: bytes) -> None:
        raise RuntimeError("a fault of ours")

    pair.host._receiver = Receiver(fail, fail, pair.at_host.ends.put_nowait)
    pair.pool.send_text(b"{}")
    assert (await asyncio.wait_for(pair.pool.wait_closed(), 5)).by == "them"
    assert (await pair.at_host.ends.get()).by == "us"


async def test_a_wrong_secret_is_refused_and_the_right_caller_still_comes_in() -> None:
    at_pool = Inbound()
    listener = await listen(SECRET, at_pool.receiver())
    for wrong in (secrets.token_hex(32), "", SECRET[:-1], SECRET.upper(), "ü"):
        with pytest.raises(LinkError):
            await dial(listener.port, wrong, Inbound().receiver())
    host = await dial(listener.port, SECRET, Inbound().receiver())
    pool = await listener.accept(5)
    assert listener.refused == 5
    host.close()
    await pool.wait_closed()
    await host.wait_closed()


async def test_only_the_first_right_caller_is_admitted() -> None:
    at_pool = Inbound()
    listener = await listen(SECRET, at_pool.receiver())
    first = await dial(listener.port, SECRET, Inbound().receiver())
    with pytest.raises(LinkError):
        await dial(listener.port, SECRET, Inbound().receiver())
    pool = await listener.accept(5)
    with pytest.raises(LinkError):
        await dial(listener.port, SECRET, Inbound().receiver())
    first.close()
    await pool.wait_closed()
    await first.wait_closed()


async def test_nobody_calls() -> None:
    listener = await listen(SECRET, Inbound().receiver())
    with pytest.raises(LinkError, match=r"did not call back within 0\.05 s"):
        await listener.accept(0.05)


async def test_nobody_listens() -> None:
    listener = await listen(SECRET, Inbound().receiver())
    port = listener.port
    listener.close()
    with pytest.raises(LinkError, match=f"port {port}"):
        await dial(port, SECRET, Inbound().receiver())


@pytest.mark.parametrize(
    "garbage", [b"GET / HTTP/1.1\r\n\r\n", b"\x00" * 2000, b"POST / HTTP/1.1\r\nHost: x\r\n\r\n", b""]
)
async def test_a_caller_that_speaks_garbage_changes_nothing(garbage: bytes) -> None:
    listener = await listen(SECRET, Inbound().receiver())
    reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
    writer.write(garbage)
    host = await dial(listener.port, SECRET, Inbound().receiver())
    pool = await listener.accept(5)
    host.close()
    await pool.wait_closed()
    await host.wait_closed()
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    assert await reader.read() is not None


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (b"\x77\x00\x00\x00\x00", "kind 119"),
        (b"\x01\xff\xff\xff\xff", "4294967295 bytes"),
        (b"\x09\x00\x00\x00\x00", "SECRET"),
    ],
)
async def test_what_is_no_frame_ends_the_connection(pair: Pair, frame: bytes, words: str) -> None:
    assert pair.host._transport is not None
    pair.host._transport.write(frame + b"and more of that")
    closed = await asyncio.wait_for(pair.host.wait_closed(), 5)
    assert closed.by == "them" and words in closed.reason
    assert (await pair.at_pool.ends.get()).by == "us"
