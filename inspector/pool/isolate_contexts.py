"""The contexts of an isolate: made, found, released, replaced. `IsolateRuns` adds what runs in them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from inspector.errors import ContextReleasedError, InspectorError
from inspector.pool.context import Context
from inspector.pool.isolate_life import IsolateLife
from inspector.pool.names import checked_name, free_name, next_version
from inspector.states import Capability, Outcome
from inspector.target.clock import now_us
from inspector.target.contexts import ExpectedContext

__all__ = ["IsolateContexts", "stop_params"]


class IsolateContexts(IsolateLife):
    """Each context has a global object of its own; they share the heap."""

    async def create_context(self, name: str | None = None, *, stem: str = "") -> Context:
        """A new global object on the same heap; waits while a script runs. UsageError for a name in use.

        Without a name it is "context 2" and so on, or `stem` with a number.
        """
        taken = {context.name for context in self._contexts.values()}
        if name is None:
            return await self._make_context(
                ExpectedContext(free_name(stem or "context", 1 if stem else len(taken) + 1, taken))
            )
        return await self._make_context(ExpectedContext(checked_name(name, taken, "context")))

    async def release_context(self, context_id: int) -> None:
        """End a context: its timers are dropped, its runs are cancelled. Waits while a script runs."""
        context = self._context(context_id)
        self.require(Capability.CONTEXTS, "Release a context")
        self._runs.cancel_held("its context was released", context.context_id)
        await self._release(context, "released")

    async def replace_context(self, context: Context) -> Context:
        """A fresh context in place of `context`, whose runs are cancelled; the old one is released as "replaced"."""
        self.require(Capability.CONTEXTS, "Run again in a fresh context")
        await self._stop_runs_in(context, "its context was replaced: run again")
        taken = {one.name for one in self._contexts.values()}
        name = next_version(context.name, taken)
        fresh = await self._make_context(ExpectedContext(name, context.is_default, context.context_id))
        fresh.files.inherit(context.files)
        await self._release(context, "replaced")
        return fresh

    def context(self, context_id: int | None, action: str = "Run") -> Context:
        """The context asked for, None: the default one. GoneError when it, or the isolate, has ended."""
        self._alive(action)
        return self._context(self.default_context_id if context_id is None else context_id)

    # --- inside ---

    def _context(self, context_id: int) -> Context:
        context = self._contexts.get(context_id)
        if context is None:
            cause = f"context {context_id} of {self.name} is unknown, was released or replaced"
            raise ContextReleasedError("Find the context", cause, "Choose one that is listed.")
        return context

    async def _make_context(self, expected: ExpectedContext) -> Context:
        self.require(Capability.CONTEXTS, "Create a context")
        contexts = self._target.contexts
        made: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        def done(answer: Mapping[str, Any] | InspectorError) -> None:
            if isinstance(answer, InspectorError):
                contexts.forget_expected(expected)
                _fail(made, answer)
                return
            context_id = int(answer["contextId"])
            created = contexts.created(context_id, expected.name, now_us())
            if created is not None:  # V8's own announcement did not come first
                self._note(created)
            if not made.done():
                made.set_result(context_id)

        contexts.expect(expected)
        self._ask("Isolate.createContext", {"name": expected.name}, done)
        return self._context(await made)

    async def _release(self, context: Context, reason: str) -> None:
        self._target.contexts.will_release(context.context_id, reason)
        await self.send("Isolate.releaseContext", {"contextId": context.context_id})
        event = self._target.contexts.released(context.context_id, now_us())
        if event is not None:
            self._note(event)

    async def _stop_runs_in(self, context: Context, evidence: str) -> None:
        self._runs.cancel_held(evidence, context.context_id)
        for run in [one for one in self._runs.active.values() if one.context_id == context.context_id]:
            await self.send("Isolate.stop", stop_params(run.run_id, evidence))


def stop_params(run_id: int | None, evidence: str) -> dict[str, Any]:
    params: dict[str, Any] = {"outcome": Outcome.CANCELLED.value, "evidence": evidence}
    return params if run_id is None else {**params, "runId": run_id}


def _fail(future: asyncio.Future[Any], error: InspectorError) -> None:
    if not future.done():
        future.set_exception(error)
