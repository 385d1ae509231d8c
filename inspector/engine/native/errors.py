"""What JavaScript threw, as a ScriptError: from V8's message for place and text, from the value for its name and
stack.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from inspector.records import ScriptError
from inspector.values import preview_text

if TYPE_CHECKING:
    from inspector.engine.native.abi import V8, TryCatch
    from inspector.engine.native.isolate import NativeIsolate

__all__ = ["caught", "from_details", "of_value", "place_of", "wrap"]

_TEXT_LIMIT = 10_000
_STACK_LIMIT = 100_000
_LINE_LIMIT = 1_000
_NAMED = re.compile(r"((?:[A-Za-z_$][\w$.]*)?(?:Error|Exception))(?:: (.*))?\Z", re.DOTALL)
_OURS = re.compile(r"\n    at [^\n]*\binspector:[^\n]*")
_FRAME = re.compile(r"\n    at (?:[^\n]*\()?([^\s()]+):(\d+):(\d+)\)?(?:\n|\Z)")


def wrap(owner: NativeIsolate, context: int, value: int, group: str) -> dict[str, Any] | None:
    """`value` as a RemoteObject with preview; None when V8 has none to give (context gone, execution ended)."""
    text = owner.v8.inspector.wrap(owner.sessions.standing.pointer, context, value, group)
    if not text:
        return None
    remote: dict[str, Any] = json.loads(text)
    return remote


def caught(owner: NativeIsolate, context: int, attempt: TryCatch) -> ScriptError:
    """The exception that ended a call, still in its TryCatch."""
    return _describe(owner, context, attempt.exception, attempt.message)


def of_value(owner: NativeIsolate, context: int, value: int) -> ScriptError:
    """A rejection's reason: V8 makes the message from where the error was created."""
    return _describe(owner, context, value, owner.v8.calls.message_for(owner.address, value))


def _describe(owner: NativeIsolate, context: int, value: int, message: int) -> ScriptError:
    v8, isolate = owner.v8, owner.address
    remote = (wrap(owner, context, value, "errors") if value else None) or {}
    text = file = source = ""
    line = column = 0
    if message:
        text = v8.text(isolate, v8.calls.message_text(message))
        resource = v8.calls.message_resource(message)
        file = v8.text(isolate, resource) if resource else ""
        line, column = place_of(v8, message, context)
        source = v8.text(isolate, v8.calls.message_source_line(message, context))
    return _made(remote, text, ("" if file == "undefined" else file, line, column), source)


def place_of(v8: V8, message: int, context: int) -> tuple[int, int]:
    """Line and column of a message, 1-based; 0 and 1 when V8 knows none."""
    return v8.calls.message_line(message, context) >> 32, (v8.calls.message_column(message, context) >> 32) + 1


def _made(remote: dict[str, Any], text: str, place: tuple[str, int, int], source: str) -> ScriptError:
    text = text.removeprefix("Uncaught ").removeprefix("(in promise) ")
    stack = without_ours(str(remote.get("description", ""))) if remote.get("subtype") == "error" else ""
    named = _NAMED.match(text)
    if named:
        name, message = named.group(1), named.group(2) or ""
    elif remote.get("subtype") == "error":
        name = str(remote.get("className") or "Error")
        message = text.removeprefix(f"{name}: ")
    else:  # `throw 5`: the value itself is the message
        name, message = "Uncaught", preview_text(remote) if remote else text
    file, line, column = place
    is_theirs = line > 0 and file and not file.startswith("inspector:")
    known = (file, line, column) if is_theirs else _first_frame(stack) or (file, max(line, 0), 0)
    shown_line = source[:_LINE_LIMIT] if is_theirs else ""
    return ScriptError(name, message[:_TEXT_LIMIT], *known, stack[:_STACK_LIMIT], shown_line)


def without_ours(stack: str) -> str:
    """A stack without the frames of our preludes, as V8 leaves out those of its own functions."""
    return _OURS.sub("", stack) if "inspector:" in stack else stack


def _first_frame(stack: str) -> tuple[str, int, int] | None:
    """Where an error was made, from its stack: V8 has no message for a reason that was thrown long ago."""
    frame = _FRAME.search(stack)
    return (frame.group(1), int(frame.group(2)), int(frame.group(3))) if frame else None


def from_details(details: dict[str, Any], label: str) -> ScriptError:
    """CDP's ExceptionDetails, as the inspector's own evaluation of the source that we call `label` reports it."""
    remote = details.get("exception") or {}
    text = str(remote.get("description", "")).split("\n    at ")[0] if remote.get("subtype") == "error" else ""
    frames = (details.get("stackTrace") or {}).get("callFrames") or [{}]
    file = str(details.get("url") or frames[0].get("url") or "")
    place = (file or label, int(details.get("lineNumber", -1)) + 1, int(details.get("columnNumber", -1)) + 1)
    return _made(remote, text or str(details.get("text", "")), place, "")
