"""Our own debugger: breakpoints, steps, frames, scopes; both engines."""

from __future__ import annotations

import asyncio

import pytest

from inspector.errors import ProtocolError, UnsupportedError, UsageError
from inspector.events import ConsoleWritten, IsolatePaused, IsolateStateChanged
from inspector.pool import Isolate
from inspector.sources.reading import source_from_text
from inspector.states import IsolateState
from tests.pool.recorder import Recorder

TEXT = "function twice(n) {\n  const out = Math.abs(n) * 2;\n  return out;\n}\ntwice(4) + twice(5);\n"


async def test_breakpoints_steps_and_scopes(isolate: Isolate, events: Recorder, engine: str) -> None:
    debugger = isolate.debugger
    if engine == "portable":
        with pytest.raises(UnsupportedError):
            await debugger.set_breakpoint("twice.js", 2)
        return
    made = await debugger.set_breakpoint("twice.js", 2, condition="n === 5")
    assert debugger.active and debugger.breakpoints == (made,)
    with pytest.raises(UsageError):
        await debugger.set_breakpoint("twice.js", 0)
    with pytest.raises(ProtocolError):
        await debugger.set_breakpoint("twice.js", 2)
    run = asyncio.ensure_future(isolate.run(source_from_text(TEXT, "twice.js")))
    paused = await events.heard(IsolatePaused)
    top = paused.frames[0]
    assert (paused.line, top.function, top.url, len(paused.frames)) == (2, "twice", "twice.js", 2)
    assert paused.breakpoints == (made.breakpoint_id,)
    await events.heard(IsolateStateChanged, lambda event: event.state is IsolateState.PAUSED)
    assert {one["name"] for one in await debugger.variables(top.scopes[0])} == {"n", "out"}
    assert (await debugger.evaluate(top, "n * 10"))["result"]["value"] == 50
    assert "exceptionDetails" in await debugger.evaluate(top, "n = 1", changes=False)
    await debugger.set_variable(top, 0, "n", {"value": 50})
    assert any(place.line == 3 for place in await debugger.possible_breakpoints(top.script_id, 2, 4))
    await debugger.step_over()
    paused = await events.heard(IsolatePaused, lambda event: event.line == 3)
    assert debugger.paused == paused
    await debugger.remove_breakpoint(made.breakpoint_id)
    await debugger.resume()
    assert (await run).value == 108
    assert debugger.paused is None


async def test_a_breakpoint_that_logs_does_not_pause(isolate: Isolate, events: Recorder, engine: str) -> None:
    if engine == "portable":
        return
    made = await isolate.debugger.set_breakpoint("twice.js", 3, log="'out is', out")
    assert (made.log, made.condition) == ("'out is', out", "")
    with pytest.raises(UsageError):
        await isolate.debugger.set_breakpoint("twice.js", 2, condition="n", log="n")
    assert (await isolate.run(source_from_text(TEXT, "twice.js"))).value == 18
    said = await events.heard(ConsoleWritten)
    assert [one["value"] for one in said.args] == ["out is", 8]


async def test_deactivating_lets_go(isolate: Isolate, events: Recorder, engine: str) -> None:
    if engine == "portable":
        return
    await isolate.debugger.activate()
    run = asyncio.ensure_future(isolate.run(source_from_text("debugger; 7", "stop.js")))
    await events.heard(IsolateStateChanged, lambda event: event.state is IsolateState.PAUSED)
    await isolate.debugger.deactivate()
    assert (await asyncio.wait_for(run, 30)).value == 7
    assert (await isolate.run(source_from_text("debugger; 8", "stop.js"))).value == 8
