"""One test for each guard that V8 needs: what happens without it was seen, and is told in the docstring."""

from __future__ import annotations

import json
import threading

from inspector.engine.library import FLAGS
from inspector.engine.native.session import CONSOLE_BOUND_BYTES, CONSOLE_OBJECTS
from inspector.engine.port import IsolateSpec
from inspector.errors import GoneError, InspectorError
from inspector.states import IsolateState, Outcome
from tests.engine.native.child import in_child
from tests.engine.native.lab import MIB, Lab

LEAK = "globalThis.kept = []; for (;;) kept.push({});"


@in_child
def test_dispose_while_running(lab: Lab) -> None:
    """Freeing under a running script is safe only in one order."""
    bench, neighbour = lab.bench(), lab.bench()
    run = bench.start_busy("for (;;);")
    ledger = bench.dispose()
    assert ledger is not None and ledger.used_bytes > 0
    assert bench.heard.report(run).outcome is Outcome.CANCELLED
    assert neighbour.run("1 + 1").value == 2


@in_child
def test_dispose_in_a_microtask_loop(lab: Lab) -> None:
    """Microtasks that never end starve every task."""
    bench = lab.bench()
    run = bench.start_busy("(function again() { Promise.resolve().then(again); })();")
    bench.busy_sample()
    assert bench.isolate.in_microtasks()
    bench.dispose()
    assert bench.heard.report(run).outcome is Outcome.CANCELLED


@in_child
def test_dispose_while_paused(lab: Lab) -> None:
    """A paused isolate serves neither tasks nor interrupts."""
    bench = lab.bench()
    bench.isolate.set_pausing(True)
    run = bench.start("debugger; for (;;);")
    bench.paused()
    bench.dispose()
    assert bench.heard.report(run).outcome is Outcome.CANCELLED


@in_child
def test_dispose_during_module_load(lab: Lab) -> None:
    bench = lab.bench()
    bench.heard.on_module = None
    run = bench.start("import './never-comes.mjs'", module=True)
    bench.heard.wait(lambda entry: entry[0] == "module")
    bench.dispose()
    assert bench.heard.report(run).outcome is Outcome.CANCELLED


@in_child
def test_dispose_twice_and_before_birth(lab: Lab) -> None:
    bench = lab.bench()
    bench.isolate.dispose()
    bench.dispose()
    assert len(bench.heard.of("disposed")) == 1
    early = lab.engine.create_isolate(IsolateSpec(99, "early", 64 * MIB), bench.heard, lambda _answer: None)
    early.dispose()
    assert early.teardown.done.wait(20)


@in_child
def test_calls_after_dispose(lab: Lab) -> None:
    bench = lab.bench()
    bench.dispose()
    said = len(bench.heard.log)
    bench.isolate.dispatch(0, b'{"id":1,"method":"Runtime.enable"}')
    bench.isolate.dispatch(0, b'{"id":1,"method":"Debugger.pause"}', urgent=True)
    for call in (bench.isolate.request_sample, bench.isolate.fire_timers, bench.isolate.is_busy, bench.isolate.cpu_us):
        call()
    bench.isolate.set_pausing(True)
    bench.isolate.stop(Outcome.CANCELLED, "late")
    for question in (bench.isolate.heartbeat, bench.isolate.collect_garbage):
        assert isinstance(bench.ask(question), GoneError)
    assert isinstance(bench.ask(bench.isolate.create_context, "late"), GoneError)
    assert len(bench.heard.log) == said


@in_child
def test_reused_address(lab: Lab) -> None:
    """V8 runs a task that was posted to a dead isolate in the next one at the same address."""
    seen: dict[int, int] = {}
    reused = 0
    for round_ in range(40):
        bench = lab.bench(prelude="bare")
        reused += bench.born.address in seen
        seen[bench.born.address] = round_
        ran: list[int] = []
        bench.start_busy("for (;;);")
        for _ in range(20):  # in line behind the loop when the isolate goes
            bench.isolate.pump.post(lambda ran=ran: ran.append(1))
        bench.isolate.pump.post_urgent(lambda: None)
        bench.dispose()
        assert not ran
    assert reused > 0
    assert lab.bench().run("6 * 7").value == 42


