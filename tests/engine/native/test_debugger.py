"""Sessions and pauses."""

from __future__ import annotations

from inspector.states import IsolateState, Outcome
from tests.engine.native.child import in_child
from tests.engine.native.lab import Lab


@in_child
def test_pause_serves_messages_samples_and_garbage(lab: Lab) -> None:
    bench = lab.bench()
    bench.isolate.set_pausing(True)
    run = bench.start("let inner = 5; debugger; inner + 1")
    bench.paused()
    bench.heard.wait(lambda entry: entry[:2] == ("state", IsolateState.PAUSED))
    frame = bench.heard.messages("Debugger.paused")[0]["callFrames"][0]["callFrameId"]
    answer = bench.cdp("Debugger.evaluateOnCallFrame", callFrameId=frame, expression="inner = 41")
    assert answer["result"]["result"]["value"] == 41
    bench.isolate.request_sample()
    bench.heard.wait(lambda entry: entry[0] == "sample" and entry[1].mode == 2)
    assert bench.ask(bench.isolate.heartbeat) is None
    assert bench.ask(bench.isolate.collect_garbage)[1] > 0
    bench.cdp("Debugger.resume")
    assert bench.heard.report(run).value == 42


@in_child
def test_pause_of_a_busy_loop_and_stop_while_paused(lab: Lab) -> None:
    bench = lab.bench()
    bench.isolate.set_pausing(True)
    run = bench.start_busy("for (;;);")
    bench.busy_sample()
    bench.cdp("Debugger.pause", urgent=True)
    bench.paused()
    assert bench.stop(run).outcome is Outcome.CANCELLED
    assert bench.run("1").value == 1


@in_child
def test_pausing_off_resumes(lab: Lab) -> None:
    bench = lab.bench()
    bench.isolate.set_pausing(True)
    run = bench.start("debugger; 1")
    bench.paused()
    bench.isolate.set_pausing(False)
    assert bench.heard.report(run).value == 1
    assert bench.run("debugger; 2").value == 2


@in_child
def test_last_debugger_leaves_a_pause(lab: Lab) -> None:
    bench = lab.bench()
    bench.isolate.open_session(5)
    bench.cdp("Debugger.enable", session=5)
    run = bench.start("debugger; 'on'")
    bench.paused()
    bench.isolate.close_session(5)
    assert bench.heard.report(run).value == "on"
    assert bench.run("debugger; 3").value == 3


@in_child
def test_debugger_attaches_to_a_busy_loop_and_to_a_pause(lab: Lab) -> None:
    bench = lab.bench()
    run = bench.start_busy("for (;;);")
    bench.busy_sample()
    bench.isolate.open_session(6)
    assert "result" in bench.cdp("Debugger.enable", session=6, urgent=True)
    assert "result" in bench.cdp("Debugger.pause", session=6, urgent=True)
    bench.heard.wait(lambda entry: entry[1] == 6 and b'"Debugger.paused"' in entry[2])
    bench.isolate.open_session(7)
    assert "result" in bench.cdp("Runtime.enable", session=7)
    assert bench.cdp("Runtime.evaluate", session=7, expression="6 * 7")["result"]["result"]["value"] == 42
    assert "error" in bench.cdp("Runtime.enable", session=8)
    bench.isolate.close_session(6)
    bench.isolate.close_session(7)
    assert bench.stop(run).outcome is Outcome.CANCELLED
    assert bench.run("1").value == 1


@in_child
def test_message_behind_a_pause_waits_its_turn(lab: Lab) -> None:
    """The job of a message that the pause loop took must not serve the next message before its time."""
    bench = lab.bench()
    for round_ in range(1, 15):
        bench.isolate.set_pausing(True)
        run = bench.start("debugger; 1")
        bench.paused(round_)
        bench.cdp("Debugger.resume")
        context = bench.start("globalThis.order = 'run'")
        answer = bench.cdp("Runtime.evaluate", expression="order")
        assert answer["result"]["result"]["value"] == "run"
        bench.heard.report(run)
        bench.heard.report(context)
        bench.run("delete globalThis.order")


@in_child
def test_sessions_come_and_go(lab: Lab) -> None:
    bench = lab.bench()
    for number in range(1, 30):
        bench.isolate.open_session(number)
        assert bench.cdp("Runtime.evaluate", session=number, expression="1 + 1")["result"]["result"]["value"] == 2
        bench.isolate.close_session(number)
    bench.isolate.close_session(0)  # the standing session stays
    assert bench.cdp("Runtime.evaluate", expression="2")["result"]["result"]["value"] == 2


@in_child
def test_breakpoints_and_steps(lab: Lab) -> None:
    bench = lab.bench()
    bench.isolate.set_pausing(True)
    bench.cdp("Debugger.setBreakpointByUrl", lineNumber=1, url="steps.js")
    run = bench.start("let n = 0;\nn += 1;\nn += 1;\nn;", url="steps.js")
    bench.paused()
    for count in (2, 3):
        bench.cdp("Debugger.stepOver")
        bench.paused(count)
    bench.cdp("Debugger.resume")
    assert bench.heard.report(run).value == 2


@in_child
def test_terminate_by_a_debugger(lab: Lab) -> None:
    bench = lab.bench()
    run = bench.start_busy("for (;;);")
    bench.busy_sample()
    assert bench.cdp("Runtime.terminateExecution", urgent=True)["result"] == {}
    assert bench.heard.report(run).outcome is Outcome.CANCELLED


@in_child
def test_heap_snapshot_and_profile(lab: Lab) -> None:
    bench = lab.bench()
    bench.cdp("HeapProfiler.takeHeapSnapshot")
    chunks = bench.heard.messages("HeapProfiler.addHeapSnapshotChunk")
    assert chunks and chunks[0]["chunk"].startswith('{"snapshot"')
    bench.cdp("Profiler.enable")
    bench.cdp("Profiler.start")
    bench.run("for (let i = 0; i < 1e6; i++);")
    assert bench.cdp("Profiler.stop")["result"]["profile"]["nodes"]
