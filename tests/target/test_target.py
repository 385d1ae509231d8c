"""CDP messages of one isolate become events; what can't be read is told once."""

from __future__ import annotations

import time
from typing import Any

import pytest

from inspector.cdp.message import Notification
from inspector.events import (
    ConsoleCleared,
    ConsoleDropped,
    ConsoleValuesReleased,
    ConsoleWritten,
    ContextCreated,
    ContextReleased,
    Event,
    ExceptionThrown,
    IsolatePaused,
    IsolateResumed,
    IsolateStateChanged,
    LimitHit,
    PausedFrame,
    PausedScope,
    ProblemReported,
    RunStarted,
    ScriptParsed,
)
from inspector.states import IsolateState, Outcome, SourceKind
from inspector.target.active_runs import ActiveRun
from inspector.target.clock import now_us
from inspector.target.contexts import ExpectedContext
from inspector.target.target import Target

AT = 1_000_000


@pytest.fixture
def target() -> Target:
    return Target(7)


def tell(target: Target, method: str, **params: Any) -> list[Event]:
    return target.translate(Notification(method, params, "i7"), AT)


def logged(**more: Any) -> dict[str, Any]:
    return {"type": "log", "args": [{"type": "number", "value": 1}], "executionContextId": 1, **more}


def frame(url: str, line: int, script_id: str = "9") -> dict[str, Any]:
    return {"functionName": "f", "scriptId": script_id, "url": url, "lineNumber": line, "columnNumber": 0}


def active(run_id: int, url: str, context_id: int = 1, path: str = "", text: str = "") -> ActiveRun:
    return ActiveRun(run_id, context_id, url, path, text)


def test_a_console_line_has_level_arguments_and_the_place_outside_our_preludes(target: Target) -> None:
    stack = {"callFrames": [frame("inspector:prelude/timers.js", 3), frame("file:///a.js", 11)]}
    (line,) = tell(target, "Runtime.consoleAPICalled", **logged(stackTrace=stack))
    assert isinstance(line, ConsoleWritten)
    assert (line.level, line.url, line.line, line.args) == (
        "log",
        "file:///a.js",
        12,
        ({"type": "number", "value": 1},),
    )


def test_a_trace_brings_its_stack_without_our_preludes(target: Target) -> None:
    stack = {"callFrames": [frame("inspector:prelude/timers.js", 3), frame("file:///a.js", 11)]}
    (trace,) = tell(target, "Runtime.consoleAPICalled", **logged(type="trace", stackTrace=stack))
    (line,) = tell(target, "Runtime.consoleAPICalled", **logged(stackTrace=stack))
    assert isinstance(trace, ConsoleWritten) and isinstance(line, ConsoleWritten)
    assert (trace.stack, line.stack) == ("    at f (file:///a.js:12:1)", "")


def test_a_frame_without_url_is_named_by_its_script(target: Target) -> None:
    tell(target, "Debugger.scriptParsed", scriptId="9", url="b.js", executionContextId=1, length=3)
    (line,) = tell(target, "Runtime.consoleAPICalled", **logged(stackTrace={"callFrames": [frame("", 0)]}))
    assert isinstance(line, ConsoleWritten)
    assert (line.url, line.line) == ("b.js", 1)


def test_v8s_wall_clock_is_brought_onto_the_monotonic_one(target: Target) -> None:
    arrived = now_us()
    params = logged(timestamp=time.time() * 1000 - 250)
    (line,) = target.translate(Notification("Runtime.consoleAPICalled", params), arrived)
    assert 200_000 < arrived - line.at_us < 400_000


@pytest.mark.parametrize("timestamp", [0, 1e15, "soon", None, -5])
def test_a_clock_that_was_set_is_not_believed(target: Target, timestamp: object) -> None:
    (line,) = tell(target, "Runtime.consoleAPICalled", **logged(timestamp=timestamp))
    assert line.at_us == AT


def test_clearing_the_console_is_an_event_of_its_own(target: Target) -> None:
    assert tell(target, "Runtime.consoleAPICalled", **logged(type="clear")) == [ConsoleCleared(AT, 7, 1)]


