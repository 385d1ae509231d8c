"""Evaluate, console, timers, errors: what every engine can."""

from __future__ import annotations

import asyncio

import pytest

from inspector.events import ConsoleWritten, IsolateStateChanged, MarkSet, ScriptParsed
from inspector.states import Capability, IsolateState, Outcome
from tests.engine.suite.bench import Bench

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_evaluate(bench: Bench) -> None:
    assert bench.reason(Capability.EVALUATE) == ""
    isolate = await bench.isolate()
    report = await bench.run(isolate, "var a = {list: [1, 'x', null], deep: {b: true}}; a")
    assert report.outcome is Outcome.COMPLETED
    assert report.has_value and report.value == {"list": [1, "x", None], "deep": {"b": True}}
    assert report.preview == "{list: Array(3), deep: {…}}"
    assert report.heap is not None and report.heap.limit_bytes == 64 << 20 and report.heap.used_bytes > 0
    typed = await isolate.evaluate("a.list.length + await Promise.resolve(4)")
    assert typed.preview == "7", typed
    assert (await isolate.evaluate("2n ** 70n")).preview == "1180591620717411303424n"
    empty = await bench.run(isolate, "")
    assert empty.outcome is Outcome.COMPLETED and empty.preview == "undefined"


RESULTS_WITH_CODE = {
    "({ get a() { for (;;); }, b: 1 })": None,
    "({ b: [1, { toJSON() { for (;;); } }] })": {"b": [1, {}]},
    "Object.prototype.toJSON = Array.prototype.toJSON = () => { for (;;); }; ({ a: [1, { b: 2 }] })": None,
    "new Proxy({}, { get() { for (;;); }, ownKeys() { for (;;); }, getOwnPropertyDescriptor() { for (;;); } })": None,
    "({ inner: new Proxy({}, { ownKeys() { for (;;); } }) })": None,
    "{ let o = {}; for (let i = 0; i < 50000; i++) o = { o }; o }": None,
    "{ const o = {}; o.o = o; o }": None,
    "new Map([[1, 2]])": None,
    "Array.from({ length: 1e6 }, (_, i) => i)": None,
}


async def test_reading_a_result_runs_none_of_its_code(bench: Bench) -> None:
    for text, value in RESULTS_WITH_CODE.items():
        isolate = await bench.isolate()
        report = await bench.run(isolate, text)
        assert report.outcome is Outcome.COMPLETED, (text, report)
        if value is not None and report.has_value:  # what has a function in it may have no JSON
            assert report.value == value
        else:
            assert report.preview


async def test_a_result_as_json(bench: Bench) -> None:
    isolate = await bench.isolate()
    report = await bench.run(
        isolate,
        "class P { constructor() { this.x = 1; this.at = new Date(0) } }\n"
        "({ p: new P(), none: undefined, list: [1, , NaN, 'é', null, true, -0.5], ['__proto__']: 5, deep: [[[]]] })",
    )
    assert report.value == {
        "p": {"x": 1, "at": "1970-01-01T00:00:00.000Z"},
        "list": [1, None, None, "é", None, True, -0.5],
        "__proto__": 5,
        "deep": [[[]]],
    }


async def test_objects_can_be_expanded(bench: Bench) -> None:
    isolate = await bench.isolate()
    report = await isolate.evaluate("({a: 1, inner: {b: [1, 2]}})")
    assert report.result is not None
    properties = {each["name"]: each for each in await isolate.get_properties(report.result["objectId"])}
    assert properties["a"]["value"]["value"] == 1
    inner = await isolate.get_properties(properties["inner"]["value"]["objectId"])
    assert inner[0]["value"]["description"] == "Array(2)"


async def test_console_while_the_script_runs(bench: Bench) -> None:
    assert bench.reason(Capability.CONSOLE) == ""
    isolate = await bench.isolate()
    running = bench.pool.isolate(isolate.isolate_id).run(
        bench.source("console.log('a', 1, {b: 2}); console.error('bad'); for (;;);", "live.js"), timeout_s=20
    )

    task = asyncio.ensure_future(running)
    line = await bench.logged(isolate, "a 1 {b: 2}")
    assert (line.level, line.url, line.line) == ("log", "live.js", 1)
    assert (await bench.logged(isolate, "bad")).level == "error"
    assert not task.done()
    await bench.events.heard(
        IsolateStateChanged,
        lambda event: event.isolate_id == isolate.isolate_id and event.state is IsolateState.RUNNING,
    )
    await isolate.stop()
    assert (await task).outcome is Outcome.CANCELLED


