"""Scripts: what a run completes, how it ends, what its report says."""

from __future__ import annotations

from inspector.states import IsolateState, Outcome
from tests.engine.portable.child import in_child
from tests.engine.portable.lab import Lab


@in_child
def test_a_value_comes_back(lab: Lab) -> None:
    report = lab.isolate().run("({a: 1, b: [1, 'x', null, true], c: {d: -0.5}})")
    assert report.outcome is Outcome.COMPLETED
    assert report.has_value and report.value == {"a": 1, "b": [1, "x", None, True], "c": {"d": -0.5}}
    assert report.result is not None and report.result["preview"]["properties"][0]["name"] == "a"
    assert report.preview == "{a: 1, b: Array(4), c: {…}}", report.preview
    assert report.timings.cpu_ms is None and report.timings.run_ms > 0


@in_child
def test_what_is_not_json_has_no_value(lab: Lab) -> None:
    subject = lab.isolate()
    for source in (
        "(function f() {})",
        "Symbol('x')",
        "undefined",
        "new Map([[1, 2]])",
        "let c = {}; c.c = c",
        "({get a() {}})",
    ):
        report = subject.run(f"{{ {source} }}" if "let" in source else source)
        assert report.outcome is Outcome.COMPLETED and not report.has_value, (source, report)
    assert subject.run("null").value is None and subject.run("null").has_value


@in_child
def test_values_that_mini_racer_cannot_convert_do_not_hang(lab: Lab) -> None:
    subject = lab.isolate()
    for source in ("10n", "new Date(NaN)", "'\\ud800'"):
        report = subject.run(source)
        assert report.outcome is Outcome.COMPLETED and "can't convert" in report.preview, report
    assert subject.run("new ArrayBuffer(4)").preview == "ArrayBuffer(4)"
    assert subject.run("1 + 1").value == 2


@in_child
def test_an_error_has_its_place(lab: Lab) -> None:
    subject = lab.isolate()
    error = subject.run("\n  function f() { null.x }\nf()", url="/a folder/my file.js").error
    assert error is not None
    assert (error.name, error.message) == ("TypeError", "Cannot read properties of null (reading 'x')")
    assert (error.file, error.line, error.column) == ("/a folder/my file.js", 2, 23)
    assert error.source_line == "  function f() { null.x }"
    assert "at f (/a folder/my file.js:2:23)" in error.stack and "inspector:" not in error.stack


@in_child
def test_a_syntax_error_has_its_place(lab: Lab) -> None:
    subject = lab.isolate()
    error = subject.run("let a = 1;\n\n\tfoo(;\n", url="bad.js").error
    assert error is not None
    assert (error.name, error.message) == ("SyntaxError", "Unexpected token ';'")
    assert (error.file, error.line, error.column, error.source_line) == ("bad.js", 3, 6, "\tfoo(;")
    for source in ("/* never ends", "`never ends", "'", "{", "let x = 1; let x = 2", "\u2028foo("):
        report = subject.run(source)
        assert report.outcome is Outcome.THREW and report.error is not None, source
        assert report.error.name == "SyntaxError" and report.error.line > 0, (source, report.error)


@in_child
def test_anything_can_be_thrown(lab: Lab) -> None:
    subject = lab.isolate()
    for thrown in ("'text'", "5", "null", "undefined", "{a: 1}", "Symbol('s')", "Object.create(null)", "10n"):
        report = subject.run(f"throw {thrown}")
        assert report.outcome is Outcome.THREW and report.error is not None, thrown
        assert report.error.name == "Uncaught" and report.error.line == 1, report.error
    nested = subject.run("throw Object.assign(new RangeError('two\\nlines'), {a: 1})", url="n.js").error
    assert nested is not None and (nested.name, nested.message, nested.line) == ("RangeError", "two\nlines", 1)
    hooked = subject.run("Error.prepareStackTrace = () => { throw 1 }; throw new Error('hooked')").error
    assert hooked is not None and hooked.message == "hooked"