def test_console_lines_belong_to_the_run_that_spoke(target: Target) -> None:
    target.runs.add(active(1, "a.js"))
    target.runs.add(active(2, "b.js"))
    target.runs.add(active(3, "c.js", context_id=2))
    tell(target, "Isolate.runStarted", runId=1, atUs=5)
    (only,) = tell(target, "Runtime.consoleAPICalled", **logged())
    tell(target, "Isolate.runStarted", runId=2)
    tell(target, "Isolate.runStarted", runId=3)
    (by_stack,) = tell(target, "Runtime.consoleAPICalled", **logged(stackTrace={"callFrames": [frame("b.js", 0)]}))
    (by_context,) = tell(target, "Runtime.consoleAPICalled", **logged(executionContextId=2))
    (unknown,) = tell(target, "Runtime.consoleAPICalled", **logged())
    owners = [event.run_id for event in (only, by_stack, by_context, unknown) if isinstance(event, ConsoleWritten)]
    assert owners == [1, 2, 3, None]


def test_contexts_are_announced_and_released_once(target: Target) -> None:
    target.contexts.expect(ExpectedContext("main (2)", is_default=True, replaces_context_id=1))
    context = {"id": 2, "name": "main (2)", "origin": "", "uniqueId": "x"}
    assert tell(target, "Runtime.executionContextCreated", context=context) == [
        ContextCreated(AT, 7, 2, "main (2)", True, 1)
    ]
    assert tell(target, "Runtime.executionContextCreated", context=context) == []
    target.contexts.will_release(2, "replaced")
    assert tell(target, "Runtime.executionContextDestroyed", executionContextId=2) == [
        ContextReleased(AT, 7, 2, "replaced")
    ]
    assert tell(target, "Runtime.executionContextDestroyed", executionContextId=2) == []
    assert tell(target, "Runtime.executionContextCreated", context=context) == []


def test_a_parsed_script_knows_its_file_but_never_from_its_label(target: Target) -> None:
    target.runs.add(active(1, "file:///real.js", path="/real.js", text="let ä = '🐍';"))
    script: dict[str, Any] = {"scriptId": "4", "executionContextId": 1, "hash": "h", "isModule": False}
    (plain,) = tell(target, "Debugger.scriptParsed", **script, url="file:///real.js", length=13)
    script["scriptId"] = "5"
    (renamed,) = tell(target, "Debugger.scriptParsed", **script, url="/etc/passwd", length=13, hasSourceURL=True)
    script["scriptId"] = "6"
    (other,) = tell(target, "Debugger.scriptParsed", **script, url="file:///real.js", length=4, hasSourceURL=True)
    events = [event for event in (plain, renamed, other) if isinstance(event, ScriptParsed)]
    assert [event.path for event in events] == ["/real.js", "/real.js", ""]
    assert [event.url for event in events] == ["file:///real.js", "/etc/passwd", "file:///real.js"]
    assert not any(event.internal for event in events)
    assert list(target.scripts) == events


def test_a_script_is_told_once(target: Target) -> None:
    script: dict[str, Any] = {"scriptId": "4", "executionContextId": 1, "length": 2, "url": "a.js"}
    assert len(tell(target, "Debugger.scriptParsed", **script)) == 1
    assert tell(target, "Debugger.scriptParsed", **(script | {"executionContextId": 2})) == []


def test_a_module_knows_its_file_and_preludes_are_internal(target: Target) -> None:
    target.know_path("file:///lib.mjs", "/lib.mjs")
    script: dict[str, Any] = {"scriptId": "4", "executionContextId": 1, "length": 2}
    (module,) = tell(target, "Debugger.scriptParsed", **script, url="file:///lib.mjs", isModule=True)
    script["scriptId"] = "5"
    (prelude,) = tell(target, "Debugger.scriptParsed", **script, url="inspector:prelude/timers.js")
    assert isinstance(module, ScriptParsed)
    assert isinstance(prelude, ScriptParsed)
    assert (module.path, module.kind) == ("/lib.mjs", SourceKind.MODULE)
    assert prelude.internal


def test_an_uncaught_error_has_name_message_place_and_stack(target: Target) -> None:
    description = "TypeError: x is not a function\n    at f (file:///a.js:2:3)"
    details = {
        "text": "Uncaught",
        "lineNumber": 1,
        "columnNumber": 2,
        "url": "file:///a.js",
        "executionContextId": 1,
        "exception": {"type": "object", "subtype": "error", "className": "TypeError", "description": description},
    }
    (event,) = tell(target, "Runtime.exceptionThrown", timestamp=0, exceptionDetails=details)
    assert isinstance(event, ExceptionThrown)
    error = event.error
    assert (error.name, error.message, error.file) == ("TypeError", "x is not a function", "file:///a.js")
    assert (error.line, error.column, error.stack) == (2, 3, description)


