"""One inspected V8: takes the notifications of its session in order and says what happened as events.

What can't be understood is told once per method as `ProblemReported`, and never stops what follows.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from inspector.cdp.message import Notification
from inspector.events import Event, ProblemReported, ScriptParsed
from inspector.states import IsolateState
from inspector.target import debugger_domain, isolate_domain, runtime_domain
from inspector.target.active_runs import ActiveRuns
from inspector.target.contexts import ContextTable
from inspector.target.facts import Facts

__all__ = ["Target"]

SCRIPTS_KEPT = 500  # the newest scripts, replayed to late subscribers

Translate = Callable[[Facts, Mapping[str, Any], int], Iterable[Event]]

_TABLE: Mapping[str, Translate] = {
    **runtime_domain.TABLE,
    **debugger_domain.TABLE,
    **isolate_domain.TABLE,
}

# V8 tells these to whoever enabled their domain; no event stands for them.
_WITHOUT_EVENT = (
    "Console.",
    "Debugger.breakpointResolved",
    "Debugger.scriptFailedToParse",  # the run's report has the error
    "HeapProfiler.",
    "Profiler.",
    "Runtime.bindingCalled",
    "Runtime.exceptionRevoked",
    "Runtime.inspectRequested",
)


class Target:
    """The translator of one isolate. `contexts`, `runs` and `state` are what it has learnt so far."""

    def __init__(self, isolate_id: int) -> None:
        self.isolate_id = isolate_id
        self._facts = Facts(isolate_id)
        self._scripts: deque[ScriptParsed] = deque(maxlen=SCRIPTS_KEPT)
        self._reported: set[str] = set()  # methods whose trouble was told

    @property
    def contexts(self) -> ContextTable:
        return self._facts.contexts

    @property
    def runs(self) -> ActiveRuns:
        return self._facts.runs

    @property
    def state(self) -> IsolateState:
        return self._facts.state

    @property
    def scripts(self) -> Sequence[ScriptParsed]:
        """The newest scripts that V8 parsed, oldest first."""
        return self._scripts

    def know_path(self, url: str, path: str) -> None:
        """A module of this url was read from this file."""
        self._facts.paths[url] = path

    @staticmethod
    def knows(method: str) -> bool:
        """Whether notifications of this method have events."""
        return method in _TABLE

    def translate(self, notification: Notification, at_us: int) -> list[Event]:
        """The events that a notification stands for; `at_us` is when it arrived."""
        method = notification.method
        read = _TABLE.get(method)
        if read is None:
            if method.startswith(_WITHOUT_EVENT):
                return []
            return self._problem(method, at_us, "the host told something that this version does not know")
        try:
            events = list(read(self._facts, notification.params, at_us))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            return self._problem(method, at_us, f"the message was garbled ({type(error).__name__}: {error})")
        self._scripts.extend(event for event in events if isinstance(event, ScriptParsed))
        return events

    def _problem(self, method: str, at_us: int, cause: str) -> list[Event]:
        if method in self._reported:
            return []
        self._reported.add(method)
        remedy = "Further ones of this kind are left out without a word."
        return [ProblemReported(at_us, "warning", f"Read {method}", cause, remedy, isolate_id=self.isolate_id)]
