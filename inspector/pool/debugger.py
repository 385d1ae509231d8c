"""Our own debugger on one isolate: breakpoints, steps, frames, scopes, over the standing session.

The isolate pauses only while somebody debugs: a foreign debugger, or this one, from `activate` or the first breakpoint
until `deactivate`. Everything raises UnsupportedError where the engine can't pause, ProtocolError with V8's words,
GoneError once the isolate has ended.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct

import resources
from inspector.errors import UsageError
from inspector.events import IsolatePaused, PausedFrame, PausedScope
from inspector.states import Capability, IsolateState

if TYPE_CHECKING:
    from inspector.pool.isolate import Isolate

__all__ = ["Breakpoint", "Debugger", "ExceptionPauses", "Place"]

ExceptionPauses = Literal["none", "uncaught", "caught", "all"]


class Place(Struct, frozen=True):
    """Where a breakpoint sits in a script that was parsed; 1-based."""

    script_id: str
    line: int
    column: int


class Breakpoint(Struct, frozen=True):
    """`places` is empty until a script of this url is parsed: it is then set there."""

    breakpoint_id: str
    url: str
    line: int  # 1-based, as asked for
    column: int | None
    condition: str
    places: tuple[Place, ...]
    log: str = ""


class Debugger:
    """Of one isolate, as `Isolate.debugger`. For the pool's loop alone."""

    def __init__(self, isolate: Isolate) -> None:
        self._isolate = isolate
        self._breakpoints: dict[str, Breakpoint] = {}
        self._active = False

    @property
    def paused(self) -> IsolatePaused | None:
        """Where it stands, while it is paused."""
        return self._isolate.paused

    @property
    def active(self) -> bool:
        """Whether the isolate pauses for us, whoever else is attached."""
        return self._active

    @property
    def breakpoints(self) -> Sequence[Breakpoint]:
        """Those set here; a foreign debugger's are its own."""
        return tuple(self._breakpoints.values())

    async def activate(self) -> None:
        """From now on breakpoints and `debugger;` pause. Price: none while nothing is hit."""
        if not self._active:
            await self._send("Isolate.setPausing", {"enabled": True})
            self._active = True

    async def deactivate(self) -> None:
        """Nothing pauses for us any more; a paused isolate goes on, unless a foreign debugger is attached."""
        self._active = False
        await self._send("Isolate.setPausing", {"enabled": False})

    # --- breakpoints ---

    async def set_breakpoint(
        self, url: str, line: int, *, column: int | None = None, condition: str = "", log: str = ""
    ) -> Breakpoint:
        """In every script of this url, parsed already or later. Lines and columns are 1-based.

        `condition`: an expression; the isolate pauses where it is true, and where it throws the console has the error.
        `log`: expressions for the console, instead of a pause. ProtocolError for one that is set twice; UsageError
        for a condition that is to log too.
        """
        if condition and log:
            raise UsageError("Set a breakpoint", "one that logs never pauses", "Give a condition, or what is logged.")
        if line < 1 or (column is not None and column < 1):
            raise UsageError("Set a breakpoint", f"line {line}, column {column} is no place", "They count from 1.")
        await self.activate()
        params: dict[str, Any] = {"url": url, "lineNumber": line - 1}
        params["condition"] = resources.text("js/inspector/log.js").replace("WORDS", log, 1) if log else condition
        if column is not None:
            params["columnNumber"] = column - 1
        answer = await self._send("Debugger.setBreakpointByUrl", params)
        places = tuple(_place(location) for location in answer.get("locations", ()))
        made = Breakpoint(str(answer["breakpointId"]), url, line, column, condition, places, log)
        self._breakpoints[made.breakpoint_id] = made
        return made

    async def remove_breakpoint(self, breakpoint_id: str) -> None:
        """UsageError when there is none of this id."""
        if breakpoint_id not in self._breakpoints:
            raise UsageError("Remove a breakpoint", "there is none of this id", "Choose one that is listed.")
        await self._send("Debugger.removeBreakpoint", {"breakpointId": breakpoint_id})
        self._breakpoints.pop(breakpoint_id, None)

    async def possible_breakpoints(self, script_id: str, first_line: int, last_line: int) -> tuple[Place, ...]:
        """Where in these lines (1-based, both included) a breakpoint can sit."""
        span = {
            "start": {"scriptId": script_id, "lineNumber": first_line - 1},
            "end": {"scriptId": script_id, "lineNumber": last_line},
        }
        answer = await self._send("Debugger.getPossibleBreakpoints", span)
        return tuple(_place(location) for location in answer.get("locations", ()))

    async def pause_on_exceptions(self, which: ExceptionPauses) -> None:
        """Pause where an exception is thrown."""
        if which != "none":
            await self.activate()
        await self._send("Debugger.setPauseOnExceptions", {"state": which})

    # --- pauses ---

    async def pause(self) -> None:
        """At the next statement, also of a loop without end."""
        self._require("Pause")
        await self._isolate.send("Isolate.setPausing", {"enabled": True})
        await self._send("Debugger.pause")

    async def resume(self) -> None:
        """Go on until the next breakpoint; when this debugger is not active, nothing pauses for it from now on."""
        self._require("Resume")
        if self._isolate.state is IsolateState.PAUSED:
            await self._send("Debugger.resume")
        if not self._active:
            await self._send("Isolate.setPausing", {"enabled": False})

    async def step_over(self) -> None:
        """To the next statement of this function."""
        await self._send("Debugger.stepOver")

    async def step_into(self) -> None:
        """Into the next call."""
        await self._send("Debugger.stepInto")

    async def step_out(self) -> None:
        """To the caller."""
        await self._send("Debugger.stepOut")

    # --- while paused ---

    async def variables(self, scope: PausedScope) -> list[Mapping[str, Any]]:
        """CDP's PropertyDescriptors of a scope."""
        return await self._isolate.get_properties(scope.object_id)

    async def evaluate(self, frame: PausedFrame, expression: str, *, changes: bool = True) -> Mapping[str, Any]:
        """CDP's answer of Debugger.evaluateOnCallFrame: `result` with a preview, `exceptionDetails` if it threw.

        `changes` False: V8 throws where the expression would change anything.
        """
        params = {
            "callFrameId": frame.frame_id,
            "expression": expression,
            "generatePreview": True,
            "throwOnSideEffect": not changes,
        }
        return await self._send("Debugger.evaluateOnCallFrame", params)

    async def set_variable(self, frame: PausedFrame, scope_number: int, name: str, value: Mapping[str, Any]) -> None:
        """`value`: CDP's CallArgument ({"value": 5}, {"objectId": ...}); `scope_number` counts in `frame.scopes`."""
        params = {"callFrameId": frame.frame_id, "scopeNumber": scope_number, "variableName": name, "newValue": value}
        await self._send("Debugger.setVariableValue", params)

    # --- inside ---

    async def _send(self, method: str, params: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        self._require(method)
        return await self._isolate.send(method, params)

    def _require(self, action: str) -> None:
        self._isolate.require(Capability.PAUSE, action)


def _place(location: Mapping[str, Any]) -> Place:
    return Place(str(location["scriptId"]), int(location["lineNumber"]) + 1, int(location.get("columnNumber", 0)) + 1)