@in_child
def test_logged_objects_are_released(lab: Lab) -> None:
    """With Runtime enabled V8 keeps every logged object alive."""
    bench = lab.bench()
    before = bench.used()
    bench.run("for (let i = 0; i < 1000; i++) console.log(new Array(12500).fill(i));")
    assert len(bench.heard.messages("Runtime.consoleAPICalled")) == 1000
    assert bench.heard.of("released")
    assert bench.used() - before < (CONSOLE_OBJECTS + 60) * 100_000


@in_child
def test_console_is_dropped_uncopied_when_nobody_reads(lab: Lab) -> None:
    bench = lab.bench()
    bench.run("console.log('read')")
    bench.heard.undelivered = CONSOLE_BOUND_BYTES + 1
    bench.run("for (let i = 0; i < 500; i++) console.log(i)")
    bench.ask(bench.isolate.heartbeat)  # the gap is told at the end of the work, after the run has settled
    assert sum(entry[1] for entry in bench.heard.of("dropped")) == 500
    assert len(bench.heard.messages("Runtime.consoleAPICalled")) == 1
    bench.heard.undelivered = 0
    bench.run("console.log('read again')")
    assert len(bench.heard.messages("Runtime.consoleAPICalled")) == 2


@in_child
def test_terminate_idle_does_not_poison(lab: Lab) -> None:
    """A termination of an idle isolate ends its next evaluation."""
    bench = lab.bench()
    for _ in range(50):
        bench.isolate.stop(Outcome.CANCELLED, "nothing runs")
        assert bench.cdp("Runtime.terminateExecution")["result"] == {}
        assert bench.run("1 + 1").value == 2
    answer = bench.cdp("Runtime.evaluate", expression="3 + 4")
    assert answer["result"]["result"]["value"] == 7


@in_child
def test_stop_at_the_end_of_a_run_does_not_poison(lab: Lab) -> None:
    """A termination that comes too late must be cancelled, and one in time must not be."""
    bench = lab.bench()
    outcomes = set()
    for round_ in range(150):
        run = bench.start(f"for (let i = 0; i < {round_ * 500}; i++);")
        outcomes.add(bench.stop(run).outcome)
        assert bench.run("5").value == 5
    assert outcomes <= {Outcome.COMPLETED, Outcome.CANCELLED}


@in_child
def test_debugger_enable_does_not_disarm_limit(lab: Lab) -> None:
    """Debugger.enable puts a near-heap-limit callback before ours, and V8 calls only the last."""
    bench = lab.bench(32 * MIB)
    bench.isolate.open_session(1)
    for session in (0, 1):
        assert "result" in bench.cdp("Debugger.enable", session=session)
        assert bench.run(LEAK).outcome is Outcome.HEAP_LIMIT
        bench.run("kept = null")
    assert not bench.heard.messages("Debugger.paused")


@in_child
def test_limit_holds_again_after_each_hit(lab: Lab) -> None:
    """V8's own restoring of the limit restores its default, not ours."""
    bench, neighbour = lab.bench(32 * MIB), lab.bench()
    limit = bench.born.v8_limit_bytes
    assert limit < 160 * MIB
    for _ in range(3):
        report = bench.run(LEAK)
        assert report.outcome is Outcome.HEAP_LIMIT and "limit 32.0 MiB" in report.evidence
        assert bench.run("kept = null; 1").value == 1
        bench.used()
        assert bench.v8_limit() == limit
    assert len(bench.heard.of("limit")) == 3
    assert neighbour.run("2").value == 2


@in_child
def test_external_memory_is_limited(lab: Lab) -> None:
    bench = lab.bench()
    for source in (
        "globalThis.kept = []; for (;;) kept.push(new Uint8Array(1e6).fill(1))",
        "globalThis.kept = []; for (;;) kept.push(new WebAssembly.Memory({ initial: 100 }))",
    ):
        report = bench.run(source)
        assert report.outcome is Outcome.EXTERNAL_LIMIT, report
        assert bench.run("kept = null; 1").value == 1


@in_child
def test_garbage_does_not_hit_the_limit(lab: Lab) -> None:
    """What a full collection frees is not counted."""
    bench = lab.bench()
    report = bench.run("for (let i = 0; i < 400; i++) new Uint8Array(1e6).fill(1); 'done'")
    assert report.value == "done"


