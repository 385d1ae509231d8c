"""The CDP methods that this engine answers; all others get -32601. Answers are what V8's inspector would say."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from py_mini_racer import JSEvalException

from inspector.engine.port import RunRequest
from inspector.engine.portable.console import CONTEXT_ID
from inspector.engine.portable.interior import Interior
from inspector.engine.portable.run import Evaluated, Run, Verdict
from inspector.engine.portable.thrown import details_of
from inspector.errors import InspectorError, ProtocolError
from inspector.states import Outcome, SourceKind
from inspector.wire import SAMPLE_WORDS

__all__ = ["Protocol"]

log = logging.getLogger(__name__)

_PARSE, _INVALID_REQUEST, _NO_METHOD, _BAD_PARAMS, _FAILED = -32700, -32600, -32601, -32602, -32000
_GONE = "gone"  # agent.js: no such object id
_USED, _TOTAL = SAMPLE_WORDS.index("used_bytes"), SAMPLE_WORDS.index("total_bytes")
Params = Mapping[str, Any]
Reply = Callable[[Mapping[str, Any]], None]


class Protocol:
    """One isolate's sessions. `receive` belongs to the isolate's thread."""

    def __init__(self, interior: Interior) -> None:
        self._in = interior
        self._handlers: Mapping[str, Callable[[int, Params, Reply], Awaitable[None]]] = {
            "Runtime.enable": self._enable,
            "Runtime.disable": self._disable,
            "Runtime.evaluate": self._evaluate,
            "Runtime.getProperties": self._properties,
            "Runtime.callFunctionOn": self._call_on,
            "Runtime.releaseObject": self._release,
            "Runtime.releaseObjectGroup": self._release_group,
            "Runtime.discardConsoleEntries": self._discard_console,
            "Runtime.getHeapUsage": self._heap_usage,
            "Runtime.getIsolateId": self._isolate_id,
            "Debugger.getScriptSource": self._script_source,
            "HeapProfiler.collectGarbage": self._collect_garbage,
        }

    def receive(self, session: int, message: bytes) -> None:
        """Serve one message; what needs V8 gets in line behind what runs."""
        try:
            call = json.loads(message)
            number, method, params = call.get("id"), call.get("method"), call.get("params", {})
        except (ValueError, AttributeError, RecursionError):
            self._error(session, None, _PARSE, "Message must be a valid JSON object")
            return
        if not isinstance(number, int) or isinstance(number, bool):
            self._error(session, None, _INVALID_REQUEST, "Message must have integer 'id' property")
        elif not isinstance(method, str):
            self._error(session, number, _INVALID_REQUEST, "Message must have string 'method' property")
        elif not isinstance(params, dict):
            self._error(session, number, _BAD_PARAMS, "'params' must be an object")
        elif method == "Runtime.terminateExecution":
            self._in.stop(Verdict(Outcome.CANCELLED, "ended by Runtime.terminateExecution"), None, in_line=False)
            self._reply(session, number, {})
        elif method not in self._handlers:
            self._error(
                session, number, _NO_METHOD, f"'{method}' wasn't found: the public API engine has no V8 inspector"
            )
        else:
            self._queue(session, number, method, params)

    def _queue(self, session: int, number: int, method: str, params: Params) -> None:
        async def serve() -> None:
            try:
                await self._handlers[method](session, params, lambda result: self._reply(session, number, result))
            except ProtocolError as error:
                self._error(session, number, error.code, error.cause)
            except InspectorError as error:
                self._error(session, number, _FAILED, str(error))
            except JSEvalException as error:
                self._error(session, number, _FAILED, f"'{method}' failed: {error}".split("\n")[0])

        self._in.worker.post(serve, lambda: self._error(session, number, _FAILED, "the isolate was disposed"))

    def _reply(self, session: int, number: int, result: Mapping[str, Any]) -> None:
        self._in.sink.message(session, json.dumps({"id": number, "result": result}).encode())

    def _error(self, session: int, number: int | None, code: int, message: str) -> None:
        text = json.dumps({"id": number, "error": {"code": code, "message": message}})
        self._in.sink.message(session, text.encode())

    # --- Runtime ---

    async def _enable(self, session: int, _: Params, reply: Reply) -> None:
        self._in.console.listen(session)
        reply({})

    async def _disable(self, session: int, _: Params, reply: Reply) -> None:
        self._in.console.leave(session)
        reply({})

    async def _evaluate(self, _: int, params: Params, reply: Reply) -> None:
        by_value = _flag(params, "returnByValue")
        if params.get("contextId", CONTEXT_ID) != CONTEXT_ID:
            raise _wrong("Cannot find context with specified id", _FAILED)
        request = RunRequest(
            run_id=0,
            context_id=CONTEXT_ID,
            source=_text(params, "expression"),
            url="",
            kind=SourceKind.SCRIPT,
            await_promise=_flag(params, "awaitPromise"),
            repl=True,
        )
        run = Run(
            self._in.runs.number(),
            request,
            lambda _, ended: reply(_evaluated(ended, by_value)),
            waits_for_timers=False,
            group="" if by_value else _text(params, "objectGroup", "evaluated"),
            preview=_flag(params, "generatePreview"),
        )
        await self._in.execute(self._in.runs.add(run))

    async def _properties(self, _: int, params: Params, reply: Reply) -> None:
        flags = ("ownProperties", "accessorPropertiesOnly", "generatePreview", "nonIndexedPropertiesOnly")
        answer = await self._in.agent.call(
            "properties", _text(params, "objectId"), *(_flag(params, flag) for flag in flags)
        )
        reply(_unless_gone(answer))

    async def _call_on(self, _: int, params: Params, reply: Reply) -> None:
        by_value = _flag(params, "returnByValue")
        given = params.get("arguments", [])
        if not isinstance(given, list):
            raise _wrong("arguments: array expected")
        words = (
            _text(params, "objectId", ""),
            _text(params, "functionDeclaration"),
            json.dumps([_argument(each) for each in given]),
            _text(params, "objectGroup", "evaluated"),
            _flag(params, "generatePreview"),
            by_value,
        )
        answer: Any = None

        async def call() -> None:
            nonlocal answer
            answer = await self._in.agent.call("callOn", *words)

        await self._in.turns.turn(call)
        if answer is None:
            raise _wrong("Execution was terminated", _FAILED)
        told = _unless_gone(answer)
        if "error" in told:
            reply(_evaluated(Evaluated(details=told["error"]), by_value))
        else:
            reply(_evaluated(Evaluated(remote=told["remote"], json_text=told.get("json")), by_value))

    async def _release(self, _: int, params: Params, reply: Reply) -> None:
        await self._in.agent.call("release", _text(params, "objectId"))
        reply({})

    async def _release_group(self, _: int, params: Params, reply: Reply) -> None:
        await self._in.agent.call("releaseGroup", _text(params, "objectGroup"))
        reply({})

    async def _script_source(self, _: int, params: Params, reply: Reply) -> None:
        source = self._in.scripts.source_of(_text(params, "scriptId"))
        if source is None:
            raise _wrong("No script for id: it is unknown, or newer ones took its place", _FAILED)
        reply({"scriptSource": source})

    async def _discard_console(self, _: int, __: Params, reply: Reply) -> None:
        await self._in.agent.call("discardConsole")
        self._in.console.drain()
        reply({})

    async def _heap_usage(self, _: int, __: Params, reply: Reply) -> None:
        words = (await self._in.samples.take()).words
        reply(
            {"usedSize": words[_USED], "totalSize": words[_TOTAL], "embedderHeapUsedSize": 0, "backingStorageSize": 0}
        )

    async def _isolate_id(self, _: int, __: Params, reply: Reply) -> None:
        reply({"id": str(self._in.spec.isolate_id)})

    # --- HeapProfiler ---

    async def _collect_garbage(self, _: int, __: Params, reply: Reply) -> None:
        await self._in.racer.collect()
        self._in.samples.went_idle()
        reply({})


def _evaluated(ended: Evaluated, by_value: bool) -> dict[str, Any]:
    """The answer of Runtime.evaluate."""
    if ended.verdict is not None:
        raise_text = {"type": "string", "value": ended.verdict.evidence}
        return {"result": raise_text, "exceptionDetails": {**_NO_PLACE, "text": "Uncaught", "exception": raise_text}}
    if ended.details is not None or ended.error is not None:
        given = (ended.details or {}).get("exception")
        details = dict(ended.details or {}) if ended.error is None else details_of(ended.error, given)
        return {"result": details["exception"], "exceptionDetails": {**_NO_PLACE, **details}}
    remote = dict(ended.remote or {"type": "undefined"})
    if by_value and remote["type"] in ("object", "function") and "value" not in remote:
        if ended.json_text is None:
            failed = {"type": "string", "value": "Object couldn't be returned by value"}
            return {"result": failed, "exceptionDetails": {**_NO_PLACE, "text": "Uncaught", "exception": failed}}
        return {"result": {"type": remote["type"], "value": json.loads(ended.json_text)}}
    return {"result": remote}


_NO_PLACE = {"exceptionId": 0, "lineNumber": 0, "columnNumber": 0}


def _argument(given: Any) -> dict[str, Any]:
    """CDP's CallArgument as agent.js takes it."""
    if not isinstance(given, dict):
        raise _wrong("arguments: each must be an object")
    if "unserializableValue" in given:
        return {"unserializable": str(given["unserializableValue"])}
    return {key: given[key] for key in ("objectId", "value") if key in given}


def _unless_gone(answer: Any) -> Mapping[str, Any]:
    if answer == _GONE or not isinstance(answer, dict):
        raise _wrong("Could not find object with given id", _FAILED)
    return answer


def _text(params: Params, name: str, default: str | None = None) -> str:
    value = params.get(name, default)
    if not isinstance(value, str):
        raise _wrong(f"{name}: string value expected")
    return value


def _flag(params: Params, name: str) -> bool:
    value = params.get(name, False)
    if not isinstance(value, bool):
        raise _wrong(f"{name}: boolean value expected")
    return value


def _wrong(cause: str, code: int = _BAD_PARAMS) -> ProtocolError:
    return ProtocolError("CDP command", cause, code=code)