async def test_values_look_the_same_in_both_engines(bench: Bench) -> None:
    isolate = await bench.isolate()
    await bench.run(
        isolate,
        "console.log([1, , 3], new Map([['k', {v: 1}]]), new Set([1]), null, undefined, -0, Symbol('s'), 5n, /x/g,"
        " new Uint8Array(2), (class Point { x = 1 }).name, new (class Point { x = 1 })())",
    )
    (line,) = [e for e in bench.events.of(ConsoleWritten) if e.isolate_id == isolate.isolate_id]
    described = [each.get("description", each.get("value")) for each in line.args]
    assert described == [
        "Array(3)", "Map(1)", "Set(1)", None, None, "-0", "Symbol(s)", "5n", "/x/g", "Uint8Array(2)", "Point", "Point",
    ]  # fmt: skip
    assert line.args[1]["preview"]["entries"][0]["key"]["description"] == "k"
    assert [each["name"] for each in line.args[0]["preview"]["properties"]] == ["0", "2"]


async def test_timers_belong_to_their_run(bench: Bench) -> None:
    isolate = await bench.isolate()
    report = await bench.run(
        isolate,
        "const seen = []; setTimeout(() => seen.push('later'), 30); setTimeout((a) => seen.push(a), 5, 'arg');"
        "const n = setInterval(() => { seen.push('i'); clearInterval(n) }, 10);"
        "clearTimeout(setTimeout(() => seen.push('never'), 1)); queueMicrotask(() => seen.push('micro'))",
    )
    assert report.outcome is Outcome.COMPLETED and report.timings.run_ms >= 25
    assert (await bench.run(isolate, "seen")).value == ["micro", "arg", "i", "later"]
    await bench.reaches(isolate, IsolateState.IDLE)


async def test_two_runs_wait_at_once(bench: Bench) -> None:

    isolate = await bench.isolate()
    source = bench.source("setInterval(() => console.log('tick'), 15)")
    ticking = asyncio.ensure_future(isolate.run(source, timeout_s=20))
    await bench.logged(isolate, "tick")
    assert (await isolate.evaluate("40 + 2")).value == 42
    assert not ticking.done()
    await isolate.stop()
    assert (await ticking).outcome is Outcome.CANCELLED


async def test_errors_have_a_place(bench: Bench) -> None:
    isolate = await bench.isolate()
    thrown = await bench.run(isolate, "let a = 1;\n  function f() { null.x }\nf()", "thrower.js")
    assert thrown.outcome is Outcome.THREW and thrown.error is not None
    error = thrown.error
    assert (error.name, error.file, error.line, error.column) == ("TypeError", "thrower.js", 2, 23), error
    assert error.message == "Cannot read properties of null (reading 'x')" and "at f (" in error.stack
    syntax = (await bench.run(isolate, "\n  foo(;", "bad.js")).error
    assert syntax is not None
    assert (syntax.name, syntax.file, syntax.line, syntax.column) == ("SyntaxError", "bad.js", 2, 7), syntax
    assert syntax.source_line == "  foo(;"
    rejected = await bench.run(isolate, "(async () => { await 0; throw new RangeError('r') })()", "async.js")
    assert rejected.outcome is Outcome.THREW and rejected.error is not None
    assert (rejected.error.name, rejected.error.message) == ("RangeError", "r")
    value = await bench.run(isolate, "throw 5")
    assert value.outcome is Outcome.THREW and value.error is not None and "5" in value.error.message
    assert (await bench.run(isolate, "1")).outcome is Outcome.COMPLETED


async def test_an_error_in_a_timer_ends_its_run(bench: Bench) -> None:
    isolate = await bench.isolate()
    report = await bench.run(isolate, "setInterval(() => 0, 5);\nsetTimeout(() => { null.x }, 10)", "timer.js")
    assert report.outcome is Outcome.THREW and report.error is not None
    assert (report.error.file, report.error.line) == ("timer.js", 2)


async def test_scripts_are_listed(bench: Bench) -> None:
    isolate = await bench.isolate()
    report = await bench.run(isolate, "eval('1 + 1'); 2", "listed.js")
    mine = [
        event
        for event in bench.events.of(ScriptParsed)
        if event.isolate_id == isolate.isolate_id and not event.internal
    ]
    assert [event.url for event in mine][:1] == ["listed.js"] and report.script_id == mine[0].script_id
    assert mine[0].length == 16 and mine[0].hash
    if bench.reason(Capability.SCRIPTS):
        assert "eval" in bench.reason(Capability.SCRIPTS) and len(mine) == 1
    else:
        assert len(mine) == 2


async def test_bare_has_no_timers(bench: Bench) -> None:
    isolate = await bench.isolate(prelude="bare")
    assert (await isolate.evaluate("typeof setTimeout + typeof console")).value == "undefinedobject"


async def test_marks_of_scripts(bench: Bench) -> None:
    isolate = await bench.isolate()
    text = 'console.timeStamp("é 1"); performance.mark("early", { startTime: 0 }); performance.mark("now"); performance'
    assert (await bench.run(isolate, f"{text}.getEntries().length")).value == 2
    marks = [mark for mark in bench.events.of(MarkSet) if mark.isolate_id == isolate.isolate_id]
    assert [(mark.name, mark.source) for mark in marks] == [
        ("é 1", "console.timeStamp"), ("early", "performance.mark"), ("now", "performance.mark"),
    ]  # fmt: skip
    assert marks[1].at_us < marks[0].at_us <= marks[2].at_us