@in_child
def test_two_isolates_out_of_memory_at_once(lab: Lab) -> None:
    """Heaps share a 4 GB cage: the bump is granted to one at a time."""
    benches = [lab.bench(32 * MIB) for _ in range(3)]
    runs = [bench.start(LEAK) for bench in benches]
    for bench, run in zip(benches, runs, strict=True):
        assert bench.heard.report(run, 40).outcome is Outcome.HEAP_LIMIT
        assert bench.run("kept = null; 1").value == 1


@in_child
def test_optimised_loops_keep_their_interrupt_check(lab: Lab) -> None:
    """V8 14.4 drops the check of some endless loops with loop unrolling on: nothing reaches them then."""
    bench = lab.bench(256 * MIB)
    for body in ("new Array(1000).fill(1)", "[i, i, i].map(String)", "try { throw i } catch {}"):
        run = bench.start_busy(f"(() => {{ for (let i = 0;; i++) {{ {body}; }} }})()")
        began = bench.busy_sample().words[14]
        while bench.busy_sample().words[14] - began < 40 * MIB:  # allocated meanwhile: by then it is optimised
            pass
        assert bench.stop(run, Outcome.TIMED_OUT).outcome is Outcome.TIMED_OUT


@in_child
def test_heap_statistics_are_read_on_the_isolates_thread_alone(lab: Lab) -> None:
    """Read from another thread while JavaScript allocates, they crashed the process in 6 of 7 runs."""
    bench = lab.bench()
    own: list[int] = []
    bench.ask(lambda done: bench.isolate.heartbeat(lambda _: (own.append(threading.get_ident()), done(None))))
    read, seen = lab.engine.v8.calls.heap_statistics, set()
    lab.engine.v8.calls.heap_statistics = lambda *words: (seen.add(threading.get_ident()), read(*words))[1]
    run = bench.start_busy("for (;;) globalThis.x = [1];")
    for _ in range(5):
        bench.busy_sample()
        bench.ask(bench.isolate.heap_spaces)
        bench.ask(bench.isolate.collect_garbage)
    bench.stop(run)
    bench.isolate.request_sample()
    bench.run("1")
    assert bench.isolate.latest_sample() is not None
    assert seen == set(own)


def test_no_flag_chooses_the_wrong_platform() -> None:
    """mini-racer looks for `--single-threaded` inside all flags: `--single-threaded-gc` made it crash."""
    assert not any("single-threaded" in flag for flag in FLAGS)


@in_child
def test_statement_debugger_does_not_pause(lab: Lab) -> None:
    """Debugger.enable makes every `debugger` statement pause."""
    bench = lab.bench()
    assert bench.run("debugger; 1").value == 1
    bench.cdp("Debugger.enable")
    assert bench.run("debugger; 2").value == 2
    assert not bench.heard.messages("Debugger.paused")


@in_child
def test_evaluate_timeout_is_ours(lab: Lab) -> None:
    """V8's own timeout crashes without worker threads, and does not fire for a pending promise."""
    bench = lab.bench()
    answer = bench.cdp("Runtime.evaluate", expression="let n = 0; while (n < 3e7) n++; n", timeout=1)
    assert answer["result"]["result"]["value"] == 30_000_000


@in_child
def test_garbage_messages(lab: Lab) -> None:
    """A first byte of CBOR would make V8 answer in CBOR from then on."""
    bench = lab.bench()
    for message in (b"", b"\xd8\x5a\x00", b"null", b"{", b'{"id":1}', b"[1]", b"\xff\xfe", b'{"id":"x","method":1}'):
        bench.isolate.dispatch(0, message)
    assert "error" in bench.cdp("No.such")
    assert "error" in bench.cdp("Runtime.getProperties", objectId="nonsense")
    text = "h\u00e9\u4e2d\U0001f600"
    answer = bench.cdp("Runtime.evaluate", expression=json.dumps(text))
    assert answer["result"]["result"]["value"] == text
    bench.isolate.dispatch(77, b'{"id":1,"method":"Runtime.enable"}')
    assert bench.run("1").value == 1


