"""Exceptions as `ScriptError`: from mini-racer's texts, and from the details that our JavaScript tells.

mini-racer 0.14.1 writes an exception as

    file.js:3: TypeError: x is not a function      the place is the throw's; the message may have several lines
    x(1, 2);                                       the line of the source
    ^                                              its column
    (empty)
    TypeError: x is not a function                 the stack, when an Error was thrown
        at f (file.js:3:1)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from inspector.records import ScriptError
from inspector.values import preview_text

__all__ = ["details_of", "from_details", "from_text", "place_in", "visible_stack"]

_TEXT_LIMIT = 10_000
_STACK_LIMIT = 100_000
_LINE_LIMIT = 1_000
_HEAD = re.compile(r"(.*?):(\d+): ")
_CARET = re.compile(r"\n([^\n]*)\n([ \t]*)\^+\n")
_NAMED = re.compile(r"(?:Uncaught )?([A-Za-z_$][\w.$]*(?:Error|Exception)|Error)(?:: (.*))?\Z", re.DOTALL)
_OWN_NAME = re.compile(r"([A-Za-z_$][\w$]*): (.*)\Z", re.DOTALL)  # of an Error's subclass
_FRAME = re.compile(r"^ +at (?:.*? \()?(?:async )?(.*?):(\d+):(\d+)\)?$", re.MULTILINE)
_INTERNAL = "inspector:"
_NAMELESS = ("<anonymous>", "undefined")


def from_text(text: str, prefix: int = 0) -> ScriptError:
    """`text` is a JSEvalException's. `prefix`: characters that we put before the source's first line."""
    head = _HEAD.match(text)
    if head is None:
        return _named(text, ("", 0, 0), "", "")
    file, line = "" if head[1] in _NAMELESS else head[1], int(head[2])
    caret = _CARET.search(text, head.end())
    if caret is None:
        return _named(text[head.end() :].strip("\n"), (file, line, 0), "", "")
    cut = prefix if line == 1 and len(caret[1]) > prefix else 0
    column = max(len(caret[2]) + 1 - cut, 1)
    stack = visible_stack(text[caret.end() :].strip("\n"))
    if file.startswith(_INTERNAL):  # ours threw it, for a call of theirs
        return _named(text[head.end() : caret.start()], place_in(stack), stack, "")
    return _named(text[head.end() : caret.start()], (file, line, column), stack, caret[1][cut:])


def from_details(details: Mapping[str, Any]) -> ScriptError:
    """CDP's ExceptionDetails as our JavaScript makes them: the value that was thrown, without a place."""
    remote = details.get("exception") or {}
    if remote.get("subtype") != "error":
        return ScriptError("Uncaught", preview_text(remote, _TEXT_LIMIT), "", 0, 0, "")
    stack = visible_stack(str(remote.get("description", "")))
    head = stack.split("\n    at ")[0]
    error = _named(head, place_in(stack), stack, "")
    return error if error.name != "Uncaught" else ScriptError(
        str(remote.get("className") or "Error"), error.message, error.file, error.line, error.column, stack
    )  # fmt: skip


def details_of(error: ScriptError, exception: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """`error` as CDP's ExceptionDetails (0-based); `exception`: the value, when there is one."""
    text = f"{error.name}: {error.message}" if error.name != "Uncaught" else error.message
    value = dict(exception) if exception else {"type": "string", "value": error.message}
    if exception is None and error.name != "Uncaught":
        description = error.stack or text
        value = {"type": "object", "subtype": "error", "className": error.name, "description": description}
    return {
        "exceptionId": 0,
        "text": "Uncaught",
        "lineNumber": max(error.line - 1, 0),
        "columnNumber": max(error.column - 1, 0),
        "url": error.file,
        "exception": value,
    }


def place_in(stack: str) -> tuple[str, int, int]:
    """File, line and column (1-based) of the first frame that isn't ours; ("", 0, 0) when there is none."""
    for file, line, column in _FRAME.findall(stack):
        if not file.startswith(_INTERNAL):
            return "" if file in _NAMELESS else file, int(line), int(column)
    return "", 0, 0


def visible_stack(stack: str) -> str:
    """`stack` without the frames of our own JavaScript."""
    ours = (f"({_INTERNAL}", f"at {_INTERNAL}")
    return "\n".join(line for line in stack.split("\n") if not any(mark in line for mark in ours))


def _named(text: str, place: tuple[str, int, int], stack: str, source_line: str) -> ScriptError:
    named = _NAMED.match(text) or (_OWN_NAME.match(text) if stack.startswith(text) else None)
    name, message = (named[1], named[2] or "") if named else ("Uncaught", text)
    return ScriptError(name, message[:_TEXT_LIMIT], *place, stack[:_STACK_LIMIT], source_line[:_LINE_LIMIT])
