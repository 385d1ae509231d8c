"""Isolates behind the link: births and ends, order of messages, states, timers, limits, floods."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from inspector.host import heartbeat
from inspector.states import Capability
from tests.fixtures.engines import lacks, skip_without
from tests.host.driver import HostProcess, running_host

MIB = 1 << 20


@pytest.fixture
async def host() -> AsyncIterator[HostProcess]:
    async with running_host() as host:
        yield host


async def test_a_birth_tells_its_stages(host: HostProcess) -> None:
    born = await host.command("Host.createIsolate", {"isolateId": 5, "name": "five", "memoryLimitBytes": 64 * MIB})
    assert born["sessionId"] == "i5"
    assert born["contextId"] > 0
    assert born["v8LimitBytes"] >= 64 * MIB
    birth = born["birth"]
    assert 0 < birth["isolateMs"] < 1000
    assert birth["contextMs"] > 0 or lacks(Capability.CONTEXTS)  # there it is born with its context
    assert isinstance(birth["addedBytes"], int)


async def test_births_that_overlap_do_not_claim_each_others_memory(host: HostProcess) -> None:
    asked = [
        host.ask("Host.createIsolate", {"isolateId": n, "name": str(n), "memoryLimitBytes": 64 * MIB}) for n in range(4)
    ]
    births = [(await answer)["result"]["birth"] for answer in asked]
    assert any(birth["addedBytes"] is None for birth in births)


async def test_the_report_comes_after_the_runs_console_lines(host: HostProcess) -> None:
    _, session, context = await host.isolate()
    report = await host.report(session, context, "for (let i = 0; i < 50; i++) console.log(i); 'end'")
    lines = [e["params"]["args"][0]["value"] for e in host.events if e["method"] == "Runtime.consoleAPICalled"]
    assert lines == list(range(50))
    assert report["outcome"] == "completed"
    assert report["value"] == "end"


async def test_answers_reports_and_lines_keep_their_order(host: HostProcess) -> None:
    """GIVEN evaluations, which V8's thread may answer itself, in turns with runs, whose reports come over the loop, all
    with console lines THEN each line comes before the answer to what wrote it.
    """
    _, session, context = await host.isolate()
    asked = []
    for n in range(0, 200, 2):
        params = {"expression": f"console.log({n}); {n}", "contextId": context, "returnByValue": True}
        asked += [host.ask("Runtime.evaluate", params, session)]
        asked += [host.run(session, context, f"console.log({n + 1}); {n + 1}", n + 1)]
        if n % 20 == 0:
            await asyncio.gather(*asked)
    answers = [await one for one in asked]
    values = [one["result"]["result"]["value"] for one in answers[::2]]
    assert values == [*range(0, 200, 2)]
    assert [one["result"]["report"]["value"] for one in answers[1::2]] == [*range(1, 200, 2)]
    lines = {
        event["params"]["args"][0]["value"]: place
        for place, event in enumerate(host.events)
        if event["method"] == "Runtime.consoleAPICalled"
    }
    assert [*lines] == [*range(200)]
    for n, answer in enumerate(answers):
        assert lines[n] < answer["eventsBefore"]


async def test_short_runs_before_a_dispose_are_answered_once_each(host: HostProcess) -> None:
    """GIVEN runs that settle while their isolate is told to end THEN each has one answer: a report, or why not."""
    for _ in range(10):
        isolate_id, session, context = await host.isolate()
        asked = [host.run(session, context, f"{n}", n, repl=bool(n % 2)) for n in range(20)]
        disposed = host.command("Host.disposeIsolate", {"isolateId": isolate_id})
        answers = await asyncio.wait_for(asyncio.gather(*asked), 30)
        await disposed
        assert all("result" in one or "error" in one for one in answers)
    assert not host.unasked
    assert not [event for event in host.events if event["method"] == ""]  # an answer without its number


async def test_a_report_knows_the_heap(host: HostProcess) -> None:
    """GIVEN a run that holds 40 MB for a while and lets go THEN the peak is above what is used at its end."""
    _, session, context = await host.isolate(limit=256 * MIB)
    source = """
        let kept = []; for (let i = 0; i < 1e6; i++) kept.push({i, j: [i]});
        const until = Date.now() + 200; while (Date.now() < until);
        kept = null; const later = Date.now() + 200; while (Date.now() < later) [].concat([1]);
    """
    heap = (await host.report(session, context, source))["heap"]
    assert heap["peakUsedBytes"] > 30 * MIB
    assert heap["peakFrom"] in ("sampled", "gc")
    assert heap["limitBytes"] == 256 * MIB
    assert heap["v8LimitBytes"] >= heap["limitBytes"]
    assert 0 < heap["usedBytes"] <= heap["peakUsedBytes"]


async def test_an_isolates_end_is_its_last_message(host: HostProcess) -> None:
    isolate_id, session, context = await host.isolate()
    host.run(session, context, "for (let i = 0; ; i++) console.log(i)")
    await host.event("Runtime.consoleAPICalled", session)
    await host.command("Host.disposeIsolate", {"isolateId": isolate_id})
    await host.event("Host.isolateDisposed")
    ends = [n for n, event in enumerate(host.events) if event["method"] == "Host.isolateDisposed"]
    of_isolate = [n for n, event in enumerate(host.events) if event.get("sessionId") == session]
    assert len(ends) == 1
    assert ends[0] > of_isolate[-1]
    assert host.events[ends[0]]["params"]["reason"] == "disposed on request"


async def test_a_timeout_a_cpu_limit_and_a_stop_end_a_loop(host: HostProcess) -> None:
    _, session, context = await host.isolate()
    report = await host.report(session, context, "for (;;);", run_id=1, timeoutMs=100)
    assert report["outcome"] == "timed-out"
    assert "limit 0.1 s" in report["evidence"]
    if not lacks(Capability.CPU_LIMIT):
        report = await host.report(session, context, "for (;;);", run_id=2, cpuLimitMs=100)
        assert report["outcome"] == "cpu-limit"
    running = host.run(session, context, "for (;;);", run_id=3)
    await host.event("Isolate.runStarted", session, lambda params: params["runId"] == 3)
    await host.command("Isolate.stop", {"evidence": "by the user"}, session)
    report = (await asyncio.wait_for(running, 5))["result"]["report"]
    assert (report["outcome"], report["evidence"]) == ("cancelled", "by the user")
    assert (await host.report(session, context, "1", run_id=4))["value"] == 1


async def test_a_timeout_covers_a_promise_that_never_settles_and_a_cpu_limit_does_not(host: HostProcess) -> None:
    _, session, context = await host.isolate()
    source = "new Promise(() => {})"
    assert (await host.report(session, context, source, run_id=1, timeoutMs=100))["outcome"] == "timed-out"
    report = await host.report(session, context, source, run_id=2, timeoutMs=400, cpuLimitMs=100)
    assert report["outcome"] == "timed-out", report


async def test_a_memory_limit_is_told_with_its_run(host: HostProcess) -> None:
    isolate_id, session, context = await host.isolate(limit=32 * MIB)
    report = await host.report(session, context, "const a = []; for (;;) a.push([1, 2, 3])", run_id=9)
    assert report["outcome"] == "heap-limit"
    told = (await host.event("Isolate.limitHit", session))["params"]
    assert told["outcome"] == "heap-limit"
    assert told["limitBytes"] == 32 * MIB
    assert told["runId"] == 9
    assert report["heap"]["peakUsedBytes"] > 24 * MIB
    assert (await host.report(session, context, "1 + 1", run_id=10))["value"] == 2
    await host.command("Host.disposeIsolate", {"isolateId": isolate_id})


async def test_timers_fire_in_time_and_in_order(host: HostProcess) -> None:
    _, session, context = await host.isolate()
    source = "const seen = []; for (const ms of [60, 20, 40]) setTimeout(() => seen.push(ms), ms); seen"
    report = await host.report(session, context, source, run_id=1)
    assert 55 < report["timings"]["runMs"] < 1000
    assert (await host.report(session, context, "seen", run_id=2))["value"] == [20, 40, 60]


async def test_a_ticking_isolate_keeps_ticking_beside_a_loop(host: HostProcess) -> None:
    _, loop_session, loop_context = await host.isolate()
    _, session, context = await host.isolate()
    host.run(loop_session, loop_context, "for (;;);")
    await host.event("Isolate.runStarted", loop_session)
    source = "let n = 0; const t = setInterval(() => { console.log(n); if (++n === 20) clearInterval(t) }, 5)"
    report = await host.report(session, context, source)
    assert report["outcome"] == "completed"
    assert report["timings"]["runMs"] < 3000


async def test_states_are_told_and_short_work_is_not(host: HostProcess) -> None:
    _, session, context = await host.isolate()
    running = host.run(session, context, "const until = Date.now() + 300; while (Date.now() < until);", run_id=1)
    await host.state(session, "running")
    await running
    await host.state(session, "idle")
    host.events.clear()
    source = "let n = 0; const t = setInterval(() => { if (++n === 20) clearInterval(t) }, 5)"
    await host.report(session, context, source, run_id=2)
    told = [e["params"]["state"] for e in host.events if e["method"] == "Isolate.stateChanged"]
    assert told.count("running") <= 5, told


@skip_without(Capability.PAUSE)
async def test_wall_clock_stands_still_in_a_pause(host: HostProcess) -> None:
    _, session, context = await host.isolate()
    await host.command("Isolate.setPausing", {"enabled": True}, session)
    running = host.run(session, context, "debugger; 'went on'", run_id=1, timeoutMs=150)
    await host.event("Debugger.paused", session)
    await host.state(session, "paused")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.shield(running), 0.5)
    await host.command("Debugger.resume", {}, session)
    report = (await asyncio.wait_for(running, 5))["result"]["report"]
    assert (report["outcome"], report["value"]) == ("completed", "went on")


@skip_without(Capability.PAUSE)
async def test_neither_a_pause_nor_a_busy_loop_is_wedged(host: HostProcess) -> None:
    _, session, context = await host.isolate()
    await host.command("Isolate.setPausing", {"enabled": True}, session)
    paused = host.run(session, context, "debugger;", run_id=1)
    await host.state(session, "paused")
    isolate_id, busy_session, busy_context = await host.isolate()
    host.run(busy_session, busy_context, "for (;;);")
    await host.state(busy_session, "running")
    measured = _measured(host)
    await host.until(lambda: _measured(host) > measured + 2)  # longer than a loop of microtasks takes to be found
    assert not [e for e in host.events if e["params"].get("state") == "wedged"]
    await host.command("Debugger.resume", {}, session)
    await asyncio.wait_for(paused, 5)
    await host.command("Host.disposeIsolate", {"isolateId": isolate_id})


@pytest.mark.parametrize("how", ["evaluated", "run"])
async def test_microtasks_that_never_end_are_found_within_2_s(host: HostProcess, how: str) -> None:
    _, session, context = await host.isolate()
    source = "(function again() { Promise.resolve().then(again) })(); 0"
    if how == "run":
        host.run(session, context, source)
    else:
        host.ask("Runtime.evaluate", {"expression": source, "contextId": context}, session)
    wedged = await host.state(session, "wedged")
    assert 2 * heartbeat._BEAT_S + heartbeat._SILENCE_US / 1e6 < 2.3  # a host that gets no processor takes longer
    assert "microtasks" in wedged["params"]["reason"]
    await host.command("Isolate.stop", {}, session)
    await host.state(session, "idle")
    assert (await host.report(session, context, "1", run_id=5))["value"] == 1


@skip_without(Capability.BUSY_GC)
async def test_urgent_commands_are_served_while_a_script_runs(host: HostProcess) -> None:
    isolate_id, session, context = await host.isolate()
    host.run(session, context, "const a = []; for (;;) { a.push({}); if (a.length > 1e4) a.length = 0 }")
    await host.event("Isolate.runStarted", session)
    collected = await host.command("Isolate.collectGarbage", {}, session)
    assert collected["usedAfter"] > 0
    assert collected["ms"] > 0
    await host.command("Isolate.setPausing", {"enabled": True}, session)
    await host.command("Debugger.pause", {}, session)
    await host.event("Debugger.paused", session)
    await host.command("Host.disposeIsolate", {"isolateId": isolate_id})


async def test_a_console_flood_is_bounded_and_its_gap_is_told(host: HostProcess) -> None:
    """GIVEN a pool that does not read WHEN a script logs without end THEN lines are dropped, counted, told in order."""
    host.grants = False
    _, session, context = await host.isolate()
    source = "const line = 'x'.repeat(100_000); for (let i = 0; i < 1000; i++) console.log(i, line); 'done'"
    running = host.run(session, context, source)
    await host.until(lambda: _lines(host) > 150)
    measured = _measured(host)
    await host.until(lambda: _measured(host) > measured + 1)  # a second without credit: the isolate's queue is full
    assert _lines(host) < 180  # 16 MiB of 100 kB each, and what was under way
    host.grants = True
    host.connection.send_text(b'{"method":"Host.grantCredit","params":{"bytes":16777216}}')
    report = (await asyncio.wait_for(running, 30))["result"]["report"]
    assert report["value"] == "done"
    await host.until(lambda: _lines(host) + _gaps(host) >= 1000)
    assert _lines(host) + _gaps(host) == 1000
    assert _gaps(host) > 0


@skip_without(Capability.EXTERNAL_LIMIT)
async def test_what_escapes_v8s_limits_is_stopped_by_the_hosts_budget() -> None:
    """GIVEN two isolates, one of which fills memory within its own limit THEN that one is stopped, not the other."""
    async with running_host(memoryBudgetBytes=400 * MIB) as host:
        _, quiet, quiet_context = await host.isolate()
        _, greedy, context = await host.isolate(limit=2048 * MIB)
        host.run(quiet, quiet_context, "for (;;);")
        await host.event("Isolate.runStarted", quiet)
        slowly = "for (let i = 0; i < 1e5; i++);"
        source = f"(() => {{ for (const all = [];;) {{ all.push(new Uint8Array(1e5).fill(1)); {slowly} }} }})()"
        report = await host.report(greedy, context, source)
        assert report["outcome"] == "external-limit"
        assert "its budget is 400 MiB; this isolate grew most" in report["evidence"]
        assert (await host.report(greedy, context, "1", run_id=2))["value"] == 1
        assert not [e for e in host.events if e["method"] == "Host.lastWords"]


async def test_a_flood_in_one_isolate_leaves_the_hosts_answers_quick(host: HostProcess) -> None:
    isolate_id, session, context = await host.isolate()
    host.run(session, context, "for (;;) console.log('flood')")
    await host.event("Runtime.consoleAPICalled", session)
    for _ in range(20):
        assert await asyncio.wait_for(host.command("Host.ping"), 30) == {}
    await host.command("Host.disposeIsolate", {"isolateId": isolate_id})


def _lines(host: HostProcess) -> int:
    return sum(event["method"] == "Runtime.consoleAPICalled" for event in host.events)


def _measured(host: HostProcess) -> int:
    return sum(event["method"] == "Host.measured" for event in host.events)


def _gaps(host: HostProcess) -> int:
    return sum(e["params"]["count"] for e in host.events if e["method"] == "Isolate.consoleDropped")