@in_child
def test_run_in_a_released_context(lab: Lab) -> None:
    bench = lab.bench()
    context = bench.context()
    waiting = bench.start_busy("setInterval(() => {}, 5)", context_id=context)
    assert bench.ask(bench.isolate.release_context, context) is None
    assert bench.heard.report(waiting).outcome is Outcome.CANCELLED
    assert isinstance(bench.ask(bench.isolate.release_context, context), InspectorError)
    report = bench.run("1", context_id=context)
    assert report.outcome is Outcome.CANCELLED and "released" in report.evidence
    assert bench.run("import('./x.mjs')", context_id=4711).outcome is Outcome.CANCELLED
    assert bench.run("1").value == 1


@in_child
def test_replaced_intrinsics_change_nothing(lab: Lab) -> None:
    """A script may replace every intrinsic before our JavaScript is used."""
    bench = lab.bench()
    bench.run(
        """
        const boom = () => { throw new Error('an intrinsic was used'); };
        for (const holder of [Array.prototype, Promise.prototype, Object, Reflect, JSON, Date, Math, Map.prototype,
                              Function.prototype, Float64Array.prototype, String.prototype, Symbol]) {
          for (const name of Reflect.ownKeys(holder)) { try { holder[name] = boom } catch {} }
        }
        Object.prototype.toJSON = undefined;
        """
    )
    assert bench.run("({ a: [1, { b: 'x' }] })").value == {"a": [1, {"b": "x"}]}
    assert bench.run("setTimeout(function () { globalThis.fired = 1 }, 1); queueMicrotask(() => { globalThis.m = 2 })")
    assert bench.run("fired + m").value == 3
    assert bench.run("export const answer = 42", module=True).value == {"answer": 42}


@in_child
def test_rejections_without_end(lab: Lab) -> None:
    """Our own list of them must not grow with the script."""
    bench = lab.bench()
    run = bench.start_busy("for (let i = 0; i < 20000; i++) Promise.reject(i)")
    report = bench.heard.report(run)
    assert report.outcome is Outcome.THREW
    assert len(bench.heard.messages("Runtime.exceptionThrown")) <= 1000


@in_child
def test_result_that_explodes_as_json(lab: Lab) -> None:
    """An object of 31 arrays fills the process, off-heap, when it is written as JSON."""
    bench = lab.bench()
    report = bench.run("let a = [1]; for (let i = 0; i < 30; i++) a = [a, a]; a")
    assert report.outcome is Outcome.COMPLETED and not report.has_value


@in_child
def test_console_call_of_an_ended_script_is_its_last(lab: Lab) -> None:
    """An interpreted loop looks for interrupts once in some kilobytes of bytecode: a thousand calls of console.log."""
    bench = lab.bench()
    run = bench.start_busy("for (;;) console.log(1)")
    bench.heard.wait(lambda entry: entry[0] == "message" and b"consoleAPICalled" in entry[2], 20)
    bench.isolate.stop(Outcome.CANCELLED, "the test stopped it", run)
    lines = len(bench.heard.messages("Runtime.consoleAPICalled"))
    assert bench.heard.report(run, 20).outcome is Outcome.CANCELLED
    assert len(bench.heard.messages("Runtime.consoleAPICalled")) - lines <= 10
    assert bench.run("1").value == 1


@in_child
def test_result_that_never_answers(lab: Lab) -> None:
    """Getters, toJSON and proxies in sight are left alone; a proxy deep inside runs its traps, and can be ended."""
    bench = lab.bench()
    in_sight = (
        "({ toJSON() { for (;;); } })",
        "({ get a() { for (;;); } })",
        "new Proxy({}, { ownKeys() { for (;;); } })",
    )
    for source in in_sight:
        assert bench.run(source).outcome is Outcome.COMPLETED
    run = bench.start_busy("({ a: { b: { c: new Proxy({}, { ownKeys() { for (;;); } }) } } })")
    bench.busy_sample()
    assert bench.stop(run).outcome is Outcome.CANCELLED
    assert bench.run("1").value == 1


@in_child
def test_last_word_is_the_end(lab: Lab) -> None:
    """After `disposed` the sink hears nothing, though timers, samples and modules were under way."""
    bench = lab.bench()
    bench.start_busy("setInterval(() => console.log(1), 1); import('./x.mjs').catch(() => {})")
    bench.dispose()
    assert bench.heard.log[-1][0] == "disposed"
    assert bench.heard.of("state")[-1][1] is IsolateState.DISPOSED
