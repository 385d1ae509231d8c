"""Runs: results, errors with their place, timers, several at once, console input."""

from __future__ import annotations

from inspector.states import IsolateState, Outcome
from tests.engine.native.child import in_child
from tests.engine.native.lab import Lab


@in_child
def test_results(lab: Lab) -> None:
    bench = lab.bench()
    assert bench.run("").outcome is Outcome.COMPLETED
    assert bench.run("1 + 1").value == 2
    report = bench.run("({ list: [1, 'two', null], when: new Date(0) })")
    assert report.value == {"list": [1, "two", None], "when": "1970-01-01T00:00:00.000Z"}
    assert report.result is not None and report.result["preview"]["properties"]
    assert report.timings.cpu_ms is not None and report.timings.compile_ms > 0
    for source in ("undefined", "() => 1", "Symbol('x')", "10n", "NaN", "const o = {}; o.o = o; o"):
        assert not bench.run(source).has_value, source
    assert bench.run("null").has_value
    assert bench.run("Promise.resolve({ answer: 42 })").value == {"answer": 42}
    assert bench.run("'\\ud800 h\u00e9\u4e2d'").outcome is Outcome.COMPLETED


@in_child
def test_errors_have_their_place(lab: Lab) -> None:
    bench = lab.bench()
    error = bench.run("let a = 1;\nlet b = ;", url="folder/bad.js").error
    assert error is not None
    assert (error.name, error.file, error.line, error.column) == ("SyntaxError", "folder/bad.js", 2, 9)
    assert error.source_line == "let b = ;"
    error = bench.run("function f() {\n  null.x;\n}\nf();").error
    assert error is not None and (error.name, error.line, error.column) == ("TypeError", 2, 8)
    assert "at f (a.js:2:8)" in error.stack
    error = bench.run("async function f() { await null; throw new RangeError('late') }\nf()").error
    assert error is not None and (error.name, error.message, error.line) == ("RangeError", "late", 1)
    error = bench.run("throw { code: 5 }").error
    assert error is not None and (error.name, error.message) == ("Uncaught", "{code: 5}")
    error = bench.run("throw { get stack() { for (;;); }, toString() { for (;;); } }").error
    assert error is not None and error.name == "Uncaught"
    error = bench.run("//# sourceURL=label.js\nthrow new Error('x')").error
    assert error is not None and error.message == "x"


@in_child
def test_timers_belong_to_their_run(lab: Lab) -> None:
    bench = lab.bench()
    ticking = bench.start_busy("globalThis.ticks = 0; setInterval(() => { ticks += 1 }, 2)")
    bench.heard.wait(lambda entry: entry[:2] == ("state", IsolateState.WAITING))
    report = bench.run("new Promise(done => setTimeout(done, 30, 'other'))")
    assert report.value == "other" and report.timings.run_ms >= 29
    assert int(bench.run("ticks").value) > 1
    assert bench.stop(ticking).outcome is Outcome.CANCELLED
    at_stop = bench.run("ticks").value
    assert bench.run("new Promise(done => setTimeout(() => done(ticks), 20))").value == at_stop
    assert bench.heard.of("timers")[-1][1] is None


@in_child
def test_order_and_kinds_of_timers(lab: Lab) -> None:
    bench = lab.bench()
    report = bench.run(
        """new Promise(done => { const seen = []; setTimeout(() => seen.push('c'), 12); setTimeout(() =>
        seen.push('a'), 1); setTimeout(seen.push.bind(seen), 6, 'b'); clearTimeout(setTimeout(() =>
        seen.push('never'), 3)); queueMicrotask(() => seen.push('micro')); const every = setInterval(() => {
        seen.push('i'); clearInterval(every) }, 25); setTimeout(() => done(seen), 40); })
        """
    )
    assert report.value == ["micro", "a", "b", "c", "i"]
    assert bench.run("Object.keys(globalThis).length").value == 0
    error = bench.run("setTimeout('code')").error
    assert error is not None and error.name == "TypeError"
    bare = lab.bench(prelude="bare")
    assert bare.run("typeof setTimeout + typeof console").value == "undefinedobject"
    assert bare.run("({ a: 1 })").value == {"a": 1}


