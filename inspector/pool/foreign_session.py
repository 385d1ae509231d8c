"""A foreign debugger's session on an isolate, pool side: its commands in, V8's own words out, neither without bound."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from inspector.cdp.message import encode_command
from inspector.errors import InspectorError, LimitError
from inspector.events import AttachedDebugger
from inspector.pool.debugger_activity import Activity
from inspector.pool.link import HostLink
from inspector.pool.traffic import Traffic

__all__ = ["MOST_BYTES_UNDER_WAY", "MOST_UNDER_WAY", "ForeignSession", "SessionReceiver"]

MOST_UNDER_WAY = 1_000  # commands without an answer
MOST_BYTES_UNDER_WAY = 32 << 20
_GRANT_STEP = 128 << 10
_SERVER_ERROR = -32000  # JSON-RPC's
_ANSWER = re.compile(rb'\{"id":(-?[0-9]{1,19}),')


class SessionReceiver(Struct, frozen=True):
    """The other end of a session. Both are called on the pool's loop; `closed` once, last, with the reason."""

    heard: Callable[[bytes], None]  # a CDP answer or notification, UTF-8
    closed: Callable[[str], None]


class ForeignSession:
    """Made by `Isolate.open_session`. What `heard` was given is `read` once the debugger has it."""

    def __init__(
        self,
        number: int,
        session_id: str,
        client: str,
        receiver: SessionReceiver,
        *,
        link: HostLink,
        grant: Callable[[int, int], None],
        changed: Callable[[], None],
        ended: Callable[[ForeignSession, str], None],
        since_us: int,
    ) -> None:
        self.number = number
        self.client = client
        self._session_id = session_id
        self._receiver = receiver
        self._link = link
        self._grant = grant
        self._changed = changed
        self._ended = ended
        self._since_us = since_us
        self._activity = Activity()
        self._under_way: dict[int, int] = {}  # command id -> its bytes
        self._bytes_under_way = 0
        self._read = 0  # bytes that the debugger has, and the host has not been told of
        self.unread = 0  # bytes that were handed to the debugger and not read yet
        self.traffic = Traffic()
        self.reason = ""  # why it is closed; "" while it is open
        link.route_foreign(session_id, self._hear)

    def record(self) -> AttachedDebugger:
        """What a person is told of it."""
        activity = self._activity
        return AttachedDebugger(
            self.number, self.client, self._since_us, activity.debugging, activity.doing, activity.changes
        )

    def send(self, command_id: int, method: str, params: Mapping[str, Any]) -> None:
        """Pass a command on; its answer comes through `heard`, with the same id. LimitError when too much is under
        way; LinkError, GoneError when the isolate can't be reached.
        """
        if self.reason:
            raise LimitError(method, f"the session is closed: {self.reason}")
        text = _encoded(command_id, method, params)
        if len(self._under_way) >= MOST_UNDER_WAY:
            raise LimitError(method, f"{MOST_UNDER_WAY} commands of this session wait for their answers already")
        if self._under_way and self._bytes_under_way + len(text) > MOST_BYTES_UNDER_WAY:
            raise LimitError(method, f"{self._bytes_under_way} bytes of commands wait for their answers already")
        self._link.pass_on(self._session_id, text)
        self.traffic.used(bytes_in=len(text))
        self._bytes_under_way += len(text) - self._under_way.pop(command_id, 0)
        self._under_way[command_id] = len(text)
        if self._activity.sent(command_id, method, params):
            self._changed()

    def read(self, count: int) -> None:
        """The debugger has taken `count` bytes of what it was given: as many more may come."""
        self.unread -= count
        self._read += count
        if self._read >= _GRANT_STEP or (self._read and self.unread <= 0):
            granted, self._read = self._read, 0
            self._grant(self.number, granted)

    def end(self, reason: str) -> None:
        """The isolate has ended: what is under way is answered, since the host's answers may come after its end."""
        if self.reason:
            return
        self._link.route_foreign(self._session_id, None)
        for command_id in list(self._under_way):
            error = {"code": _SERVER_ERROR, "message": f"it is not answered any more: {reason}"}
            self._receiver.heard(json.dumps({"id": command_id, "error": error}, separators=(",", ":")).encode())
        self.close(reason)

    def close(self, reason: str = "the debugger has left") -> None:
        """End it: what it enabled is undone, and when nobody else debugs a paused isolate goes on. Idempotent."""
        if self.reason:
            return
        self.reason = reason
        self._link.route_foreign(self._session_id, None)
        self._ended(self, reason)
        self._receiver.closed(reason)

    def _hear(self, text: bytes) -> None:
        answer = _ANSWER.match(text)
        if answer is not None:
            command_id = int(answer[1])
            self._bytes_under_way -= self._under_way.pop(command_id, 0)
            if self._activity.answered(command_id):
                self._changed()
        self.unread += len(text)
        self.traffic.bytes_out += len(text)
        self._receiver.heard(text)


def _encoded(command_id: int, method: str, params: Mapping[str, Any]) -> bytes:
    try:
        return encode_command(command_id, method, params)
    except InspectorError:  # a lone surrogate, a number of more than 64 bits: legal JSON, and rare
        return json.dumps({"id": command_id, "method": method, "params": params}, separators=(",", ":")).encode()
