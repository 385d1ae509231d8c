"""The console: CDP's consoleAPICalled, while the script runs, with previews; never more than a reader takes."""

from __future__ import annotations

from inspector.states import IsolateState
from tests.engine.portable.child import in_child
from tests.engine.portable.lab import MIB, Lab


@in_child
def test_lines_arrive_while_the_script_runs(lab: Lab) -> None:
    subject = lab.isolate()
    run = subject.start("console.log('first'); for (;;);", url="loop.js")
    subject.has_logged("first")
    assert not subject.listener.all("settled")
    subject.stop()
    subject.settled(run)
    call = subject.events("Runtime.consoleAPICalled")[0]
    frame = call["stackTrace"]["callFrames"][0]
    assert (frame["url"], frame["lineNumber"], frame["columnNumber"]) == ("loop.js", 0, 8)
    assert call["executionContextId"] == 1 and call["timestamp"] > 1e12 and call["type"] == "log"


@in_child
def test_every_method_has_its_type(lab: Lab) -> None:
    subject = lab.isolate()
    subject.run(
        "console.debug(1); console.info(1); console.warn(1); console.error(1); console.dir(1); console.table([1]);"
        "console.trace(1); console.group('g'); console.groupCollapsed('g'); console.groupEnd(); console.clear();"
        "console.assert(true, 'no'); console.assert(false, 'yes', 2); console.assert(false);"
        "console.count(); console.count('x'); console.count(); console.countReset(); console.count();"
        "console.time('t'); console.timeLog('t', 9); console.timeEnd('t'); console.timeEnd('t')"
    )
    types = [call["type"] for call in subject.events("Runtime.consoleAPICalled")]
    assert types == [
        "debug", "info", "warning", "error", "dir", "table", "trace", "startGroup", "startGroupCollapsed", "endGroup",
        "clear", "assert", "assert", "count", "count", "count", "count", "log", "timeEnd", "warning",
    ]  # fmt: skip
    lines = subject.console()
    assert ["yes", 2] in lines and ["console.assert"] in lines
    assert [line[0] for line in lines[13:17]] == ["default: 1", "x: 1", "default: 2", "default: 1"]
    assert lines[17][0].startswith("t: ") and lines[17][1] == 9


@in_child
def test_values_are_described_as_v8_does(lab: Lab) -> None:
    subject = lab.isolate()
    cases = {
        "undefined": ("undefined", None, None),
        "null": ("object", "null", None),
        "-0": ("number", None, "-0"),
        "NaN": ("number", None, "NaN"),
        "5n": ("bigint", None, "5n"),
        "Symbol('s')": ("symbol", None, "Symbol(s)"),
        "(a) => a": ("function", None, "(a) => a"),
        "class A {}": ("function", None, "class A {}"),
        "[1, 2]": ("object", "array", "Array(2)"),
        "new Array(3)": ("object", "array", "Array(3)"),
        "({})": ("object", None, "Object"),
        "Object.create(null)": ("object", None, "Object"),
        "new (class Point {})": ("object", None, "Point"),
        "new Map([[1, 2]])": ("object", "map", "Map(1)"),
        "new Set()": ("object", "set", "Set(0)"),
        "new WeakMap()": ("object", "weakmap", "WeakMap"),
        "new WeakSet()": ("object", "weakset", "WeakSet"),
        "/a/gi": ("object", "regexp", "/a/gi"),
        "Promise.resolve(1)": ("object", "promise", "Promise"),
        "new Uint8Array(3)": ("object", "typedarray", "Uint8Array(3)"),
        "new ArrayBuffer(8)": ("object", "arraybuffer", "ArrayBuffer(8)"),
        "new SharedArrayBuffer(8)": ("object", "arraybuffer", "SharedArrayBuffer(8)"),
        "new DataView(new ArrayBuffer(2))": ("object", "dataview", "DataView(2)"),
        "new Proxy({a: 1}, {})": ("object", "proxy", "Proxy(Object)"),
        "new Proxy([], {get() { throw 1 }, ownKeys() { throw 1 }})": ("object", "proxy", "Proxy(Array)"),
        "Proxy.revocable({}, {}).proxy": ("object", "proxy", "Proxy(Object)"),
        "(function* () {})()": ("object", "generator", "Generator"),
        "[].values()": ("object", "iterator", None),
        "Reflect": ("object", None, None),
        "new Error('x', {cause: 1})": ("object", "error", None),
    }
    for source, (kind, subtype, description) in cases.items():
        subject.run(f"console.log({source})")
        (value,) = subject.events("Runtime.consoleAPICalled")[-1]["args"]
        assert (value["type"], value.get("subtype")) == (kind, subtype), (source, value)
        assert description is None or value["description"] == description, (source, value)
        if value["type"] in ("object", "function") and subtype != "null":
            assert value["objectId"]
    date = "new Date(0)"
    subject.run(f"console.log({date}, String({date}))")
    first, text = subject.events("Runtime.consoleAPICalled")[-1]["args"]
    assert first["subtype"] == "date" and first["description"] == text["value"]


