"""A debugger's message, read: a command to pass on, or the answer that it gets instead. Sans-I/O.

Only id, method and params go on, written anew: what else a message holds never reaches the private link.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import orjson
from msgspec import Struct

__all__ = ["Answer", "Command", "failure", "read_message"]

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
SERVER_ERROR = -32000
NO_SUCH_SESSION = -32001
_MOST_ID = (1 << 31) - 1  # V8 keeps ids as C's int
# V8 would answer "not found" to these too; our own domains are not for foreign sessions, and are none there.
_DOMAINS = frozenset({"Console", "Debugger", "HeapProfiler", "Profiler", "Runtime", "Schema"})


class Command(Struct, frozen=True):
    id: int
    method: str
    params: Mapping[str, Any]


class Answer(Struct, frozen=True):
    text: bytes


def read_message(text: bytes) -> Command | Answer:
    """Whatever is wrong with a message becomes the answer to it, in the words that V8 and Chrome use."""
    try:
        message = _load(text)
    except (ValueError, RecursionError):
        return failure(None, PARSE_ERROR, "Message must be a valid JSON")
    if not isinstance(message, dict):
        return failure(None, INVALID_REQUEST, "Message must be a JSON object")
    command_id, method, params = message.get("id"), message.get("method"), message.get("params")
    if type(command_id) is not int or not -_MOST_ID - 1 <= command_id <= _MOST_ID:
        return failure(None, INVALID_REQUEST, "Message must have integer 'id' property")
    if not isinstance(method, str):
        return failure(command_id, INVALID_REQUEST, "Message must have string 'method' property")
    if "sessionId" in message:
        return failure(command_id, NO_SUCH_SESSION, "Session with given id not found.")
    if params is not None and not isinstance(params, dict):
        return failure(command_id, INVALID_PARAMS, "'params' must be an object")
    if method.partition(".")[0] not in _DOMAINS:
        return failure(command_id, METHOD_NOT_FOUND, f"'{method[:100]}' wasn't found")
    return Command(command_id, method, params or {})


def failure(command_id: int | None, code: int, message: str) -> Answer:
    """An error in place of an answer; without an id when the message had none to read."""
    error = {"code": code, "message": message}
    body: dict[str, Any] = {"error": error} if command_id is None else {"id": command_id, "error": error}
    return Answer(json.dumps(body).encode())


def _load(text: bytes) -> Any:
    try:
        return orjson.loads(text)
    except ValueError:  # a lone surrogate as an escape is legal JSON
        return json.loads(text.decode(), parse_constant=_refuse)


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON")
