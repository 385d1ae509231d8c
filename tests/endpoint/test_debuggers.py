"""Debuggers at work: several at once, beside our own session, pausing, profiling, taking snapshots."""

from __future__ import annotations

import asyncio
import json
import urllib.request
from typing import Any

import pytest

from inspector.endpoint import Endpoint
from inspector.events import (
    ConsoleWritten,
    DebuggersChanged,
    ExceptionThrown,
    IsolatePaused,
    IsolateResumed,
    IsolateStateChanged,
    ProblemReported,
    RunReport,
    RunStarted,
)
from inspector.pool import Isolate, Pool
from inspector.pool.foreign_session import SessionReceiver
from inspector.sources.reading import source_from_text
from inspector.states import Capability, IsolateState, Outcome
from tests.endpoint.client import attached
from tests.fixtures.engines import lacks, skip_without
from tests.pool.recorder import Recorder

pytestmark = pytest.mark.asyncio(loop_scope="module")

STEPS = """function add(a, b) {
  let sum = a + b;
  return Math.abs(sum);
}
debugger;
add(20, 1);
"""


def start(isolate: Isolate, text: str, **how: Any) -> asyncio.Task[RunReport]:
    return asyncio.ensure_future(isolate.run(source_from_text(text, "steps.js"), **how))


async def fetch(endpoint: Endpoint, path: str) -> Any:
    url = f"http://127.0.0.1:{endpoint.port}{path}"

    def read() -> Any:
        with urllib.request.urlopen(url, timeout=30) as response:
            assert response.headers["Content-Type"].startswith("application/json")
            return json.load(response)

    return await asyncio.to_thread(read)


async def test_documents(endpoint: Endpoint, isolate: Isolate, url: str) -> None:
    assert (await fetch(endpoint, "/json/version"))["Protocol-Version"] == "1.3"
    (listed,) = await fetch(endpoint, "/json/list")
    assert listed["type"] == "node" and listed["title"] == isolate.name
    assert listed["webSocketDebuggerUrl"] == url and listed["devtoolsFrontendUrl"].endswith(url.removeprefix("ws://"))
    protocol = await fetch(endpoint, "/json/protocol")
    profiler = set() if lacks(Capability.CPU_PROFILE) else {"Profiler"}
    assert {"Debugger", "HeapProfiler", "Runtime"} | profiler <= {one["domain"] for one in protocol["domains"]}


@skip_without(Capability.PAUSE)
async def test_pause_steps_scopes_and_our_own_session(isolate: Isolate, url: str, events: Recorder) -> None:
    async with attached(url) as one:
        await one.call("Runtime.enable")
        await one.call("Debugger.enable")
        run = start(isolate, STEPS, timeout_s=5)
        paused = await one.event("Debugger.paused")
        ours = await events.heard(IsolatePaused)
        assert (ours.url, ours.line) == ("steps.js", 5) and ours.frames[0].scopes
        await events.heard(IsolateStateChanged, lambda event: event.state is IsolateState.PAUSED)
        await one.call("Debugger.setBreakpointByUrl", url="steps.js", lineNumber=2)
        count = len(one.heard)
        await one.call("Debugger.resume")
        paused = await one.event("Debugger.paused", after=count)
        frame = paused["callFrames"][0]
        assert frame["functionName"] == "add" and paused["hitBreakpoints"]
        scope = frame["scopeChain"][0]["object"]["objectId"]
        names = {
            one["name"]: one["value"]["value"]
            for one in (await one.call("Runtime.getProperties", objectId=scope))["result"]
        }
        assert names == {"a": 20, "b": 1, "sum": 21}
        await one.call(
            "Debugger.setVariableValue",
            scopeNumber=0,
            variableName="sum",
            newValue={"value": 42},
            callFrameId=frame["callFrameId"],
        )
        stood = (await isolate.heap_statistics()).used_bytes  # ours goes on while theirs is paused
        assert stood > 0
        count = len(one.heard)
        await one.call("Debugger.stepOut")
        assert (await one.event("Debugger.paused", after=count))["callFrames"][0]["functionName"] == ""
        await one.call("Debugger.resume")
        report = await run
    assert (report.outcome, report.value) == (Outcome.COMPLETED, 42)
    assert events.of(IsolateResumed)


@skip_without(Capability.PAUSE)
async def test_the_last_debugger_takes_its_pause_along(isolate: Isolate, url: str, events: Recorder) -> None:
    async with attached(url) as one, attached(url) as two:
        await one.call("Debugger.enable")
        await two.call("Debugger.enable")
        run = start(isolate, STEPS, timeout_s=0.4)  # a pause is longer: the clock stands still
        await one.event("Debugger.paused")
        await two.event("Debugger.paused")
        one.transport.disconnect(False)
        await one.ended()
        await events.heard(DebuggersChanged, lambda event: len(event.debuggers) == 1 and event.debuggers[0].session > 1)
        await asyncio.sleep(0.5)  # what is waited for is that nothing happens: longer than the timeout
        assert isolate.state is IsolateState.PAUSED and not run.done()
    report = await asyncio.wait_for(run, 30)
    assert (report.outcome, report.value) == (Outcome.COMPLETED, 21)
    assert (await isolate.run(source_from_text("debugger; 3", "again.js"))).value == 3