@in_child
def test_uncaught_in_callbacks(lab: Lab) -> None:
    bench = lab.bench()
    report = bench.run("setInterval(() => {}, 1); setTimeout(() => { throw new TypeError('in a timer') }, 3)")
    assert report.outcome is Outcome.THREW and report.error is not None and report.error.message == "in a timer"
    report = bench.run("queueMicrotask(() => { throw new Error('in a microtask') })")
    assert report.error is not None and report.error.message == "in a microtask"
    report = bench.run("Promise.reject(new Error('nobody')); 5")
    assert report.outcome is Outcome.THREW
    assert len(bench.heard.messages("Runtime.exceptionThrown")) == 3
    assert bench.run("const p = Promise.reject(1); p.catch(() => {}); 6").value == 6
    assert bench.run("Promise.reject(new Error('mine')).catch(() => 7)").value == 7
    run = bench.start_busy("globalThis.late = Promise.reject(8); setTimeout(() => late.catch(() => {}), 1)")
    assert bench.heard.report(run).outcome is Outcome.THREW


@in_child
def test_waits_and_stops(lab: Lab) -> None:
    bench = lab.bench()
    waiting = bench.start_busy("new Promise(() => {})")
    looping = bench.start_busy("for (;;);")
    queued = bench.start("'never'")
    assert bench.stop(waiting, Outcome.TIMED_OUT).outcome is Outcome.TIMED_OUT  # while another executes
    assert bench.stop(queued).outcome is Outcome.CANCELLED  # before it starts
    report = bench.stop(looping, Outcome.CPU_LIMIT)
    assert report.outcome is Outcome.CPU_LIMIT and report.evidence == "the test stopped it"
    assert bench.run("'after'").value == "after"
    runs = [bench.start(source) for source in ("new Promise(() => {})", "setInterval(() => {}, 1)", "for (;;);", "1")]
    bench.heard.started(runs[2])
    bench.isolate.stop(Outcome.CANCELLED, "all")
    assert {bench.heard.report(run).outcome for run in runs} == {Outcome.CANCELLED}
    assert bench.run("2").value == 2
    while bench.heard.of("state")[-1][1] is not IsolateState.IDLE:  # told after the report
        bench.used()


@in_child
def test_webassembly_settles(lab: Lab) -> None:
    """V8's own tasks settle it: no job of ours runs."""
    bench = lab.bench()
    empty = "new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])"
    assert (
        bench.run(f"WebAssembly.compile({empty}).then(module => String(module))").value == "[object WebAssembly.Module]"
    )


@in_child
def test_console_input(lab: Lab) -> None:
    bench = lab.bench()
    assert bench.run("let x = 1; x", repl=True).value == 1
    assert bench.run("let x = 2; x", repl=True).value == 2
    assert bench.run("await new Promise(done => setTimeout(done, 1, x))", repl=True).value == 2
    error = bench.run("nope", repl=True).error
    assert error is not None and (error.name, error.message) == ("ReferenceError", "nope is not defined")
    error = bench.run("let y = ;", repl=True).error
    assert error is not None and error.name == "SyntaxError"
    run = bench.start_busy("for (;;);", repl=True)
    assert bench.stop(run).outcome is Outcome.CANCELLED


@in_child
def test_more_runs_wait_than_there_are_slots(lab: Lab) -> None:
    bench = lab.bench()
    runs = [bench.start("new Promise(done => setTimeout(done, 50, 1))") for _ in range(400)]
    assert all(bench.heard.report(run).value == 1 for run in runs)


