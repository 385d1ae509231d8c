"""Python functions that scripts call: `Context.expose` puts them there, here their calls are served.

A call's arguments were copied when the script made it; what the function returns is copied back; what it raises
arrives as an Error. The script gets a promise. A call whose run is ended is cancelled.
"""

from __future__ import annotations

import asyncio
import base64
import inspect
import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from inspector.clone import CloneError, decode, encode
from inspector.errors import GoneError, InspectorError, UsageError
from inspector.events import RunReport
from inspector.pool.names import is_name
from inspector.pool.traffic import Traffic
from inspector.states import Capability, Outcome

if TYPE_CHECKING:
    from inspector.pool.context import Context
    from inspector.pool.isolate import Isolate

__all__ = ["ExposedFunction", "HostFunctions"]

MOST_CALLS = 1000  # under way in one isolate; more are rejected

log = logging.getLogger(__name__)


class ExposedFunction(Struct, eq=False):
    """A door into a context, and what went through it."""

    name: str
    context_id: int
    function: Callable[..., Any]
    traffic: Traffic = field(default_factory=Traffic)  # `in`: answers; refusals are what it raised
    failures: int = 0

    @property
    def calls(self) -> int:
        return self.traffic.calls

    @property
    def bytes_in(self) -> int:
        """Of arguments, as they travel."""
        return self.traffic.bytes_out

    @property
    def bytes_out(self) -> int:
        """Of answers."""
        return self.traffic.bytes_in

    @property
    def last_us(self) -> int:
        """When it was called last; 0: never."""
        return self.traffic.last_us


class HostFunctions:
    """Of one isolate. Belongs to the pool's loop."""

    def __init__(self, isolate: Isolate) -> None:
        self._isolate = isolate
        self._functions: dict[tuple[int, str], ExposedFunction] = {}
        self._calls: dict[asyncio.Task[None], int | None] = {}  # -> the run on whose behalf, None: nobody's

    @property
    def functions(self) -> tuple[ExposedFunction, ...]:
        """Those that scripts can call, oldest first."""
        return tuple(self._functions.values())

    @property
    def under_way(self) -> int:
        return len(self._calls)

    async def expose(self, context: Context, name: str, function: Callable[..., Any]) -> ExposedFunction:
        """See `Context.expose`."""
        action = f"Expose {name}"
        self._isolate.require(Capability.HOST_FUNCTIONS, action)
        if not is_name(name):
            raise UsageError(action, "it is no JavaScript name", "Use letters, digits, _ and $.")
        if not callable(function):
            raise UsageError(action, f"{type(function).__name__} can't be called", "Give a function.")
        key = context.context_id, name
        before = self._functions.get(key)
        made = self._functions[key] = ExposedFunction(name, context.context_id, function)
        try:
            await self._isolate.send("Isolate.expose", {"contextId": context.context_id, "name": name})
        except BaseException:
            self._functions.pop(key, None)
            if before is not None:
                self._functions[key] = before
            raise
        return made

    async def withdraw(self, context: Context, name: str) -> None:
        """See `Context.withdraw`."""
        if self._functions.pop((context.context_id, name), None) is None:
            raise UsageError(f"Withdraw {name}", f"it is not exposed in {context.name}")
        await self._isolate.send("Isolate.withdraw", {"contextId": context.context_id, "name": name})

    # --- called by the isolate's life ---

    def called(self, params: Mapping[str, Any]) -> None:
        """`Isolate.hostCalled`. KeyError, TypeError or ValueError when it is garbled."""
        context_id, name, call_id = int(params["contextId"]), str(params["name"]), str(params["callId"])
        run_id = params.get("runId")
        exposed = self._functions.get((context_id, name))
        serving = self._serve(exposed, context_id, call_id, params)
        task = asyncio.create_task(serving, name=f"serve {name}()")
        self._calls[task] = run_id if isinstance(run_id, int) else None
        task.add_done_callback(lambda done: self._calls.pop(done, None))

    def run_settled(self, run_id: int, report: RunReport) -> None:
        """What a run that was ended had called is ended too."""
        if report.outcome not in (Outcome.COMPLETED, Outcome.THREW):
            for task in [task for task, owner in self._calls.items() if owner == run_id]:
                task.cancel()

    def context_ended(self, context_id: int) -> None:
        for key in [key for key in self._functions if key[0] == context_id]:
            del self._functions[key]

    def close(self) -> None:
        for task in list(self._calls):
            task.cancel()
        self._functions.clear()

    # --- inside ---

    async def _serve(
        self, exposed: ExposedFunction | None, context_id: int, call_id: str, params: Mapping[str, Any]
    ) -> None:
        try:
            if exposed is None:
                raise GoneError(f"Call {params['name']}", "it is exposed no longer")
            if len(self._calls) > MOST_CALLS:
                raise UsageError(
                    f"Call {exposed.name}", f"{MOST_CALLS} calls are under way already", "Await some first."
                )
            answer = await self._call(exposed, params)
            failed = False
        except Exception as error:  # also the function's own: it crosses as an error
            answer, failed = encode(error), True
            if exposed is not None:
                ours = isinstance(error, CloneError | GoneError | UsageError)
                exposed.traffic.refuse(getattr(error, "cause", "") if ours else f"it raised {type(error).__name__}")
        if exposed is not None:
            exposed.failures += failed
            exposed.traffic.bytes_in += len(answer)
        if not self._isolate.is_ending:
            try:
                told = {"contextId": context_id, "callId": call_id, "failed": failed}
                told["data"] = base64.b64encode(answer).decode("ascii")
                await self._isolate.send("Isolate.answerCall", told)
            except InspectorError as error:
                log.info("an answer to a host call was not taken: %s", error)

    async def _call(self, exposed: ExposedFunction, params: Mapping[str, Any]) -> bytes:
        data = base64.b64decode(str(params["data"]))
        exposed.traffic.used(bytes_out=len(data))
        value = exposed.function(*decode(data))
        if inspect.isawaitable(value):
            value = await value
        return encode(value)