@skip_without(Capability.PAUSE)
async def test_a_debugger_takes_hold_of_an_endless_loop(
    pool: Pool, endpoint: Endpoint, isolate: Isolate, url: str, events: Recorder
) -> None:
    other = await pool.create_isolate()
    run = start(isolate, "var n = 0;\nfor (;;) {\n  n++;\n}")
    await events.heard(RunStarted, lambda event: event.isolate_id == isolate.isolate_id)
    async with attached(url) as one:
        await one.call("Runtime.enable")
        await one.call("Debugger.enable")
        waits = one.ask("Runtime.evaluate", expression="n > 0")  # waits for the loop, and holds up no pause
        await one.call("Debugger.pause")
        await one.event("Debugger.paused")
        assert (await asyncio.wait_for(waits, 30))["result"]["result"]["value"] is True
        assert (await other.evaluate("6 * 7")).value == 42  # in the same host process
        await isolate.stop()
        assert (await run).outcome is Outcome.CANCELLED
    assert (await isolate.evaluate("n > 0")).value is True
    await other.dispose()


@skip_without(Capability.CPU_PROFILE)
async def test_profiles_coverage_and_heap(isolate: Isolate, url: str, events: Recorder) -> None:
    work = "const rows = []; for (let i = 0; i < 2e4; i++) rows.push({ i, s: 'x' + i }); rows.length"
    async with attached(url) as one:
        await one.call("Profiler.enable")
        await one.call("Profiler.setSamplingInterval", interval=200)
        await one.call("Profiler.start")
        await one.call("HeapProfiler.startSampling", samplingInterval=4096)
        told = await events.heard(DebuggersChanged, lambda event: len(event.debuggers[0].doing) == 2)
        assert told.debuggers[0].doing == ("CPU profile", "heap sampling")
        assert (await isolate.run(source_from_text(work, "work.js"))).outcome is Outcome.COMPLETED
        assert (await one.call("Profiler.stop"))["profile"]["samples"]
        assert (await one.call("HeapProfiler.stopSampling"))["profile"]["samples"]
        await one.call("Profiler.startPreciseCoverage", callCount=True, detailed=True)
        await one.call("Runtime.evaluate", expression="(function covered() { return 1; })()\n//# sourceURL=c.js")
        coverage = (await one.call("Profiler.takePreciseCoverage"))["result"]
        assert any(script["url"] == "c.js" for script in coverage)
        await one.call("HeapProfiler.takeHeapSnapshot", reportProgress=False)
        chunks = [
            each["params"]["chunk"] for each in one.heard if each.get("method") == "HeapProfiler.addHeapSnapshotChunk"
        ]
        snapshot = json.loads("".join(chunks))
        assert snapshot["snapshot"]["node_count"] > 20_000
        assert one.received_bytes > 3 << 20  # past every window on the way
    last = await events.heard(DebuggersChanged, lambda event: not event.debuggers)
    assert last.isolate_id == isolate.isolate_id


@skip_without(Capability.PAUSE)
async def test_console_exceptions_and_async_stacks(isolate: Isolate, url: str, events: Recorder) -> None:
    async with attached(url) as one:
        await one.call("Runtime.enable")
        await one.call("Debugger.enable")
        await one.call("Debugger.setAsyncCallStackDepth", maxDepth=8)
        await one.call("Debugger.setPauseOnExceptions", state="uncaught")
        run = start(
            isolate, "console.log({ deep: { x: 1 } });\nsetTimeout(function later() { throw new Error('lost'); }, 1);"
        )
        line = await one.event("Runtime.consoleAPICalled")
        opened = await one.call("Runtime.getProperties", objectId=line["args"][0]["objectId"], ownProperties=True)
        assert opened["result"][0]["name"] == "deep"
        paused = await one.event("Debugger.paused")
        assert paused["reason"] == "exception" and paused["callFrames"][0]["functionName"] == "later"
        assert made_at(paused["asyncStackTrace"]) == [("setTimeout", [("", 1)])]
        assert (await events.heard(IsolatePaused)).detail == "Error: lost"
        await one.call("Debugger.resume")
        await run
        thrown = (await one.event("Runtime.exceptionThrown"))["exceptionDetails"]
        assert (thrown["text"], thrown["lineNumber"], thrown["url"]) == ("Uncaught", 1, "steps.js")
        assert thrown["exception"]["description"].startswith("Error: lost\n    at later")
        assert [one["functionName"] for one in thrown["stackTrace"]["callFrames"]] == ["later"]
        assert made_at(thrown["stackTrace"]["parent"]) == [("setTimeout", [("", 1)])]
        opened = await one.call("Runtime.getProperties", objectId=thrown["exception"]["objectId"], ownProperties=True)
        assert {"stack", "message"} <= {one["name"] for one in opened["result"]}
    assert events.of(ConsoleWritten)