@in_child
def test_modules(lab: Lab) -> None:
    bench = lab.bench()
    bench.sources = {
        "./a.mjs": "import { b } from './b.mjs'; export const a = () => b; export default import.meta.url;",
        "./b.mjs": "import { a } from './a.mjs'; import data from './d.json' with { type: 'json' };"
        "export const b = 2; export const round = () => a(); export { data };",
        "./d.json": '{"x": [1, 2], "__proto__": 5}',
        "./late.mjs": "export const late = await new Promise(done => setTimeout(done, 5, 7));",
        "./bad.mjs": "\nlet x = ;",
        "./throws.mjs": "throw new RangeError('inside')",
        "./bad.json": "{nope}",
    }
    report = bench.run(
        "import url, { a } from './a.mjs'; import * as b from './b.mjs';"
        "export const all = [url, a(), b.round(), b.data.x, Object.keys(b.data)]",
        module=True,
    )
    assert report.value == {"all": ["lab:a.mjs", 2, 2, [1, 2], ["x", "__proto__"]]}
    assert bench.run("export { late } from './late.mjs'", module=True).preview == "Module {late: 7}"
    error = bench.run("\nimport './none.mjs'", module=True, url="main.mjs").error
    assert error is not None and (error.file, error.line) == ("main.mjs", 2) and error.message == "no such file"
    error = bench.run("import './bad.mjs'", module=True).error
    assert error is not None and (error.name, error.file, error.line) == ("SyntaxError", "lab:bad.mjs", 2)
    error = bench.run("import './throws.mjs'", module=True).error
    assert error is not None and (error.message, error.file) == ("inside", "lab:throws.mjs")
    error = bench.run("import { none } from './a.mjs'", module=True).error
    assert error is not None and "none" in error.message
    error = bench.run("import './bad.json' with { type: 'json' }", module=True).error
    assert error is not None and error.file == "lab:bad.json"
    assert bench.run("import('./none.mjs').catch(error => error.message)").value.startswith("no such file")
    bench.sources["./rejects.mjs"] = "await null; throw new TypeError('later')"
    bench.sources["./indirect.mjs"] = "import './throws.mjs'"
    for name in ("throws", "rejects", "indirect"):  # whoever imports may catch it, twice the same
        caught = f"const c = () => import('./{name}.mjs').catch(error => error);"
        report = bench.run(
            f"export const same = await (async () => {{ {caught} return await c() === await c() }})()", module=True
        )
        assert report.value == {"same": True}, report
    assert not bench.heard.messages("Runtime.exceptionThrown")
    error = bench.run("\n\n  await import('./none.mjs')", module=True, url="late.mjs").error
    asked = [entry[1] for entry in bench.heard.of("module") if entry[1].specifier == "./none.mjs"]
    assert error is not None and "no such file" in error.message and asked[-1].line == 3
    assert bench.run("export const v = (await import('./late.mjs')).late", module=True).value == {"v": 7}
    assert len([entry for entry in bench.heard.of("module") if entry[1].specifier == "./b.mjs"]) <= 3


@in_child
def test_contexts_share_a_heap_and_nothing_else(lab: Lab) -> None:
    bench = lab.bench()
    second = bench.context("second")
    bench.run("globalThis.mine = 1; setTimeout(() => { globalThis.fired = 1 }, 1)")
    report = bench.run("typeof mine + typeof fired + typeof setTimeout", context_id=second)
    assert report.value == "undefinedundefinedfunction"
    names = [params["context"]["name"] for params in bench.heard.messages("Runtime.executionContextCreated")]
    assert names == ["main", "second"]
    assert bench.run("new Promise(done => setTimeout(done, 2, 'second'))", context_id=second).value == "second"
    for _ in range(20):
        assert bench.ask(bench.isolate.release_context, bench.context()) is None
    latest = bench.isolate.latest_sample()
    bench.used()
    assert latest is not None and bench.run("1").value == 1


@in_child
def test_busy_neighbours_are_sampled_and_counted(lab: Lab) -> None:
    busy, idle = lab.bench(), lab.bench()
    run = busy.start_busy("for (;;);")
    samples = [busy.busy_sample() for _ in range(20)]
    assert all(sample.mode == 1 and sample.words[4] > 100_000 for sample in samples)
    used_before, used_after, ms = busy.ask(busy.isolate.collect_garbage)
    assert used_after <= used_before and ms > 0
    cpu = busy.isolate.cpu_us()
    busy.busy_sample()
    later = busy.isolate.cpu_us()
    assert cpu is None or (later is not None and later > cpu)
    assert idle.ask(idle.isolate.heartbeat) is None and not idle.isolate.is_busy()
    idle.isolate.request_sample()
    assert idle.isolate.poll_sample() is None
    busy.stop(run)


@in_child
def test_console_input_in_braces_is_an_object_where_it_can_be_one(lab: Lab) -> None:
    bench = lab.bench()
    assert bench.run("{ a: 1, b: [2] }", repl=True).preview.startswith("{")
    assert bench.run("{ let a = 3; a }", repl=True).value == 3
    assert bench.run("{}", repl=True).preview == "{}"
    assert bench.run("{ throw new Error('x') }", repl=True).outcome is Outcome.THREW


@in_child
def test_console_input_has_the_command_line_functions_that_it_names(lab: Lab) -> None:
    bench = lab.bench()
    assert bench.run("keys({ a: 1 })[0]", repl=True).value == "a"
    assert bench.run("eval('val' + 'ues({ a: 7 })')[0]", repl=True).value == 7
    assert bench.run("k\\u0065ys({ b: 1 })[0]", repl=True).value == "b"
    assert bench.run("typeof globalThis['ke' + 'ys']", repl=True).value == "undefined"
