"""CDP's Runtime domain -> events: contexts that come and go, console calls, exceptions nobody caught."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from inspector.events import ConsoleCleared, ConsoleWritten, Event, ExceptionThrown
from inspector.target.clock import from_wall_ms
from inspector.target.exceptions import frames_of, read_exception, stack_text
from inspector.target.facts import INTERNAL_PREFIX, Facts

__all__ = ["TABLE"]


def _context_created(facts: Facts, params: Mapping[str, Any], at_us: int) -> Iterator[Event]:
    context = params["context"]
    event = facts.contexts.created(int(context["id"]), str(context.get("name") or ""), at_us)
    if event is not None:
        yield event


def _context_destroyed(facts: Facts, params: Mapping[str, Any], at_us: int) -> Iterator[Event]:
    event = facts.contexts.released(int(params["executionContextId"]), at_us)
    if event is not None:
        yield event


def _contexts_cleared(facts: Facts, _: Mapping[str, Any], at_us: int) -> Iterable[Event]:
    return facts.contexts.released_all(at_us, "released")


def _console_called(facts: Facts, params: Mapping[str, Any], arrived_us: int) -> Iterator[Event]:
    at_us = from_wall_ms(params.get("timestamp"), arrived_us)
    context_id = int(params["executionContextId"])
    level = str(params["type"])
    if level == "clear":
        yield ConsoleCleared(at_us, facts.isolate_id, context_id)
        return
    urls, url, line = _place(facts, params.get("stackTrace"))
    yield ConsoleWritten(
        at_us=at_us,
        isolate_id=facts.isolate_id,
        context_id=context_id,
        level=level,
        args=tuple(argument for argument in params["args"] if isinstance(argument, Mapping)),
        url=url,
        line=line,
        run_id=facts.runs.owner_of(context_id, urls),
        stack=_trace(facts, params.get("stackTrace")) if level == "trace" else "",
    )


def _exception_thrown(facts: Facts, params: Mapping[str, Any], arrived_us: int) -> Iterator[Event]:
    details = params["exceptionDetails"]
    context_id = int(details.get("executionContextId") or 0)
    urls, _, _ = _place(facts, details.get("stackTrace"))
    yield ExceptionThrown(
        at_us=from_wall_ms(params.get("timestamp"), arrived_us),
        isolate_id=facts.isolate_id,
        context_id=context_id,
        error=read_exception(details, facts.url_of),
        run_id=facts.runs.owner_of(context_id, [*urls, str(details.get("url") or "")]),
    )


def _place(facts: Facts, stack_trace: Any) -> tuple[list[str], str, int]:
    """All urls on a stack, then url and 1-based line of its innermost frame outside our preludes ("" and 0: none)."""
    urls: list[str] = []
    found_url, found_line = "", 0
    for frame in frames_of(stack_trace):
        url = str(frame.get("url") or facts.url_of(str(frame.get("scriptId") or "")))
        if url.startswith(INTERNAL_PREFIX):
            continue
        if not urls:
            found_url, found_line = url, int(frame["lineNumber"]) + 1
        urls.append(url)
    return urls, found_url, found_line


def _trace(facts: Facts, stack_trace: Any) -> str:
    frames = [one for one in frames_of(stack_trace) if not str(one.get("url") or "").startswith(INTERNAL_PREFIX)]
    return stack_text(frames, facts.url_of)


TABLE: Mapping[str, Callable[[Facts, Mapping[str, Any], int], Iterable[Event]]] = {
    "Runtime.executionContextCreated": _context_created,
    "Runtime.executionContextDestroyed": _context_destroyed,
    "Runtime.executionContextsCleared": _contexts_cleared,
    "Runtime.consoleAPICalled": _console_called,
    "Runtime.exceptionThrown": _exception_thrown,
}