@in_child
def test_previews_have_v8s_limits(lab: Lab) -> None:
    subject = lab.isolate()
    subject.run(
        "console.log({a: 1, b: 'x'.repeat(200), c: null, d: undefined, get e() { throw 1 }, f: 1},"
        " Array.from({length: 150}, (_, i) => i), new Map([[{k: 1}, [1]], [2, 3], [3, 3], [4, 3], [5, 3], [6, 3]]),"
        " [,, 5], new Array(1e9), Object.assign([1], {named: 2}))"
    )
    (call,) = subject.events("Runtime.consoleAPICalled")
    plain, long, mapped, holes, sparse, named = (value["preview"] for value in call["args"])
    assert plain["overflow"] and [each["name"] for each in plain["properties"]] == ["a", "b", "c", "d", "e"]
    assert len(plain["properties"][1]["value"]) == 100 and "\u2026" in plain["properties"][1]["value"]
    assert plain["properties"][2]["subtype"] == "null" and plain["properties"][4]["type"] == "accessor"
    assert long["overflow"] and len(long["properties"]) == 100
    assert mapped["overflow"] and len(mapped["entries"]) == 5
    assert mapped["entries"][0]["key"]["properties"][0]["name"] == "k"
    assert [each["name"] for each in holes["properties"]] == ["2"] and sparse["overflow"]
    assert [each["name"] for each in named["properties"]] == ["0", "named"]


@in_child
def test_no_code_of_the_users_runs_when_a_value_is_shown(lab: Lab) -> None:
    subject = lab.isolate()
    report = subject.run(
        "var touched = []; const t = (n) => { touched.push(n); throw new Error(n) };"
        "const bad = {get g() { t('getter') }, toString() { t('toString') }, toJSON() { t('toJSON') },"
        " [Symbol.toPrimitive]() { t('prim') }, get [Symbol.toStringTag]() { t('tag') },"
        " get constructor() { t('ctor') }, get then() { t('then') }};"
        "class Late extends Error { get message() { t('message') } get name() { t('name') } }"
        "const all = new Proxy(function () {}, new Proxy({}, {get() { t('trap') }}));"
        "console.log(bad, [bad], new Map([[bad, bad]]), new Late(), all, {all}); console.dir(bad); bad"
    )
    assert report.outcome.value == "completed" and not report.has_value, report
    assert subject.run("touched").value == [], subject.run("touched").value


@in_child
def test_huge_and_odd_text_arrives_whole(lab: Lab) -> None:
    subject = lab.isolate(limit=256 * MIB)
    subject.run("console.log('\\ud83d\\ude00'.repeat(300000)); console.log('\\ud800 \\u2028 \\0 \\n end')")
    lines = subject.console()
    assert lines[0] == ["\U0001f600" * 300000]
    assert lines[1] == ["\ud800 \u2028 \0 \n end"]


@in_child
def test_a_flood_is_counted_not_lost_silently(lab: Lab) -> None:
    subject = lab.isolate()
    subject.listener.undelivered = 9 << 20
    run = subject.start("var i = 0; for (; i < 20000; i++) console.log(i); i")
    assert subject.settled(run).value == 20000
    told = len(subject.console()) + sum(subject.listener.all("dropped"))
    assert told == 20000 and subject.listener.all("dropped")
    subject.listener.undelivered = 0
    subject.run("1")
    subject.run("console.log('again')")
    subject.has_logged("again")


@in_child
def test_a_flood_that_is_read_arrives_whole(lab: Lab) -> None:
    subject = lab.isolate()
    subject.run("for (let i = 0; i < 20000; i++) console.log(i, 'text')")
    assert [line[0] for line in subject.console()] == list(range(20000))
    assert not subject.listener.all("dropped")


@in_child
def test_logged_objects_are_released(lab: Lab) -> None:
    subject = lab.isolate()
    subject.run("for (let i = 0; i < 99; i++) console.log({i})")
    kept = subject.events("Runtime.consoleAPICalled")[0]["args"][0]["objectId"]
    assert subject.ask("Runtime.getProperties", objectId=kept, ownProperties=True)["result"][0]["value"]["value"] == 0
    subject.run("for (let i = 0; i < 99; i++) console.log(new Array(7e4).fill(i))")
    subject.listener.wait("released")
    assert "error" in subject.send("Runtime.getProperties", objectId=kept)
    subject.run("for (let i = 0; i < 300; i++) console.log(new Array(7e4).fill(i))")
    # 84 MB of arrays: kept they pass the limit, uncollected they don't pass twice the limit
    assert not subject.listener.all("limit"), "logged arrays were kept"


@in_child
def test_bare_has_a_console_and_no_timers(lab: Lab) -> None:
    subject = lab.isolate(prelude="bare")
    assert subject.run("console.log(1); [typeof setTimeout, typeof queueMicrotask]").value == ["undefined", "undefined"]
    assert subject.console() == [[1]]
    subject.is_in(IsolateState.IDLE)


@in_child
def test_nothing_of_ours_is_visible(lab: Lab) -> None:
    subject = lab.isolate()
    names = "Object.getOwnPropertyNames(globalThis)"
    found = subject.run(f"{names}.filter((n) => /inspector|timer_manager|TimerManager/i.test(n))").value
    assert found == []
    assert subject.run("Object.keys(globalThis)").value == []
    assert subject.run("typeof __timer_manager + typeof __TimerManager").value == "undefinedundefined"
    shown = subject.run("[setTimeout, clearTimeout, console.log, queueMicrotask].map(String)").value
    assert shown == ["function () { [native code] }"] * 4
    assert subject.run("[setTimeout.name, setTimeout.length, Proxy.name, typeof Proxy]").value[0] == "setTimeout"
