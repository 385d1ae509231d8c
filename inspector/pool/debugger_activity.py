"""What a foreign debugger is up to, told from the commands that it sends. Pure: method and params in, words out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["Activity"]

_BEGINS = {
    "HeapProfiler.startSampling": "heap sampling",
    "HeapProfiler.startTrackingHeapObjects": "allocation timeline",
    "HeapProfiler.takeHeapSnapshot": "heap snapshot",  # until its answer
    "Profiler.start": "CPU profile",
    "Profiler.startPreciseCoverage": "coverage",
}
_ENDS = {
    "HeapProfiler.disable": ("heap sampling", "allocation timeline"),
    "HeapProfiler.stopSampling": ("heap sampling",),
    "HeapProfiler.stopTrackingHeapObjects": ("allocation timeline",),
    "Profiler.disable": ("CPU profile", "coverage"),
    "Profiler.stop": ("CPU profile",),
    "Profiler.stopPreciseCoverage": ("coverage",),
}
_CHANGES = frozenset(
    {
        "Debugger.evaluateOnCallFrame",
        "Debugger.setScriptSource",
        "Debugger.setVariableValue",
        "Runtime.callFunctionOn",
        "Runtime.evaluate",
        "Runtime.runScript",
    }
)


class Activity:
    """Of one session."""

    def __init__(self) -> None:
        self.debugging = False  # it has enabled the Debugger domain: the isolate pauses for it
        self.changes = 0  # commands that may have changed something: evaluations, edits, values set
        self._doing: dict[str, int | None] = {}  # -> the id of the command whose answer ends it

    @property
    def doing(self) -> tuple[str, ...]:
        """What goes on: "CPU profile", "heap snapshot", ..."""
        return tuple(self._doing)

    def sent(self, command_id: int, method: str, params: Mapping[str, Any]) -> bool:
        """A command goes out; whether it is worth telling."""
        if method in ("Debugger.enable", "Debugger.disable"):
            before, self.debugging = self.debugging, method == "Debugger.enable"
            return before != self.debugging
        if method in _CHANGES:
            if params.get("throwOnSideEffect") is True:
                return False
            self.changes += 1
            return True
        if method in _BEGINS:
            self._doing[_BEGINS[method]] = command_id if method == "HeapProfiler.takeHeapSnapshot" else None
            return True
        ended = [words for words in _ENDS.get(method, ()) if words in self._doing]
        for words in ended:
            del self._doing[words]
        return bool(ended)

    def answered(self, command_id: int) -> bool:
        """An answer came; whether something ended with it."""
        ended = [words for words, ends_with in self._doing.items() if ends_with == command_id]
        for words in ended:
            del self._doing[words]
        return bool(ended)
