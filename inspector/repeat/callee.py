"""What is called in one isolate: a function that a file defines or exports, in one context; or the file as a script."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

import resources
from inspector.errors import UsageError
from inspector.repeat.records import Plan
from inspector.sources import Source, source_from_text
from inspector.states import Capability, Outcome, SourceKind

if TYPE_CHECKING:
    from inspector.pool import Isolate, Script
    from inspector.records import RunReport

__all__ = ["Callee", "prepare"]

_CONTEXTS = "repeat"  # what those that are made for it are called, with a number


class Callee(Struct):
    """Ready to be called. `words`: what it is, for a person. `owns_context`: its context is released with it."""

    isolate: Isolate
    context_id: int
    words: str
    _source: Source
    _script: Script | None  # None: the engine compiles it at each call
    _fresh: bool
    owns_context: bool
    _running_in: list[int] = field(default_factory=list)  # fresh contexts, a call in each

    async def call(self, timeout_s: float) -> RunReport:
        """One call, to its end; in a fresh context where that was asked for."""
        if not self._fresh:
            return await self._run(self.context_id, timeout_s)
        context = await self.isolate.create_context(stem=_CONTEXTS)
        self._running_in.append(context.context_id)
        try:
            return await self._run(context.context_id, timeout_s)
        finally:
            self._running_in.remove(context.context_id)
            if not self.isolate.is_ending:
                await self.isolate.release_context(context.context_id)

    async def code_cache(self) -> bytes | None:
        """V8's code of the script, for the next isolate; None where the engine makes none."""
        if self._script is None or self.isolate.refusal(Capability.CODE_CACHE):
            return None
        return await self._script.code_cache()

    async def stop(self) -> None:
        """End what runs of it now, as cancelled."""
        for context_id in (self.context_id, *self._running_in):
            if not self.isolate.is_ending:
                await self.isolate.stop_in(context_id, "the repeat was cancelled")

    async def close(self) -> None:
        """Give back what was made for it."""
        if self._script is not None:
            await self._script.release()
        if self.owns_context and not self.isolate.is_ending:
            await self.isolate.release_context(self.context_id)

    async def _run(self, context_id: int, timeout_s: float) -> RunReport:
        if self._script is not None:
            return await self.isolate.run_script(self._script, context_id, timeout_s, None, quiet=True)
        return await self.isolate.run(self._source, context_id=context_id, timeout_s=timeout_s, quiet=True)


async def prepare(
    isolate: Isolate,
    source: Source,
    plan: Plan,
    placed: Callable[[int], None] = lambda _: None,
    code_cache: bytes | None = None,
) -> tuple[Callee, Callee]:
    """The callee, and an empty function called the same way: what a call costs by itself. `placed` hears the context
    before anything runs in it. `code_cache`: `Callee.code_cache` of the same script in another isolate.

    UsageError when the file does not complete, when no function is found, when the payload is no JSON, or when the
    engine lacks what the plan asks for.
    """
    contexts = not isolate.refusal(Capability.CONTEXTS)
    if plan.fresh_context:
        isolate.require(Capability.CONTEXTS, "Repeat in fresh contexts")
    argument = _argument(plan.payload)
    context_id = (await isolate.create_context(stem=_CONTEXTS)).context_id if contexts else isolate.default_context_id
    placed(context_id)
    empty = await _made(
        isolate, context_id, _text(f"{resources.text('js/repeat/empty.js').strip()}({argument})"), False
    )
    if plan.script:
        if source.kind is SourceKind.MODULE:
            raise UsageError("Repeat the script", "it is a module, which runs once in a context", "Repeat a function.")
        where = "a fresh context each time" if plan.fresh_context else "one context"
        words = f"{source.path.name if source.path else source.url}, in {where}"
        callee = await _made(isolate, context_id, source, plan.fresh_context, words=words, code_cache=code_cache)
    else:
        name = await _find(isolate, context_id, source, plan)
        call = _text(f"{resources.text('js/repeat/call.js').strip()}({argument})")
        words = f"{name} of {source.path.name if source.path else source.url}"
        callee = await _made(isolate, context_id, call, False, words=words)
    callee.owns_context = contexts
    return callee, empty


async def _find(isolate: Isolate, context_id: int, source: Source, plan: Plan) -> str:
    """Run the file once and find the function in it; its name."""
    report = await isolate.run(source, context_id=context_id, timeout_s=plan.timeout_s)
    if report.outcome is not Outcome.COMPLETED:
        raise UsageError(f"Repeat a function of {source.url}", f"the file did not complete: {_why(report)}")
    module = source.url if source.kind is SourceKind.MODULE else ""
    asked = json.dumps({"name": plan.function, "module": module})
    finder = replace(_text(f"{resources.text('js/repeat/prepare.js').strip()}({asked})"), root=source.root)
    found = await isolate.run(finder, context_id=context_id, timeout_s=plan.timeout_s, quiet=True)
    if found.outcome is not Outcome.COMPLETED:
        remedy = "Name a function that it defines or exports, or repeat the whole script."
        raise UsageError(f"Repeat a function of {source.url}", _why(found), remedy)
    return str(found.value)


async def _made(
    isolate: Isolate,
    context_id: int,
    source: Source,
    fresh: bool,
    *,
    words: str = "",
    code_cache: bytes | None = None,
) -> Callee:
    script = None
    if not isolate.refusal(Capability.COMPILE):
        script = await isolate.compile_script(source, code_cache=code_cache)
    return Callee(isolate, context_id, words, source, script, fresh, False)


def _text(text: str) -> Source:
    return source_from_text(text, "inspector:repeat/call.js")


def _argument(payload: str) -> str:
    """JSON is JavaScript too: the literal makes a value anew for each call. UsageError."""
    if not payload.strip():
        return ""
    try:
        return json.dumps(json.loads(payload))
    except ValueError as error:
        raise UsageError(
            "Read the payload", f"it is no JSON: {error}", 'Write strings in quotes: {"user": 7}.'
        ) from None


def _why(report: RunReport) -> str:
    error = report.error
    return f"{error.name}: {error.message}" if error is not None and error.name else report.evidence
