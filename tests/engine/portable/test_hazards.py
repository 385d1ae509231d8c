"""What hurts engines: endless loops, full heaps, ends at bad moments, scripts that replace what we stand on."""

from __future__ import annotations

import threading

from inspector.engine.portable import turns
from inspector.errors import InspectorError, UnsupportedError
from inspector.states import IsolateState, Outcome
from resources import text
from tests.engine.portable.child import in_child
from tests.engine.portable.lab import MIB, Lab, Subject


def _works(subject: Subject) -> None:
    assert subject.run("6 * 7").value == 42
    subject.is_in(IsolateState.IDLE)


@in_child
def test_stop_ends_loops(lab: Lab) -> None:
    subject = lab.isolate()
    for source in (
        "console.log('go'); for (;;);",
        "console.log('go'); for (;;) { try { for (;;); } catch {} finally { for (;;); } }",
        "console.log('go'); /(a+)+$/.test('a'.repeat(60) + 'b')",
        "console.log('go'); [3, 1, 2].sort(() => { for (;;); })",
        "console.log('go'); for (;;) console.log('go')",
        "console.log('go'); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
        "setTimeout(() => { console.log('go'); for (;;); }, 1)",
    ):
        before = len(subject.console())
        run = subject.start(source)
        subject.listener.wait("message", lambda _, before=before: len(subject.console()) > before)
        subject.stop(Outcome.TIMED_OUT, run)
        report = subject.settled(run)
        assert report.outcome is Outcome.TIMED_OUT and report.evidence == "ended as timed-out", (source, report)
        _works(subject)


@in_child
def test_a_line_that_a_stop_cuts_spoils_none_that_follow(lab: Lab) -> None:
    """GIVEN lines longer than the ring, so that a stop ends the script in the middle of one."""
    subject = lab.isolate()
    for _ in range(8):
        before = len(subject.console())
        run = subject.start("for (;;) console.log('x'.repeat(1e6))")
        subject.listener.wait("message", lambda _, before=before: len(subject.console()) > before)
        subject.stop(Outcome.TIMED_OUT, run)
        assert subject.settled(run).outcome is Outcome.TIMED_OUT
        assert subject.run("console.log('after'); 6 * 7").value == 42
        assert subject.console()[-1] == ["after"]


@in_child
def test_stop_in_line_and_while_waiting(lab: Lab) -> None:
    subject = lab.isolate()
    running, in_line = subject.start("for (;;);"), subject.start("'never'")
    subject.is_in(IsolateState.RUNNING)
    subject.stop(run_id=in_line)
    assert subject.settled(in_line).outcome is Outcome.CANCELLED
    assert in_line not in subject.listener.all("started")
    subject.stop(Outcome.CPU_LIMIT, running)
    assert subject.settled(running).outcome is Outcome.CPU_LIMIT
    never = subject.start("new Promise(() => {})")
    subject.is_in(IsolateState.WAITING)
    subject.stop(Outcome.TIMED_OUT, never)
    assert subject.settled(never).outcome is Outcome.TIMED_OUT
    subject.stop()
    subject.stop(run_id=never)
    subject.stop(run_id=4711)
    _works(subject)


@in_child
def test_stop_of_one_run_spares_the_others(lab: Lab) -> None:
    subject = lab.isolate()
    ticking = subject.start("setInterval(() => console.log('tick'), 10)")
    subject.has_logged("tick")
    loop = subject.start("console.log('loop'); for (;;);")
    subject.has_logged("loop")
    subject.stop(run_id=ticking)
    assert subject.settled(ticking).outcome is Outcome.CANCELLED
    assert not [told for told in subject.listener.all("settled") if told[0] == loop]
    subject.stop(run_id=loop)
    subject.settled(loop)
    _works(subject)


@in_child
def test_stop_idle_does_not_poison(lab: Lab) -> None:
    subject = lab.isolate()
    for _ in range(200):
        subject.stop()
        assert subject.run("1 + 1").value == 2
        subject.ask("Runtime.terminateExecution")


