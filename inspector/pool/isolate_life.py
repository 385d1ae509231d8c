"""An isolate in the pool: its birth, the messages it sends, who waits on it, its end. `IsolateContexts` adds more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

from msgspec.structs import replace

from inspector.cdp.message import Notification
from inspector.errors import (
    ContextReleasedError,
    GoneError,
    HostLostError,
    InspectorError,
    IsolateDisposedError,
    UnsupportedError,
)
from inspector.events import (
    ConsoleWritten,
    ContextCreated,
    ContextReleased,
    DebuggersChanged,
    Event,
    IsolateCreated,
    IsolateEnded,
    IsolatePaused,
    IsolateResumed,
    IsolateStateChanged,
    LedgerEntry,
    RunReport,
    RunStarted,
)
from inspector.pool.context import Context
from inspector.pool.copy_store import CopyStore
from inspector.pool.event_stream import EventStream
from inspector.pool.explain import explain_redeclaration
from inspector.pool.exposed import HostFunctions
from inspector.pool.foreign_sessions import ForeignSessions
from inspector.pool.given import PREFIX
from inspector.pool.link import HostLink
from inspector.pool.modules import ModuleServer
from inspector.pool.port_table import PortTable
from inspector.pool.run_queue import Run, RunQueue
from inspector.pool.script_figures import ScriptLedger
from inspector.pool.settings import IsolateSettings
from inspector.pool.value_desk import ValueDesk
from inspector.sources.source import Source
from inspector.states import Capability, IsolateState, Outcome
from inspector.target.clock import now_us
from inspector.target.contexts import ExpectedContext
from inspector.target.host_domain import read_ledger
from inspector.target.target import Target
from inspector.wire import session_id

if TYPE_CHECKING:
    from inspector.pool.host import Host
    from inspector.pool.isolate import Isolate

__all__ = ["DEFAULT_CONTEXT_NAME", "IsolateLife"]

DEFAULT_CONTEXT_NAME = "main"


class IsolateLife:
    """What every isolate is from birth to end, whatever is asked of it."""

    def __init__(
        self,
        isolate_id: int,
        settings: IsolateSettings,
        *,
        host: Host,
        link: HostLink,
        events: EventStream,
        run_ids: Iterator[int],
        copies: CopyStore,
        import_folders: Sequence[Path],
    ) -> None:
        self.isolate_id = isolate_id
        self.settings = settings
        self.name = settings.name
        self.memory_limit_bytes = settings.memory_limit_bytes
        self.default_context_id = 0
        self._host = host
        self._link = link
        self._session = session_id(isolate_id)
        self._events = events
        self._run_ids = run_ids
        self._target = Target(isolate_id)
        self._runs = RunQueue(self._target, self._ask, self._publish, self._explain)
        self._modules = ModuleServer(self._provide_module, self._target.know_path, import_folders)
        self._script_ledger = ScriptLedger()
        self.ports = PortTable(link)
        self.values = ValueDesk(cast("Isolate", self), link, copies)
        self.host_functions = HostFunctions(cast("Isolate", self))
        self._contexts: dict[int, Context] = {}
        self.foreign = ForeignSessions(isolate_id, link, self._publish)
        self.paused: IsolatePaused | None = None  # where, while it is
        self._created: IsolateCreated | None = None
        self._early: list[Notification] = []  # what came before the answer that told of the birth
        self._told_state = IsolateState.STARTING
        self._last_file_context = 0
        self._gone: GoneError | None = None
        self._end_state = IsolateState.DISPOSED
        self._ledger: LedgerEntry | None = None
        self._ledger_due = False  # a dispose was asked for and not answered yet
        self._disposing: asyncio.Future[None] | None = None
        self._disposed_reason: str | None = None  # told by the host before the ledger came
        self._cpu_us: int | None = None
        self._executing_us: int | None = None
        self._why = ""  # it is disposed; "" when the host's words will do
        self._raw_listeners: dict[str, list[Callable[[Mapping[str, Any]], None]]] = {}
        link.route(self._session, self._receive)

    def __repr__(self) -> str:
        return f"<Isolate {self.isolate_id} {self.name!r} {self.state}>"

    # --- facts ---

    @property
    def host(self) -> Host:
        """The process it lives in."""
        return self._host

    @property
    def host_id(self) -> int:
        return self._host.host_id

    @property
    def state(self) -> IsolateState:
        return self._end_state if self._gone is not None else self._told_state

    @property
    def is_ending(self) -> bool:
        """Whether it has ended, or was told to."""
        return self._gone is not None or self._disposing is not None

    @property
    def contexts(self) -> Mapping[int, Context]:
        """context_id -> those that live, oldest first."""
        return MappingProxyType(self._contexts)

    @property
    def default_context(self) -> Context:
        """The context that it was born with, or what replaced it. GoneError when that was released, or it ended."""
        context = self._contexts.get(self.default_context_id)
        if context is None:
            self._alive("Find the default context")
            raise ContextReleasedError("Find the default context", f"{self.name} has none left", "Create a context.")
        return context

    @property
    def is_disposed(self) -> bool:
        """Whether it has ended: disposed, or lost with its host."""
        return self._gone is not None

    @property
    def last_file_context_id(self) -> int:
        """Where the newest file ran; the default context when none did, or when that one is gone."""
        return self._last_file_context if self._last_file_context in self._contexts else self.default_context_id

    def replay(self) -> list[Event]:
        """What a late subscriber must hear of it."""
        if self._created is None or self._gone is not None:
            return []
        state = IsolateStateChanged(now_us(), self.isolate_id, self.state)
        contexts = self._target.contexts.alive.values()
        debuggers = self.foreign.records()
        attached = [DebuggersChanged(now_us(), self.isolate_id, debuggers)] if debuggers else []
        paused = [self.paused] if self.paused is not None else []
        return [self._created, *contexts, *self._target.scripts, state, *self._runs.replay(), *attached, *paused]

    @property
    def cpu_time_s(self) -> float | None:
        """CPU time of its thread since birth, at most a second old; None: unknown yet, or the engine can't tell.

        Price: the host reads a clock for each isolate once a second, 2 us each. `Isolate.times` asks now.
        """
        return None if self._cpu_us is None else self._cpu_us / 1e6

    @property
    def executing_time_s(self) -> float | None:
        """The same for the wall clock while JavaScript was on its thread."""
        return None if self._executing_us is None else self._executing_us / 1e6

    @property
    def cpu_time(self) -> float | None:
        """`cpu_time_s`, by the name that isolated-vm has for it."""
        return self.cpu_time_s

    @property
    def wall_time(self) -> float | None:
        """`executing_time_s`, by the name that isolated-vm has for it."""
        return self.executing_time_s

    def note_times(self, cpu_us: int | None, executing_us: int | None) -> None:
        """The host's figures of once a second."""
        self._cpu_us, self._executing_us = cpu_us, executing_us

    def ask(
        self, method: str, params: Mapping[str, Any], done: Callable[[Mapping[str, Any] | InspectorError], None]
    ) -> None:
        """Send any CDP command now, before what is sent next; `done` is called in the order of the stream. Raises
        GoneError when it has ended.
        """
        self._ask(method, params, done)

    def run_source(self, run_id: int) -> Source | None:
        """What a run that has not settled runs; None when it has, or is unknown."""
        return self._runs.source_of(run_id)

    async def send(self, method: str, params: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """Any CDP command to this isolate. ProtocolError when it is refused, GoneError when the isolate has ended."""
        self._alive(method)
        return await self._link.command(method, params, self._session)

    def require(self, capability: Capability, action: str, remedy: str = "") -> None:
        """UnsupportedError when the engine lacks a capability, GoneError when the isolate has ended."""
        self._alive(action)
        reason = self.refusal(capability)
        if reason:
            raise UnsupportedError(f"{action} on {self.name}", reason, remedy)

    def refusal(self, capability: Capability) -> str:
        """Why the engine can't, "" when it can."""
        started = self._host.started
        return "" if started is None else started.capabilities.get(capability.value, "")

    # --- birth and end: called by pool and supervisor ---

    def born(self, created: IsolateCreated, context_id: int) -> None:
        """The host answered: tell of it, then of what came before the answer."""
        self._created = created
        self._publish(created)
        self._target.contexts.expect(ExpectedContext(DEFAULT_CONTEXT_NAME, is_default=True))
        context = self._target.contexts.created(context_id, DEFAULT_CONTEXT_NAME, created.at_us)
        if context is not None:
            self._note(context)
        early, self._early = self._early, []
        for notification in early:
            self._receive(notification)
        if self._told_state is IsolateState.STARTING:
            self._receive(Notification("Isolate.stateChanged", {"state": IsolateState.IDLE.value}, self._session))

    def start_disposing(self, reason: str = "") -> asyncio.Future[None]:
        """Ask for its end, once; the future resolves when it is over. Raises what ended the link."""
        if self._disposing is None:
            self._why = reason
            self._link.ask("Host.disposeIsolate", {"isolateId": self.isolate_id}, "", self._ledger_came)
            self._ledger_due = True
            self._disposing = asyncio.get_running_loop().create_future()
            self._runs.cancel_held("its isolate was disposed")
        return self._disposing

    def disposed(self, reason: str) -> None:
        """The host said its last word about it; when its ledger is still on the way, the end waits for that."""
        if self._ledger_due:
            self._disposed_reason = reason
        else:
            self.end(IsolateState.DISPOSED, reason)

    def end(self, state: IsolateState, reason: str) -> None:
        """It is over: everything that waits is resolved, then `IsolateEnded`. Idempotent."""
        if self._gone is not None:
            return
        lost = state is IsolateState.CRASHED
        reason = reason if lost else self._why or reason
        error = HostLostError(self.name, reason) if lost else IsolateDisposedError(self.name, reason)
        self._gone, self._end_state = error, state
        self.foreign.end(f"{self.name}: {reason}")
        self._link.end_session(self._session, error)
        self._runs.end(Outcome.HOST_LOST if lost else Outcome.CANCELLED, reason)
        self._modules.close()
        self.ports.close(f"{self.name} was lost: {reason}" if lost else f"{self.name} was disposed")
        self.host_functions.close()
        self.values.given.close()
        if not lost:
            for event in self._target.contexts.released_all(now_us(), "disposed"):
                self._note(event)
        self._host.remove(self.isolate_id)
        if self._created is not None:
            self._publish(IsolateEnded(now_us(), self.isolate_id, state, reason, self._ledger))
        if self._disposing is not None and not self._disposing.done():
            self._disposing.set_result(None)

    # --- inside ---

    def _receive(self, notification: Notification) -> None:
        if self._created is None:
            self._early.append(notification)
            return
        method = notification.method
        if method == "Isolate.moduleRequested":
            self._modules.serve(notification.params)
            return
        if method == "Isolate.sessionClosed":
            self.foreign.lost(notification.params)
            return
        if method == "Isolate.hostCalled":
            given = str(notification.params["name"]).startswith(PREFIX)
            (self.values.given if given else self.host_functions).called(notification.params)
            return
        if method == "Isolate.portUsed":
            self.ports.used(notification.params)
            return
        listeners = self._raw_listeners.get(method)
        for listener in tuple(listeners or ()):
            listener(notification.params)
        if not listeners or self._target.knows(method):
            for event in self._target.translate(notification, now_us()):
                self._note(event)

    def _note(self, event: Event) -> None:
        """Learn from an event of this isolate, and pass it on."""
        if isinstance(event, IsolateStateChanged):
            if event.state is not self._told_state and event.state.alive:  # the end is told by `end` alone
                self._told_state = event.state
                self._publish(event)
            self._runs.state_changed(event.state)
            return
        if isinstance(event, ContextCreated):
            self._contexts[event.context_id] = Context(event, cast("Isolate", self))  # every one is: see `Pool._make`
            if event.is_default:
                self.default_context_id = event.context_id
        elif isinstance(event, ContextReleased):
            self._contexts.pop(event.context_id, None)
            self._runs.cancel_held("its context was released", event.context_id)
            self.ports.close(f"a context of {self.name} was {event.reason}", event.context_id)
            self.values.context_ended(event.context_id)
            self.host_functions.context_ended(event.context_id)
        if isinstance(event, IsolatePaused | IsolateResumed):
            self.paused = event if isinstance(event, IsolatePaused) else None
        if isinstance(event, ConsoleWritten) and not self._console_passes(event):
            return
        if not (isinstance(event, RunStarted) and self._runs.is_quiet(event.run_id)):
            self._publish(event)
        if isinstance(event, RunStarted):
            self._runs.started(event.run_id)

    def _console_passes(self, event: ConsoleWritten) -> bool:
        context = self._contexts.get(event.context_id)
        if context is None or context.doors.is_open("console"):
            if context is not None:
                context.doors.console.used(bytes_out=sum(len(str(one.get("value", ""))) for one in event.args))
            return True
        context.doors.console.refuse("the door was closed")
        return False

    def _explain(self, run: Run, report: RunReport) -> RunReport:
        self._script_ledger.ran(report)
        self.host_functions.run_settled(run.run_id, report)
        if report.outcome not in (Outcome.COMPLETED, Outcome.THREW):
            self.values.given.run_settled(run.run_id)
        context = self._contexts.get(run.context_id)
        path = run.source.path
        if report.error is None or context is None or path is None or path not in context.files:
            return report
        return replace(report, error=explain_redeclaration(report.error))

    def _provide_module(self, params: Mapping[str, Any]) -> None:
        self._ask("Isolate.provideModule", params, lambda _: None)

    def _ask(
        self, method: str, params: Mapping[str, Any], done: Callable[[Mapping[str, Any] | InspectorError], None]
    ) -> None:
        self._alive(method)
        self._link.ask(method, params, self._session, done)

    def _ledger_came(self, answer: Mapping[str, Any] | InspectorError) -> None:
        self._ledger_due = False
        if self._gone is not None:
            return
        if isinstance(answer, InspectorError):
            if not isinstance(answer, GoneError):  # else the host is gone, and tells of all its isolates
                self.end(IsolateState.DISPOSED, f"disposed; its host process said: {answer.cause}")
            return
        self._ledger = read_ledger(answer.get("ledger"))
        if self._disposed_reason is not None:
            self.end(IsolateState.DISPOSED, self._disposed_reason)

    def _alive(self, action: str) -> None:
        if self._gone is not None:
            raise type(self._gone)(f"{action} on {self.name}", self._gone.cause, self._gone.remedy)
        if self._disposing is not None:
            raise IsolateDisposedError(f"{action} on {self.name}", "it is being disposed")

    def _publish(self, event: Event) -> None:
        self._events.publish(event)
