"""Channels: a port in each of two contexts. What a script posts to one arrives at the other, without the pool's user.

Messages wait outside V8, in the host of the isolate that posted them, until the other side takes them: bounded by
`inspector.engine.ports` for each port, and by the cap on copies for all. Each is a message in the log.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from inspector.errors import CancelledError, CopyRefusedError, GoneError, InspectorError, LimitError, UsageError
from inspector.pool.copy_store import CopyStore
from inspector.pool.external_copy import ExternalCopy
from inspector.pool.names import is_name
from inspector.pool.traffic import Traffic
from inspector.pool.value_move import Move
from inspector.states import Capability
from inspector.target.clock import now_us
from inspector.value_events import ChannelClosed, ChannelOpened

if TYPE_CHECKING:
    from inspector.pool.context import Context

__all__ = ["Channel", "Port", "open_channel"]

_CLOSED = "the channel was closed"


class _Waiting(Struct):
    copy: ExternalCopy
    move: Move


class Port(Struct, eq=False):
    """One end. `waiting`: messages for it; `takes`: it has a handler, as far as is known."""

    number: int
    context: Context
    name: str
    traffic: Traffic = field(default_factory=Traffic)
    takes: bool = False
    starts: int = 0  # how often it said that it has a handler now
    waiting: deque[_Waiting] = field(default_factory=deque)
    task: asyncio.Task[None] | None = None

    @property
    def place(self) -> tuple[int, int]:
        return self.context.isolate.isolate_id, self.context.context_id

    @property
    def is_alive(self) -> bool:
        return self.context.is_alive


class Channel:
    """Made by `Context.open_channel`. Belongs to the pool's loop."""

    def __init__(self, channel_id: int, first: Port, second: Port, store: CopyStore) -> None:
        self.channel_id = channel_id
        self.ports = (first, second)
        self.closed_why = ""
        self._store = store

    def __repr__(self) -> str:
        first, second = self.ports
        return f"<Channel {first.context.isolate.name!r} {second.context.isolate.name!r} {self.closed_why or 'open'}>"

    @property
    def is_closed(self) -> bool:
        return bool(self.closed_why)

    @property
    def waiting(self) -> int:
        """Messages that were posted and not taken yet, both ways."""
        return sum(len(port.waiting) for port in self.ports)

    def other(self, port: Port) -> Port:
        return self.ports[1] if port is self.ports[0] else self.ports[0]

    async def open(self, timeout_s: float | None) -> None:
        """Put both ports there, or none."""
        try:
            for port in self.ports:
                port.context.doors.check("ports", "Open a channel")
                params = {"port": port.number, "name": port.name}
                orders = port.context.isolate.values.orders
                await orders.send("Isolate.openPort", params, port.context, "Open a channel", timeout_s)
                if self.closed_why:  # an end went away meanwhile
                    raise GoneError("Open a channel", self.closed_why)
        except BaseException:
            self.close("it was not opened")
            raise

    def close(self, why: str = _CLOSED, by: Port | None = None) -> None:
        """End it: each port's `onclose` hears why, what waits is dropped, and said so in the log. Idempotent."""
        if self.closed_why:
            return
        self.closed_why = why
        for port in self.ports:
            del port.context.isolate.ports[port.number]
            if port is not by and port.is_alive:
                params = {"port": port.number, "why": why}
                port.context.isolate.values.orders.say_order("Isolate.closePort", params, port.context)
            while len(port.waiting) > (port.task is not None):  # the first is on its way
                self._drop(port.waiting.pop(), CancelledError("Hand a message over", why))
        self._store.publish(ChannelClosed(now_us(), self.channel_id, why))

    # --- called by the isolates' lives ---

    def used(self, port: Port, params: Mapping[str, Any]) -> None:
        """`Isolate.portUsed`: its script posted, has a handler now, or closed it."""
        what = params["what"]
        if what == "start":
            port.takes = True
            port.starts += 1
            self._work(port)
        elif what == "close":
            self.close(f"{port.context.isolate.name} closed it", by=port)
        elif what == "refused":
            self._not_posted(port, str(params["cause"]), int(params["count"]))
        elif "copyId" in params:
            self._posted(port, int(params["copyId"]), int(params["bytes"]), int(params["workUs"]))

    def _posted(self, port: Port, copy_id: int, size: int, work_us: int) -> None:
        values, target = port.context.isolate.values, self.other(port)
        move = Move(port.place, target.place, "message", target.name, f"a message of {port.name}", size, work_us)
        port.traffic.used(bytes_out=size)
        try:
            self._store.take(size, "Post a message")
        except LimitError as error:
            values.orders.link.tell("Host.dropCopy", {"copyId": copy_id})
            self._refused(port, target, move, error)
            return
        copy = values.copy_held(copy_id, size, move.text)
        copy.out_us, copy.source, copy.mode = work_us, port.place, "message"
        target.waiting.append(_Waiting(copy, move))
        self._work(target)

    def _not_posted(self, port: Port, cause: str, count: int) -> None:
        """What the script could not post: it was told so, too."""
        port.traffic.refused[cause] += count
        move = Move(port.place, self.other(port).place, "message", self.other(port).name, f"a message of {port.name}")
        cause += f" ({count} times)" if count > 1 else ""
        move.tell(self._store, CopyRefusedError("Post a message", cause, "See the script."))

    def _refused(self, port: Port, target: Port, move: Move, error: InspectorError) -> None:
        port.traffic.refuse(error.cause)
        move.tell(self._store, error)
        self._grant(target, move.size_bytes)

    def _work(self, port: Port) -> None:
        if port.waiting and port.takes and port.task is None and not self.closed_why:
            port.task = asyncio.create_task(self._deliver(port), name="deliver messages")

    async def _deliver(self, port: Port) -> None:
        """Hand over what waits, one after another, until the other side takes nothing any more."""
        try:
            while port.waiting and port.takes and not self.closed_why:
                await self._deliver_first(port)
        finally:
            port.task = None
            if self.closed_why:  # while the first was on its way
                while port.waiting:
                    self._drop(port.waiting.pop(), CancelledError("Hand a message over", self.closed_why))
        self._work(port)  # `start` may have come while the answer was on its way

    async def _deliver_first(self, port: Port) -> None:
        first, orders = port.waiting[0], port.context.isolate.values.orders
        error: InspectorError | None = None
        starts = port.starts
        try:
            given = await first.copy.argument(port.context.isolate, orders.link)
            params = {"port": port.number, "from": given}
            answer = await orders.send("Isolate.deliver", params, port.context, "Hand a message over", None)
            told = json.loads(answer["json"])
            first.move.in_us = int(told.get("workUs", 0))
            if told["state"] == "waits":
                port.takes = port.starts != starts  # the word of a handler may have come behind the answer
                return
            if told["state"] == "closed":  # its word of that is on the way
                error = CancelledError("Hand a message over", "the port was closed")
            elif told.get("threw"):
                first.move.note = f"its handler threw {told['threw']}"
        except InspectorError as caught:
            error = caught
        port.waiting.popleft()
        self._drop(first, error)
        if error is None:
            port.traffic.used(bytes_in=first.copy.size)
        else:
            port.traffic.refuse(error.cause)
        self._grant(port, first.copy.size)

    def _drop(self, one: _Waiting, error: InspectorError | None) -> None:
        one.move.tell(self._store, error)
        one.copy.release()

    def _grant(self, port: Port, size: int) -> None:
        """A message for `port` has been taken, or refused: the other side may post another."""
        sender = self.other(port)
        if sender.is_alive and not self.closed_why:
            params = {"port": sender.number, "messages": 1, "bytes": size}
            sender.context.isolate.values.orders.say("Isolate.grantPort", params)


async def open_channel(contexts: tuple[Context, Context], names: tuple[str, str], timeout_s: float | None) -> Channel:
    """See `Context.open_channel`."""
    action = "Open a channel"
    for context, name in zip(contexts, names, strict=True):
        context.isolate.require(Capability.PORTS, action)
        if not is_name(name):
            raise UsageError(action, f"{name!r} is no JavaScript name", "Use letters, digits, _ and $.")
        if not context.is_alive:
            raise GoneError(action, f"{context.name} of {context.isolate.name} has ended", "Choose one that is listed.")
    if contexts[0] is contexts[1] and names[0] == names[1]:
        raise UsageError(action, f"both ports would be {names[0]} in {contexts[0].name}", "Give two names.")
    store = contexts[0].isolate.values.store
    first, second = (Port(store.new_id(), *pair) for pair in zip(contexts, names, strict=True))
    channel = Channel(store.new_id(), first, second, store)
    for port in channel.ports:
        port.context.isolate.ports[port.number] = (channel, port)
    await channel.open(timeout_s)
    store.publish(ChannelOpened(now_us(), channel.channel_id, *first.place, first.name, *second.place, second.name))
    return channel