@in_child
def test_stop_races_the_end(lab: Lab) -> None:
    subject = lab.isolate()
    for count in range(150):
        run = subject.start(f"let sum{count} = 0; for (let i = 0; i < {count} * 2000; i++) sum{count} += i; 'end'")
        subject.stop(run_id=run)
        assert subject.settled(run).outcome in (Outcome.CANCELLED, Outcome.COMPLETED)
    _works(subject)


@in_child
def test_microtasks_that_never_end(lab: Lab) -> None:
    turns._PATIENCE_S = 0.3  # this process is the test's own
    subject = lab.isolate()
    for source in ("(async () => { for (;;) await 0 })()", "(function f() { Promise.resolve().then(f) })()"):
        run = subject.start(source)
        subject.is_in(IsolateState.WEDGED)
        subject.stop(Outcome.TIMED_OUT, run)
        assert subject.settled(run).outcome is Outcome.TIMED_OUT
        _works(subject)


@in_child
def test_microtasks_that_cannot_be_ended_are_said_to_be(lab: Lab) -> None:
    turns._PATIENCE_S = 0.3
    subject = lab.isolate()
    run = subject.start("(async () => { await 0; for (;;); })()")
    subject.is_in(IsolateState.WEDGED)
    subject.stop(Outcome.TIMED_OUT, run)
    report = subject.settled(run)
    assert report.outcome is Outcome.TIMED_OUT and "dispose the isolate" in report.evidence
    ledger = subject.dispose()
    assert ledger is not None and ledger.dispose_ms < 2000
    _works(lab.isolate())


@in_child
def test_dispose_while_running(lab: Lab) -> None:
    for source in (
        "console.log('go'); for (;;);",
        "console.log('go'); (async () => { await 0; for (;;); })()",
        "console.log('go'); globalThis.a = []; for (;;) a.push({})",
        "console.log('go'); new Promise(() => {})",
        "setInterval(() => console.log('go'), 1)",
        "for (;;) console.log('go')",
    ):
        subject = lab.isolate(limit=512 * MIB)
        run, in_line = subject.start(source), subject.start("2")
        subject.has_logged("go")
        ledger = subject.dispose()
        assert ledger is not None and ledger.dispose_ms < 2000, source
        assert subject.settled(run).outcome is Outcome.CANCELLED, source
        assert subject.settled(in_line).outcome in (Outcome.CANCELLED, Outcome.COMPLETED), source
    assert threading.active_count() < 10, threading.enumerate()
    _works(lab.isolate())


@in_child
def test_everything_after_dispose_is_answered_or_silent(lab: Lab) -> None:
    subject = lab.isolate()
    subject.dispose()
    told: list[object] = []
    subject.isolate.dispose()
    subject.isolate.collect_garbage(told.append)
    subject.start("1")
    subject.stop()
    subject.isolate.dispatch(0, b"{}")
    subject.isolate.fire_timers()
    subject.isolate.heartbeat(told.append)
    assert [type(each).__name__ for each in told] == ["IsolateDisposedError"]


@in_child
def test_out_of_memory(lab: Lab) -> None:
    subject, neighbour = lab.isolate(limit=24 * MIB), lab.isolate()
    for source in (
        "globalThis.a = []; for (;;) a.push({x: [1]})",
        "globalThis.m = new Map(); for (let i = 0; ; i++) m.set(i, [i])",
        "(async () => { globalThis.a = []; for (;;) { a.push([1]); await 0 } })()",
        "globalThis.a = []; setInterval(() => { for (let i = 0; i < 1e5; i++) a.push({i}) }, 1); 0",
        "let s = 'x'; globalThis.k = []; for (;;) k.push(s = s + s.length)",
    ):
        limits = len(subject.listener.all("limit"))
        report = subject.run(source)
        assert report.outcome is Outcome.HEAP_LIMIT and "limit of 24 MiB" in report.evidence, (source, report)
        assert len(subject.listener.all("limit")) == limits + 1
        assert subject.run("for (const k of ['a', 'm', 'k']) delete globalThis[k]; 1").outcome is Outcome.COMPLETED
        assert neighbour.run("1").value == 1
    subject.isolate.collect_garbage(lambda _: None)
    _works(subject)


