"""CDP's ExceptionDetails -> `ScriptError`: what was thrown, where, with its stack."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from inspector.events import ScriptError

__all__ = ["frames_of", "read_exception", "stack_text"]

_HEAD = re.compile(r"([\w$.]*(?:Error|Exception)[\w$]*)(?:: |$)(.*)", re.DOTALL)
_UNCAUGHT = re.compile(r"Uncaught (?:\(in promise\) )?")
_STACK = "\n    at "

UrlOf = Callable[[str], str]  # script id -> url, "" when unknown


def read_exception(details: Mapping[str, Any], url_of: UrlOf) -> ScriptError:
    """The error behind `details`; lines and columns become 1-based. Raises KeyError, TypeError when it is garbled."""
    exception = details.get("exception") or {}
    frames = frames_of(details.get("stackTrace"))
    top = frames[0] if frames else {}
    name, message = _name_and_message(details, exception)
    has_place = "lineNumber" in details
    place = details if has_place else top
    script_id = str(details.get("scriptId") or top.get("scriptId") or "")
    return ScriptError(
        name=name,
        message=message,
        file=details.get("url") or url_of(script_id) or top.get("url") or "",
        line=int(place["lineNumber"]) + 1 if place else 0,
        column=int(place["columnNumber"]) + 1 if place else 0,
        stack=_stack(exception, frames, url_of),
    )


def frames_of(stack_trace: Any) -> list[Mapping[str, Any]]:
    """The call frames of a CDP StackTrace, innermost first; [] when there is none."""
    if not isinstance(stack_trace, Mapping):
        return []
    frames = stack_trace.get("callFrames")
    return [frame for frame in frames if isinstance(frame, Mapping)] if isinstance(frames, list) else []


def _name_and_message(details: Mapping[str, Any], exception: Mapping[str, Any]) -> tuple[str, str]:
    if not exception:
        text = str(details.get("text") or "")
        match = _HEAD.match(_UNCAUGHT.sub("", text))
        return ("", text) if match is None else (match[1], match[2])
    description = exception.get("description")
    if exception.get("subtype") != "error" or not isinstance(description, str):
        thrown = description if description is not None else exception.get("value", exception.get("type"))
        return "", f"{details.get('text') or 'Uncaught'} {thrown}"
    head = description.split(_STACK, 1)[0]
    match = _HEAD.match(head)
    if match is None:
        return str(exception.get("className") or "Error"), head
    return match[1], match[2]


def _stack(exception: Mapping[str, Any], frames: list[Mapping[str, Any]], url_of: UrlOf) -> str:
    description = exception.get("description")
    if exception.get("subtype") == "error" and isinstance(description, str) and _STACK in description:
        return description
    return stack_text(frames, url_of)


def stack_text(frames: Iterable[Mapping[str, Any]], url_of: UrlOf) -> str:
    """CDP's call frames as V8 writes a stack: a line each, "    at f (url:3:5)"."""
    return "\n".join(_frame(frame, url_of) for frame in frames)


def _frame(frame: Mapping[str, Any], url_of: UrlOf) -> str:
    url = frame.get("url") or url_of(str(frame.get("scriptId") or "")) or "<anonymous>"
    place = f"{url}:{int(frame.get('lineNumber', -1)) + 1}:{int(frame.get('columnNumber', -1)) + 1}"
    name = frame.get("functionName")
    return f"    at {name} ({place})" if name else f"    at {place}"
