"""The asking side of a CDP connection, sans-I/O: numbers commands, matches replies, resolves everything exactly once.

`command` gives the bytes to send; `receive` takes what came. A reply calls the command's `done` at once, in the order
of arrival, so that what a reply announces is known before the next notification is looked at. The owner of the socket
calls `close` when it ends: every command that still waits gets the error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from inspector.cdp.message import Notification, Reply, decode, encode_command
from inspector.errors import InspectorError, LinkError, ProtocolError

__all__ = ["Done", "Session"]

_LATE_ANSWERS_KEPT = 10_000

Done = Callable[[Mapping[str, Any] | InspectorError], None]  # called once: the result, or why there is none


class _Pending(Struct, frozen=True):
    method: str
    session_id: str
    done: Done


class Session:
    """Commands in flight over one connection, for all flat sessions (`sessionId`) that it carries."""

    def __init__(self) -> None:
        self._next_id = 1
        self._pending: dict[int, _Pending] = {}
        self._given_up: dict[int, None] = {}  # resolved without their answer, which may still come
        self._closed: InspectorError | None = None

    @property
    def pending(self) -> int:
        """How many commands wait for an answer."""
        return len(self._pending)

    @property
    def closed(self) -> InspectorError | None:
        """Why no command can be sent any more; None while open."""
        return self._closed

    def command(self, method: str, params: Mapping[str, Any] | None, session_id: str, done: Done) -> tuple[int, bytes]:
        """Register a command; returns its id and the bytes to send.

        Raises the error that closed the session, or `LinkError` when `params` can't be written; then `done` is not
        called.
        """
        if self._closed is not None:
            raise self._closed
        command_id = self._next_id
        data = encode_command(command_id, method, params, session_id)
        self._next_id += 1
        self._pending[command_id] = _Pending(method, session_id, done)
        return command_id, data

    def withdraw(self, command_id: int) -> None:
        """Nobody waits for this answer any more; when it comes it is dropped."""
        pending = self._pending.get(command_id)
        if pending is not None:
            self._pending[command_id] = _Pending(pending.method, pending.session_id, _ignore)

    def forget(self, command_id: int) -> None:
        """A command could not be sent: `done` is not called, its sender knows."""
        self._pending.pop(command_id, None)

    def receive(self, text: bytes | str) -> Notification | Reply:
        """Take one message and return it; a reply has resolved its command before.

        Raises `LinkError` for a garbled message and for a reply to a command nobody sent; the session stays usable.
        """
        message = decode(text)
        if isinstance(message, Notification):
            return message
        pending = self._pending.pop(message.id, None)
        if pending is None and message.id in self._given_up:
            del self._given_up[message.id]
            return message
        if pending is None:
            raise LinkError("Read a CDP reply", f"command {message.id} was never sent or is already answered")
        pending.done(_outcome(pending.method, message))
        return message

    def end(self, session_id: str, error: InspectorError) -> None:
        """One flat session is over: resolve its commands with `error`."""
        for command_id in [key for key, pending in self._pending.items() if pending.session_id == session_id]:
            self._give_up(command_id)
            self._pending.pop(command_id).done(error)

    def close(self, error: InspectorError) -> None:
        """The connection is over: resolve every command with `error`; later ones are refused with it. Idempotent."""
        if self._closed is not None:
            return
        self._closed = error
        while self._pending:
            self._pending.pop(next(iter(self._pending))).done(error)

    def _give_up(self, command_id: int) -> None:
        if len(self._given_up) >= _LATE_ANSWERS_KEPT:
            del self._given_up[next(iter(self._given_up))]
        self._given_up[command_id] = None


def _outcome(method: str, reply: Reply) -> Mapping[str, Any] | InspectorError:
    if reply.error is None:
        return reply.result
    cause = f"{reply.error.message} ({reply.error.data})" if reply.error.data else reply.error.message
    return ProtocolError(method, cause, code=reply.error.code)


def _ignore(_: Mapping[str, Any] | InspectorError) -> None:
    return None
