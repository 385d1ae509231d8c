"""Classic scripts by V8's C++ API, and console input by the inspector's evaluation."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

import resources
from inspector.engine.native import errors
from inspector.records import ScriptError

if TYPE_CHECKING:
    from inspector.engine.native.context import Context
    from inspector.engine.native.isolate import NativeIsolate
    from inspector.engine.native.run import Run

__all__ = ["evaluate", "execute", "too_long"]


# V8 puts 25 functions on the global object for the names of its command line API, and takes them away again, at each
# evaluation: 0.07 ms, for inputs that may name one (in an eval or behind an escape, too).
_MAY_NAME_A_COMMAND = re.compile(
    r"[$\\]|eval|Function|\b(?:clear|copy|debug|dir|dirxml|inspect|keys|monitor|profile|profileEnd|queryObjects|table"
    r"|undebug|unmonitor|values)\b"
)


def execute(owner: NativeIsolate, run: Run, context: Context) -> None:
    """Compile and run a classic script; its completion value, or its error, goes into `run`. Inside the gate."""
    v8, isolate = owner.v8, owner.address
    request = run.request
    with v8.inside(context.slot), v8.catching(isolate, verbose=owner.sessions.pausing) as attempt:
        began = time.perf_counter()
        script = owner.scripts.bound(request.script) if request.script else _compiled(owner, run, context)
        if run.error is not None:
            return
        if request.script and not script:
            run.error = ScriptError("Error", "The compiled script was released.", request.url, 0, 0, "")
            return
        run.compile_ms = (time.perf_counter() - began) * 1e3
        run.executed_at = time.monotonic()
        if script:
            run.script_id = str(v8.calls.unbound_id(v8.calls.unbound_script(script)))
        value = v8.calls.run_script(script, context.slot) if script else 0
        if value:
            run.value = v8.keep(isolate, value)
            run.awaits = request.await_promise and owner.await_promise(run.value)
        elif not attempt.terminated:
            run.error = errors.caught(owner, context.slot, attempt)
            owner.sessions.report_end(context.slot, attempt.exception, run.error, message=attempt.message)


def _compiled(owner: NativeIsolate, run: Run, context: Context) -> int:
    """The script of the run's own source; 0 when V8 can't compile it."""
    request = run.request
    source = owner.v8.string(owner.address, request.source)
    if not source:
        run.error = too_long(request.url)
        return 0
    return owner.v8.compile_script(owner.address, context.slot, source, request.url)


def evaluate(owner: NativeIsolate, run: Run, context: Context) -> None:
    """Console input: names may be declared again, `await` is allowed at the top. Inside the gate."""
    run.executed_at = time.monotonic()
    run.asks_inspector = True

    def answered(answer: dict[str, Any]) -> None:
        run.asks_inspector = False
        result = answer.get("result") or {}
        details = result.get("exceptionDetails")
        if "error" in answer:
            run.error = ScriptError("Error", str(answer["error"].get("message", "")), run.request.url, 0, 0, "")
        elif details is not None:
            run.error = errors.from_details(details, run.request.url)
        else:
            run.remote = result.get("result")
            context.last = run.remote or {}

    if context.last and "$_" in run.request.source:
        _remember(owner, context, context.last)
    params = {
        "expression": _as_typed(owner, context, run.request.source),
        "contextId": context.context_id,
        "replMode": True,
        "includeCommandLineAPI": _MAY_NAME_A_COMMAND.search(run.request.source) is not None,
        "generatePreview": True,
        "userGesture": False,
        "awaitPromise": run.request.await_promise,
        "objectGroup": f"run:{run.request.run_id}",
    }
    owner.sessions.standing.command("Runtime.evaluate", params, answered)


def _remember(owner: NativeIsolate, context: Context, remote: dict[str, Any]) -> None:
    """Make a result `$_`: V8 takes for that what an evaluation in the group "console" gave, the newest one alone.

    Done when an input asks for it: it takes as long as the evaluation itself.
    The handle of the answer is let go at once, not with its group: that is also the group of what scripts logged.
    """
    standing = owner.sessions.standing

    def let_go(answer: dict[str, Any]) -> None:
        object_id = ((answer.get("result") or {}).get("result") or {}).get("objectId")
        if object_id is not None:
            standing.command("Runtime.releaseObject", {"objectId": object_id})

    params = {
        "functionDeclaration": resources.text("js/inspector/same.js"),
        "executionContextId": context.context_id,
        "arguments": [{key: remote[key] for key in ("objectId", "unserializableValue", "value") if key in remote}],
        "objectGroup": "console",
        "silent": True,
    }
    standing.command("Runtime.callFunctionOn", params, let_go)


def _as_typed(owner: NativeIsolate, context: Context, source: str) -> str:
    """`{a: 1}` is an object to whoever types it, though a block to V8: in parentheses when it compiles like that."""
    text = source.strip()
    if not (text.startswith("{") and text.endswith("}")):
        return source
    v8, isolate = owner.v8, owner.address
    with v8.inside(context.slot), v8.catching(isolate):
        wrapped = v8.string(isolate, f"({text})")
        compiled = wrapped and v8.compile_script(isolate, context.slot, wrapped, "inspector:console/object.js")
    return f"({text})" if compiled else source


def too_long(url: str) -> ScriptError:
    return ScriptError(
        "RangeError", "The source is longer than a string of V8 can be (536 million units).", url, 0, 0, ""
    )