ENDS = (  # a file, what debuggers are told of its end: text, line and column (0-based), words
    ("steps.js", "\n  null.nothing", "Uncaught", (1, 7), "TypeError: Cannot read properties of null"),
    ("steps.js", "let x = ;", "Uncaught", (0, 8), "SyntaxError: Unexpected token ';'"),
    ("steps.js", "Promise.reject(new RangeError('late'))", "Uncaught (in promise)", (0, 15), "RangeError: late"),
    ("steps.mjs", "await null;\nthrow new Error('module');", "Uncaught", (1, 6), "Error: module"),
    ("steps.mjs", "import './gone.mjs';", "Uncaught", (0, 7), "Error: "),
    ("steps.mjs", "export let x = ;", "Uncaught", (0, 15), "SyntaxError: Unexpected token ';'"),
)


@skip_without(Capability.PAUSE)
async def test_what_ends_a_run_is_told_to_debuggers_alone(isolate: Isolate, url: str, events: Recorder) -> None:
    async with attached(url) as one:
        await one.call("Runtime.enable")
        for name, text, *told, words in ENDS:
            count = len(one.heard)
            assert (await isolate.run(source_from_text(text, name))).outcome is Outcome.THREW
            thrown = (await one.event("Runtime.exceptionThrown", after=count))["exceptionDetails"]
            assert [thrown["text"], (thrown["lineNumber"], thrown["columnNumber"])] == told, thrown
            assert thrown["exception"]["description"].startswith(words), thrown
        assert (await isolate.evaluate("2 + 2")).value == 4
        assert len([each for each in one.heard if each.get("method") == "Runtime.exceptionThrown"]) == len(ENDS)
    assert not events.of(ExceptionThrown)  # they are in the reports


TIMERS = """let rounds = 0;
const id = setInterval(function tick() {
  rounds += 1;
  if (rounds === 2) {
    clearInterval(id);
    setTimeout(function last() { debugger; }, 1);
    clearTimeout(setTimeout(last => last, 1000));
  }
}, 1);
function last() {}
"""


@skip_without(Capability.PAUSE)
async def test_timers_of_timers_have_the_stacks_of_both(isolate: Isolate, url: str) -> None:
    async with attached(url) as one:
        await one.call("Debugger.enable")
        await one.call("Debugger.setAsyncCallStackDepth", maxDepth=8)
        run = start(isolate, TIMERS)
        paused = await one.event("Debugger.paused")
        told = [("setTimeout", [("tick", 5)]), ("setInterval", [("", 1)])]
        assert made_at(paused["asyncStackTrace"]) == told
        await one.call("Debugger.setAsyncCallStackDepth", maxDepth=0)  # while such a timer is being called
        await one.call("Debugger.resume")
        assert (await run).outcome is Outcome.COMPLETED
        count = len(one.heard)
        run = start(isolate, "setTimeout(() => { debugger; }, 1)")
        assert "asyncStackTrace" not in await one.event("Debugger.paused", after=count)
        await one.call("Debugger.resume")
        assert (await run).outcome is Outcome.COMPLETED


def made_at(trace: dict[str, Any]) -> list[tuple[str, list[tuple[str, int]]]]:
    """Of an asynchronous stack and its parents: what set it off, its functions with their lines (0-based)."""
    found = [(trace["description"], [(one["functionName"], one["lineNumber"]) for one in trace["callFrames"]])]
    return found + (made_at(trace["parent"]) if "parent" in trace else [])


@skip_without(Capability.PAUSE)
async def test_closing_sends_everyone_away(pool: Pool, isolate: Isolate, events: Recorder) -> None:
    endpoint = Endpoint(pool)
    await endpoint.open()
    async with attached(endpoint.allow(isolate.isolate_id)) as one:
        await one.call("Debugger.enable")
        run = start(isolate, STEPS)
        await one.event("Debugger.paused")
        await endpoint.close()
        assert await one.ended() == (1001, "debuggers are not allowed any more")
        assert (await asyncio.wait_for(run, 30)).value == 21
    await events.heard(DebuggersChanged, lambda event: not event.debuggers)


async def test_the_isolate_s_end_sends_everyone_away(pool: Pool, endpoint: Endpoint) -> None:
    isolate = await pool.create_isolate()
    async with attached(endpoint.allow(isolate.isolate_id)) as one:
        await one.call("Runtime.enable")
        await isolate.dispose()
        assert (await one.ended())[0] == 1001
    assert isolate.isolate_id not in endpoint.allowed


async def test_a_command_that_meets_the_end_of_its_isolate_is_answered(pool: Pool, events: Recorder) -> None:
    isolate = await pool.create_isolate()
    heard: list[bytes] = []
    session = isolate.open_session("a test", SessionReceiver(heard.append, lambda _reason: None))
    ending = isolate.start_disposing()
    session.send(1, "Runtime.getHeapUsage", {})  # the host's first command had this id, too
    session.read(1)
    await ending
    assert [json.loads(text)["error"]["code"] for text in heard] == [-32000]
    assert not events.of(ProblemReported)