@in_child
def test_a_promise_is_awaited(lab: Lab) -> None:
    subject = lab.isolate()
    report = subject.run("(async () => { await new Promise(r => setTimeout(r, 30)); return {done: 1} })()")
    assert report.outcome is Outcome.COMPLETED and report.value == {"done": 1}
    assert report.timings.run_ms >= 25
    rejected = subject.run("(async () => {\n  await 0;\n  throw new TypeError('late') })()", url="late.js")
    assert rejected.outcome is Outcome.THREW and rejected.error is not None
    assert (rejected.error.name, rejected.error.message) == ("TypeError", "late")
    assert (rejected.error.file, rejected.error.line) == ("late.js", 3), rejected.error
    value = subject.run("Promise.reject('why')").error
    assert value is not None and (value.name, value.message) == ("Uncaught", "'why'")
    unawaited = subject.run("Promise.resolve(5)", awaits=False)
    assert unawaited.result is not None and unawaited.result["subtype"] == "promise"


@in_child
def test_several_runs_wait_at_once(lab: Lab) -> None:
    subject = lab.isolate()
    ticking = subject.start("var n = 0; setInterval(() => console.log('tick', ++n), 20); 'ticks'")
    subject.has_logged("tick", 1)
    subject.is_in(IsolateState.WAITING)
    assert subject.run("n > 0").value is True
    subject.has_logged("tick", 3)
    subject.stop(run_id=ticking)
    assert subject.settled(ticking).outcome is Outcome.CANCELLED
    subject.is_in(IsolateState.IDLE)
    subject.listener.wait("timers", lambda at_us: at_us is None)


@in_child
def test_top_level_names_are_shared_between_scripts(lab: Lab) -> None:
    subject = lab.isolate()
    subject.run("const c = 1; let l = 2; class K {}; function f() { return 3 } var v = 4")
    assert subject.run("[c, l, typeof K, f(), v]").value == [1, 2, "function", 3, 4]
    again = subject.run("const c = 5")
    assert again.error is not None and again.error.message == "Identifier 'c' has already been declared"


@in_child
def test_console_input(lab: Lab) -> None:
    subject = lab.isolate()

    def typed(source: str) -> str:
        return subject.run(source, url="", repl=True).preview

    assert typed("2n ** 70n") == "1180591620717411303424n"
    assert typed("{a: 1}") == "{a: 1}"
    assert typed("let x = 5") == "undefined" and typed("x + 1") == "6"
    assert typed("function g() { return 7 }") == "undefined" and typed("g()") == "7"
    assert typed("class A {}") != "" and typed("new A()") == "A {}"
    assert typed("await new Promise(r => setTimeout(() => r('waited'), 10))") == "'waited'"
    assert typed("1 // a comment") == "1" and typed("// only a comment") == "undefined" and typed("") == "undefined"
    assert typed("new Date(0).getTime()") == "0"
    error = subject.run("  nothere.x", url="", repl=True).error
    assert error is not None and (error.name, error.line, error.column) == ("ReferenceError", 1, 3)
    assert error.source_line == "  nothere.x"
    syntax = subject.run("1 +* 2", url="", repl=True).error
    assert syntax is not None and (syntax.name, syntax.column, syntax.source_line) == ("SyntaxError", 4, "1 +* 2")


@in_child
def test_modules_and_other_contexts_are_refused_with_the_reason(lab: Lab) -> None:
    from inspector.engine.port import RunRequest
    from inspector.states import SourceKind

    subject = lab.isolate()
    subject.isolate.run(RunRequest(71, 1, "export {}", "a.mjs", SourceKind.MODULE))
    subject.isolate.run(RunRequest(72, 9, "1", "a.js", SourceKind.SCRIPT))
    module, context = subject.settled(71), subject.settled(72)
    assert module.error is not None and "classic scripts only" in module.error.message
    assert context.error is not None and "one context per isolate" in context.error.message
    assert {71, 72} <= set(subject.listener.all("started"))
