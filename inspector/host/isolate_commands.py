"""The `Isolate.*` commands, one function each. What is not in the table goes to V8's inspector."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from inspector.engine.port import CompilesScripts, ContextMade, Done, ModuleSource, RunRequest
from inspector.errors import ProtocolError
from inspector.host.call_commands import CallCommands
from inspector.host.copies import Copies
from inspector.host.inbox import Inbox
from inspector.host.isolate import Isolate
from inspector.host.more_commands import MoreCommands
from inspector.host.params import INVALID_PARAMS, SERVER_ERROR, Params
from inspector.host.runs import Run
from inspector.host.sampler import MAX_RATE_HZ, MIN_RATE_HZ, Sampler
from inspector.host.session_commands import SessionCommands
from inspector.host.value_commands import ValueCommands
from inspector.states import Outcome, SourceKind

__all__ = ["IsolateCommands"]

_MOST_ID = (1 << 53) - 1  # whole numbers up to here survive JSON in every reader
_MOST_MS = 1e12
_STOPPED_AS = tuple(str(outcome) for outcome in Outcome if outcome is not Outcome.COMPLETED)


class IsolateCommands:
    """Serves commands of isolates. A command is `serve(isolate, command_id, params)`; answers may come later."""

    def __init__(self, inbox: Inbox, sampler: Sampler, copies: Copies) -> None:
        self._inbox = inbox
        self._sampler = sampler
        self.table: dict[str, Callable[[Isolate, int | None, Params], None]] = {
            "Isolate.createContext": self._create_context,
            "Isolate.releaseContext": self._release_context,
            "Isolate.run": self._run,
            "Isolate.stop": self._stop,
            "Isolate.provideModule": self._provide_module,
            "Isolate.collectGarbage": self._collect_garbage,
            "Isolate.setPausing": self._set_pausing,
            "Isolate.setSampleRate": self._set_sample_rate,
            **MoreCommands(self._done).table,
            **CallCommands(self._done, copies).table,
            **ValueCommands(self._done, copies).table,
            **SessionCommands().table,
        }

    def _create_context(self, isolate: Isolate, command_id: int | None, params: Params) -> None:
        isolate.engine.create_context(params.text("name"), self._done(isolate, command_id, _context_made))

    def _release_context(self, isolate: Isolate, command_id: int | None, params: Params) -> None:
        context_id = params.whole("contextId", 0, _MOST_ID)
        isolate.engine.release_context(context_id, self._done(isolate, command_id, _nothing))

    def _run(self, isolate: Isolate, command_id: int | None, params: Params) -> None:
        run_id = params.whole("runId", 0, _MOST_ID)
        if run_id in isolate.runs:
            raise ProtocolError("Isolate.run", f"run {run_id} is under way already", code=INVALID_PARAMS)
        request = RunRequest(
            run_id=run_id,
            context_id=params.whole("contextId", 0, _MOST_ID),
            source=params.text("source"),
            url=params.text("url"),
            kind=SourceKind(params.one_of("kind", tuple(str(kind) for kind in SourceKind))),
            repl=params.flag("repl", False),
            script=params.whole("script", 0, _MOST_ID, 0),
        )
        if request.script and not isinstance(isolate.engine, CompilesScripts):
            raise ProtocolError("Isolate.run", "this engine has no compiled scripts", code=INVALID_PARAMS)
        run = Run(run_id, command_id, _limit_us(params, "timeoutMs"), _limit_us(params, "cpuLimitMs"))
        isolate.runs.add(run)  # first: a short run may be answered on V8's thread before `run` has returned
        try:
            isolate.engine.run(request)
        except Exception:
            isolate.runs.settled(run_id)
            raise

    def _stop(self, isolate: Isolate, command_id: int | None, params: Params) -> None:
        run_id = params.optional_whole("runId", 0, _MOST_ID)
        outcome = Outcome(params.one_of("outcome", _STOPPED_AS, str(Outcome.CANCELLED)))
        isolate.engine.stop(outcome, params.text("evidence", "stopped on request"), run_id)
        isolate.answer(command_id, {})

    def _provide_module(self, isolate: Isolate, command_id: int | None, params: Params) -> None:
        module = ModuleSource(
            url=params.text("url"),
            source=params.text("source", ""),
            is_json=params.flag("isJson", False),
            error=params.text("error", ""),
        )
        isolate.engine.provide_module(params.whole("requestId", 0, _MOST_ID), module)
        isolate.answer(command_id, {})

    def _collect_garbage(self, isolate: Isolate, command_id: int | None, params: Params) -> None:
        isolate.engine.collect_garbage(self._done(isolate, command_id, _collected))

    def _set_pausing(self, isolate: Isolate, command_id: int | None, params: Params) -> None:
        isolate.engine.set_pausing(params.flag("enabled"))
        isolate.answer(command_id, {})

    def _set_sample_rate(self, isolate: Isolate, command_id: int | None, params: Params) -> None:
        self._sampler.set_rate(isolate.isolate_id, params.number("hz", MIN_RATE_HZ, MAX_RATE_HZ))
        isolate.answer(command_id, {})

    def _done(self, isolate: Isolate, command_id: int | None, write: Callable[[Any], dict[str, Any]]) -> Done:
        """A `Done` for the engine: the answer is written on the loop."""
        isolate.pending.add(command_id)

        def finish(result: object) -> None:
            if not isolate.pending.answered(command_id):
                return  # the isolate ended first, and the command was refused then
            if isinstance(result, BaseException):
                isolate.refuse(command_id, SERVER_ERROR, str(result))
            else:
                isolate.answer(command_id, write(result))

        return lambda result: self._inbox.put(finish, result)


def _limit_us(params: Params, name: str) -> int | None:
    value = params.optional_number(name, 1, _MOST_MS)
    return None if value is None else round(value * 1000)


def _context_made(made: ContextMade) -> dict[str, Any]:
    return {"contextId": made.context_id, "contextMs": made.context_ms, "preludeMs": made.prelude_ms}


def _nothing(_: object) -> dict[str, Any]:
    return {}


def _collected(figures: tuple[int, int, float]) -> dict[str, Any]:
    before, after, ms = figures
    return {"usedBefore": before, "usedAfter": after, "ms": ms}