@in_child
def test_what_stays_over_the_limit_is_caught_when_the_script_ends(lab: Lab) -> None:
    subject = lab.isolate()
    report = subject.run(
        "globalThis.a = []; for (let i = 0; i < 200; i++) a.push(new Array(1e5).fill(i));"
        "for (let i = 0; i < 1e7; i++) globalThis.b = [i]; 'kept 80 MB'"
    )
    assert report.outcome is Outcome.HEAP_LIMIT, report


@in_child
def test_garbage_alone_does_not_hit_the_limit(lab: Lab) -> None:
    subject = lab.isolate()
    for source in (
        "for (let i = 0; i < 700; i++) globalThis.a = new Array(1e5).fill(i); 'ok'",
        "for (let i = 0; i < 40; i++) { globalThis.a = []; for (let k = 0; k < 2e5; k++) a.push({k}) } 'ok'",
    ):
        assert subject.run(source).value == "ok"


@in_child
def test_a_script_that_replaces_every_intrinsic_changes_nothing(lab: Lab) -> None:
    made = "const m = new Map([[1, {b: 2}]]), s = new Set([1]), e = new Error('e'), d = new Date(0), r = /x/gi"
    sources = (
        "console.log({a: [1, 'x'], m}, [1, , 3], m, s, e, d, r, 5n, -0, Symbol.iterator, () => 1, new Uint8Array(3))"
    )
    clean, hostile = lab.isolate(), lab.isolate()
    value = "({a: [1, {b: 'x'}], c: null, d: 0.5})"
    for subject in (clean, hostile):
        subject.run(made)
    broken = hostile.run(text_of_vandal(), url="vandal.js")
    assert broken.outcome is Outcome.COMPLETED, broken.error
    for subject in (clean, hostile):
        report = subject.run(sources)
        assert report.outcome is Outcome.COMPLETED, report
    first, second = (each.events("Runtime.consoleAPICalled")[-1]["args"] for each in (clean, hostile))
    for one, other in zip(first, second, strict=True):
        _same(one, other)
    assert hostile.run(value).value == clean.run(value).value
    report = hostile.run("(async () => { await new Promise((r) => setTimeout(r, 5)); throw new TypeError('late') })()")
    assert report.outcome is Outcome.THREW and report.error is not None and report.error.message == "late", report
    assert hostile.run("setTimeout(() => console.log('timer'), 1); 3").value == 3
    hostile.has_logged("timer")
    hostile.run("console.log(7)")
    assert hostile.events("Runtime.consoleAPICalled")[-1]["stackTrace"]["callFrames"][0]["url"] == "file.js"


def text_of_vandal() -> str:
    from pathlib import Path

    return (Path(__file__).parent / "vandal.js").read_text(encoding="utf-8")


def _same(one: dict[str, object], other: dict[str, object]) -> None:
    ignored = {"objectId"}
    cut = [{key: value for key, value in each.items() if key not in ignored} for each in (one, other)]
    if one.get("subtype") == "error":
        assert str(one["description"]).split("\n")[0] == str(other["description"]).split("\n")[0]
        return
    assert cut[0] == cut[1], cut


@in_child
def test_uncaught_errors_of_timers_end_their_run(lab: Lab) -> None:
    subject = lab.isolate()
    report = subject.run("setInterval(() => console.log('on'), 5);\nsetTimeout(() => { null.x }, 20)", url="timer.js")
    assert report.outcome is Outcome.THREW and report.error is not None
    assert (report.error.name, report.error.file, report.error.line) == ("TypeError", "timer.js", 2)
    (thrown,) = subject.events("Runtime.exceptionThrown")
    details = thrown["exceptionDetails"]
    assert (details["url"], details["lineNumber"], details["text"]) == ("timer.js", 1, "Uncaught")
    queued = subject.run("queueMicrotask(() => { throw new RangeError('micro') }); 1")
    assert queued.outcome is Outcome.THREW and queued.error is not None and queued.error.message == "micro"
    _works(subject)


