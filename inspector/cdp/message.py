"""CDP messages as values: one command out, one reply or notification in. JSON text on the wire, no I/O here.

A command is `{"id", "method", "params", "sessionId"?}`, a reply `{"id", "result" | "error", "sessionId"?}`,
a notification `{"method", "params", "sessionId"?}`. What is none of these is garbled and raises `LinkError`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import orjson
from msgspec import Struct

from inspector.errors import LinkError

__all__ = ["Notification", "Reply", "ReplyError", "decode", "encode_command", "encode_notification"]

_SHOWN = 120  # characters of a garbled message that its error repeats


class ReplyError(Struct, frozen=True):
    """JSON-RPC's error object. `code` is -32000 when the sender gave none."""

    code: int
    message: str
    data: str = ""


class Reply(Struct, frozen=True):
    """The answer to command `id`: `error` is None when it succeeded."""

    id: int
    result: Mapping[str, Any]
    error: ReplyError | None = None
    session_id: str = ""


class Notification(Struct, frozen=True):
    """Something the other side tells unasked. `session_id` is "" when it concerns the connection itself."""

    method: str
    params: Mapping[str, Any]
    session_id: str = ""


def encode_command(command_id: int, method: str, params: Mapping[str, Any] | None, session_id: str = "") -> bytes:
    """One command as UTF-8 JSON. Raises `LinkError` when `params` can't be written as JSON."""
    message: dict[str, Any] = {"id": command_id, "method": method, "params": params or {}}
    if session_id:
        message["sessionId"] = session_id
    return _dump(message, method)


def encode_notification(method: str, params: Mapping[str, Any] | None, session_id: str = "") -> bytes:
    """A message that wants no answer, as UTF-8 JSON. Raises `LinkError` when `params` can't be written as JSON."""
    message: dict[str, Any] = {"method": method, "params": params or {}}
    if session_id:
        message["sessionId"] = session_id
    return _dump(message, method)


def decode(text: bytes | str) -> Reply | Notification:
    """Read one message. Raises `LinkError` for anything that is not a reply or a notification."""
    try:
        message = _load(text)
    except (ValueError, RecursionError) as error:
        raise _garbled(text, f"no JSON ({error})") from None
    if not isinstance(message, dict):
        raise _garbled(text, "not a JSON object")
    session_id = message.get("sessionId") or ""
    if not isinstance(session_id, str):
        raise _garbled(text, "its sessionId is not a string")
    if "id" in message:
        return _reply(message, session_id, text)
    method = message.get("method")
    params = message.get("params") or {}
    if not isinstance(method, str) or not isinstance(params, dict):
        raise _garbled(text, "neither a reply nor a notification")
    return Notification(method, params, session_id)


def _load(text: bytes | str) -> Any:
    """V8 writes a lone surrogate as an escape, which orjson refuses and json keeps (price: seven times slower, and
    rare).
    """
    try:
        return orjson.loads(text)
    except ValueError:
        if isinstance(text, bytes):
            text = text.decode("utf-8", "surrogatepass")
        return json.loads(text)


def _reply(message: dict[str, Any], session_id: str, text: bytes | str) -> Reply:
    command_id = message["id"]
    if type(command_id) is not int:
        raise _garbled(text, "its id is not a whole number")
    error = message.get("error")
    if error is not None:
        return Reply(command_id, {}, _reply_error(error), session_id)
    result = message.get("result")
    if not isinstance(result, dict):
        raise _garbled(text, "it has neither a result nor an error")
    return Reply(command_id, result, None, session_id)


def _reply_error(error: Any) -> ReplyError:
    if not isinstance(error, dict):
        return ReplyError(-32000, str(error))
    code = error.get("code")
    data = error.get("data")
    return ReplyError(
        code if isinstance(code, int) else -32000,
        str(error.get("message") or "no message"),
        data if isinstance(data, str) else "",
    )


def _dump(message: dict[str, Any], method: str) -> bytes:
    try:
        return orjson.dumps(message)
    except (TypeError, ValueError) as error:  # a lone surrogate, a number past 64 bits, a foreign type
        raise LinkError(f"Send {method}", f"its parameters can't be written as JSON ({error})") from None


def _garbled(text: bytes | str, cause: str) -> LinkError:
    size = len(text)
    start = text[:_SHOWN]
    shown = start.decode("utf-8", "replace") if isinstance(start, bytes) else start
    return LinkError("Read a CDP message", f"{cause}; its {size} bytes start with {shown!r}")
