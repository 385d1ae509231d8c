"""Running a source in the isolate so that its value stays there, with its identity.

A file runs as it is: mini-racer's evaluation is V8's, a classic script's. Its value comes to Python and is handed back.
Console input is first tried as an expression that our JavaScript takes the value of (so a BigInt or a Date is shown as
itself), then as a script, then as an expression with a top-level await. A source that doesn't parse has no effect, so
trying again is safe; one that starts with a declaration is never tried as an expression.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote

from py_mini_racer import JSEvalException, JSObject, JSParseException

from inspector.engine.cutting import LARGE_BYTES, cut_string
from inspector.engine.portable.agent import Agent
from inspector.engine.portable.racer import Racer, Unconvertible
from inspector.engine.portable.remotes import buffer, unconvertible
from inspector.engine.portable.run import Run
from inspector.engine.portable.thrown import from_text

__all__ = ["Evaluation", "label_in", "labelled"]

_DECLARES = re.compile(r"(?:\s|//[^\n]*\n|/\*.*?\*/)*(?:(?:async\s+)?function\b|class\b)", re.DOTALL)
_LABELLED = re.compile(r"^[ \t]*//[#@] sourceURL=(\S+)[ \t]*$", re.MULTILINE)
_LABEL_SAFE = "!#$%&'()*+,-./:;=?@[]_{|}~"


class Evaluation:
    """Belongs to the isolate's thread."""

    def __init__(self, racer: Racer, agent: Agent, fence: Callable[[], Awaitable[bool]]) -> None:
        self._racer = racer
        self._agent = agent
        self._fence = fence  # waits until V8 has done the microtasks; whether it had to end them

    async def run(self, run: Run) -> None:
        """Evaluate `run`'s source. Its error is kept in the run. Raises Interrupted, JSOOMException."""
        await self._agent.call("begin", run.number, run.waits_for_timers, run.group, run.preview, run.request.repl)
        try:
            await (self._input(run) if run.request.repl else self._script(run))
        except JSEvalException as error:
            if self._racer.limit_was_hit:
                raise
            run.error = self._told(str(error), run)

    async def _script(self, run: Run) -> None:
        await self._evaluate(run, labelled(run.request.source, run.request.url))

    async def _evaluate(self, run: Run, source: str) -> None:
        awaits = run.request.await_promise
        try:
            value = await self._racer.evaluate(source)
        except Unconvertible as error:
            run.stand_in = unconvertible(str(error))
            value = None
        # What follows would wait behind the microtasks, and nothing could end that. When V8 had to end them the run
        # has a verdict, and its value stays alone: to hand it back beside a heap at its limit crashed the process.
        if await self._fence():
            return
        if isinstance(value, memoryview):
            run.stand_in = buffer(value)
            value = None
        elif isinstance(value, str) and len(value) > LARGE_BYTES:  # to hand it back would take its memory twice more
            run.stand_in = {"type": "string", "value": value}
            cut_string(run.stand_in)
            value = None
        if not isinstance(value, JSObject | datetime):
            await self._agent.call_with("returnedPlain", run.number, awaits, plain=value)
            return
        await self._agent.put(value)
        await self._agent.call("returned", run.number, awaits)

    async def _input(self, run: Run) -> None:
        source, url = run.request.source, run.request.url
        if not _DECLARES.match(source) and source.strip() and await self._parses(run, self._agent.keeping(source)):
            return
        try:
            await self._evaluate(run, labelled(source, url))
        except JSParseException:
            if "await" not in source or not await self._parses(run, self._agent.keeping_awaited(source)):
                raise

    async def _parses(self, run: Run, source: str) -> bool:
        """Evaluate one of the forms that keep the value; False when it doesn't parse."""
        try:
            await self._racer.evaluate(labelled(source, run.request.url))
        except JSParseException:
            return False
        except JSEvalException as error:
            if self._racer.limit_was_hit:
                raise
            run.error = self._told(str(error), run, source.index(run.request.source))
            return True
        if await self._fence():
            return True
        await self._agent.call("returnedKept", run.number, run.request.await_promise)
        return True

    def _told(self, text: str, run: Run, prefix: int = 0) -> Any:
        label, url = label_of(run.request.url), run.request.url
        return from_text(text.replace(label, url) if label != url and label else text, prefix)


def label_of(url: str) -> str:
    """`url` as a sourceURL comment can carry it: no white space, no quotes."""
    return quote(url, safe=_LABEL_SAFE) if re.search(r"[\s\"'`]", url) else url


def label_in(source: str) -> str:
    """The sourceURL that a source gives itself; "" when it has none."""
    found = _LABELLED.findall(source)
    return found[-1] if found else ""


def labelled(source: str, url: str) -> str:
    """`source` with its label on a line behind it, which shifts nothing; a label of its own stays."""
    if not url or _LABELLED.search(source):
        return source
    return f"{source}\n//# sourceURL={label_of(url)}"