@in_child
def test_timers(lab: Lab) -> None:
    subject = lab.isolate()
    subject.run(
        "const seen = []; const see = (n) => () => seen.push(n);"
        "setTimeout(see(3), 30); setTimeout(see(1), 5); const gone = setTimeout(see('gone'), 10); clearTimeout(gone);"
        "setTimeout((a, b) => seen.push(a + b), 15, 'a', 'b'); clearTimeout(undefined); clearTimeout('x');"
        "setTimeout(() => Promise.resolve().then(see('micro')), 20); setTimeout(see(2), 20);"
        "let n = 0; const i = setInterval(() => { seen.push('i'); if (++n === 2) clearInterval(i) }, 50)"
    )
    assert subject.run("seen").value == [1, "ab", "micro", 2, 3, "i", "i"]
    assert subject.run("setTimeout(() => {}, NaN); setTimeout(() => {}, -5); 'ok'").value == "ok"
    bad = subject.run("setTimeout('code', 1)")
    assert bad.error is not None and bad.error.name == "TypeError"
    assert subject.run("for (let k = 0; k < 1000; k++) setTimeout(() => seen.push(k), 1); 0").value == 0
    assert subject.run("seen.length").value == 1007


@in_child
def test_many_cancelled_timers_leave_nothing(lab: Lab) -> None:
    subject = lab.isolate()
    report = subject.run("for (let i = 0; i < 100000; i++) clearTimeout(setTimeout(() => i, 1e9)); 'ok'")
    assert report.value == "ok", report


@in_child
def test_garbage_collection(lab: Lab) -> None:
    subject = lab.isolate(limit=256 * MIB)
    subject.run("globalThis.a = new Array(1e6).fill(0).map(() => ({})); a = null")
    told: list[object] = []
    ready = threading.Event()

    def done(result: object) -> None:
        told.append(result)
        ready.set()

    subject.isolate.collect_garbage(done)
    assert ready.wait(10)
    assert isinstance(told[0], tuple) and told[0][0] > told[0][1] > 0 and told[0][2] > 0
    run = subject.start("console.log('go'); for (;;);")
    subject.has_logged("go")
    ready.clear()
    subject.isolate.collect_garbage(done)
    assert ready.wait(30) and isinstance(told[1], UnsupportedError) and "waits for the running script" in str(told[1])
    subject.stop(run_id=run)
    subject.settled(run)


@in_child
def test_contexts_are_refused(lab: Lab) -> None:
    told: list[object] = []
    isolate = lab.isolate().isolate
    isolate.create_context("second", told.append)
    isolate.release_context(1, told.append)
    assert all(isinstance(each, UnsupportedError) and "one context" in str(each) for each in told)
    assert isinstance(told[0], InspectorError)


@in_child
def test_a_large_source_and_a_real_file(lab: Lab) -> None:
    subject = lab.isolate(limit=256 * MIB)
    assert subject.run("const big = '" + "x" * 20_000_000 + "'; big.length").value == 20_000_000
    assert subject.run("0; " * 200_000 + "9").value == 9
    assert subject.run(text("js/portable/intrinsics.js")).outcome is Outcome.COMPLETED


@in_child
def test_many_isolates_come_and_go(lab: Lab) -> None:
    for _ in range(5):
        subjects = [lab.isolate() for _ in range(12)]
        for number, subject in enumerate(subjects):
            subject.start("for (;;);" if number % 3 == 0 else "setInterval(() => 0, 1)")
        for subject in subjects:
            subject.dispose()
    assert threading.active_count() < 10, threading.enumerate()


@in_child
def test_the_engine_closes_what_is_left(lab: Lab) -> None:
    for source in ("for (;;);", "(async () => { await 0; for (;;); })()", "1"):
        lab.isolate().start(source)
    lab.subjects[1].is_in(IsolateState.RUNNING)
    lab.engine.close()
    for subject in lab.subjects:
        assert subject.listener.all("disposed")