@pytest.mark.parametrize(
    ("exception", "expected"),
    [
        ({"type": "number", "value": 42, "description": "42"}, ("", "Uncaught (in promise) 42")),
        ({"type": "string", "value": "no"}, ("", "Uncaught (in promise) no")),
        ({"type": "undefined"}, ("", "Uncaught (in promise) undefined")),
        ({"type": "object", "subtype": "error", "className": "E", "description": "odd"}, ("E", "odd")),
        ({"type": "object", "subtype": "error", "className": "Error", "description": "Error"}, ("Error", "")),
        ({"type": "object", "subtype": "error", "description": "Error: a\nb\n    at x"}, ("Error", "a\nb")),
    ],
)
def test_whatever_was_thrown_has_words(target: Target, exception: Any, expected: tuple[str, str]) -> None:
    details = {"text": "Uncaught (in promise)", "lineNumber": 0, "columnNumber": 0, "exception": exception}
    (event,) = tell(target, "Runtime.exceptionThrown", exceptionDetails=details)
    assert isinstance(event, ExceptionThrown)
    assert (event.error.name, event.error.message) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Uncaught TypeError: late", ("TypeError", "late")),
        ("Uncaught (in promise) Error: a: b", ("Error", "a: b")),
        ("Uncaught 42", ("", "Uncaught 42")),
    ],
)
def test_an_error_known_by_its_text_alone(target: Target, text: str, expected: tuple[str, str]) -> None:
    (event,) = tell(target, "Runtime.exceptionThrown", exceptionDetails={"text": text})
    assert isinstance(event, ExceptionThrown)
    assert (event.error.name, event.error.message, event.error.line) == (*expected, 0)


def test_a_pause_tells_where_one_based(target: Target) -> None:
    scope = {"type": "local", "object": {"type": "object", "objectId": "1.2"}}
    place = {"scriptId": "9", "lineNumber": 4, "columnNumber": 0}
    top = {"callFrameId": "1.1", "functionName": "f", "location": place, "url": "a.js", "scopeChain": [scope]}
    frame = PausedFrame("1.1", "f", "a.js", "9", 5, 1, (PausedScope("local", "", "1.2"),))
    assert tell(target, "Debugger.paused", callFrames=[top], reason="other", hitBreakpoints=["b"]) == [
        IsolatePaused(AT, 7, "other", "a.js", 5, 1, (frame,), ("b",))
    ]
    assert tell(target, "Debugger.paused", callFrames=[], reason="OOM") == [IsolatePaused(AT, 7, "OOM", "", 0, 0)]
    assert tell(target, "Debugger.resumed") == [IsolateResumed(AT, 7)]


def test_our_own_domain(target: Target) -> None:
    assert tell(target, "Isolate.stateChanged", state="running", atUs=5, reason="a.js") == [
        IsolateStateChanged(5, 7, IsolateState.RUNNING, "a.js")
    ]
    assert target.state is IsolateState.RUNNING
    assert tell(target, "Isolate.runStarted", runId=3, atUs=6) == [RunStarted(6, 3, 7)]
    limit = {"usedBytes": 9, "externalBytes": 1, "limitBytes": 8, "runId": None, "atUs": 7}
    assert tell(target, "Isolate.limitHit", outcome="heap-limit", **limit) == [
        LimitHit(7, 7, Outcome.HEAP_LIMIT, 9, 1, 8, None)
    ]
    assert tell(target, "Isolate.consoleDropped", count=5) == [ConsoleDropped(AT, 7, 5)]
    assert tell(target, "Isolate.consoleValuesReleased") == [ConsoleValuesReleased(AT, 7)]


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("Runtime.consoleAPICalled", {}),
        ("Runtime.consoleAPICalled", logged(executionContextId="x")),
        ("Runtime.consoleAPICalled", logged(args=7)),
        ("Runtime.exceptionThrown", {"exceptionDetails": 4}),
        ("Runtime.executionContextCreated", {"context": None}),
        ("Debugger.scriptParsed", {"scriptId": "1"}),
        ("Debugger.paused", {"callFrames": ["x"]}),
        ("Isolate.stateChanged", {"state": "dreaming"}),
        ("Isolate.limitHit", {"outcome": "heap-limit"}),
        ("Isolate.sang", {}),
        ("Some.thing", {}),
    ],
)
def test_what_cannot_be_read_is_told_once(target: Target, method: str, params: dict[str, Any]) -> None:
    (problem,) = tell(target, method, **params)
    assert isinstance(problem, ProblemReported)
    assert problem.isolate_id == 7
    assert method in problem.action
    assert tell(target, method, **params) == []


def test_v8s_other_domains_are_no_trouble(target: Target) -> None:
    assert tell(target, "HeapProfiler.addHeapSnapshotChunk", chunk="x") == []
    assert tell(target, "Debugger.scriptFailedToParse", scriptId="1") == []
