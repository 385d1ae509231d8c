"""States, outcomes and capabilities: each an enum whose members carry a sentence for a person."""

from __future__ import annotations

from enum import Enum

__all__ = ["Capability", "GcKind", "HostState", "IsolateState", "Outcome", "SampleMode", "SourceKind"]


class _Told(str, Enum):
    """A string enum whose members carry a sentence (`.sentence`) that the window and the CLI show."""

    sentence: str

    def __new__(cls, value: str, sentence: str = "") -> _Told:
        member = str.__new__(cls, value)
        member._value_ = value
        member.sentence = sentence
        return member

    def __str__(self) -> str:
        return str(self._value_)


class IsolateState(_Told):
    STARTING = "starting", "V8 is making its heap."
    IDLE = "idle", "Nothing runs and nothing is pending."
    RUNNING = "running", "JavaScript runs on its thread now."
    WAITING = "waiting", "No JavaScript runs; a promise, a module or a timer is pending."
    PAUSED = "paused", "Stopped in the debugger; timeouts stand still."
    WEDGED = "wedged", "Not answering: its microtasks never end."
    CRASHED = "crashed", "Its host process was lost; the last data are kept."
    DISPOSED = "disposed", "Ended on request; its heap was given back."

    @property
    def alive(self) -> bool:
        return self not in (IsolateState.CRASHED, IsolateState.DISPOSED)


class HostState(_Told):
    STARTING = "starting", "The process starts and loads V8."
    READY = "ready", "It takes isolates."
    STOPPING = "stopping", "It closes its isolates."
    LOST = "lost", "It ended without being asked to."
    CLOSED = "closed", "It ended on request."


class Outcome(_Told):
    """How a run ended: exactly one of these."""

    COMPLETED = "completed", "The result, the microtasks and the pending timers have settled."
    THREW = "threw", "An exception or an unhandled rejection ended it."
    TIMED_OUT = "timed-out", "The wall-clock timeout ended it."
    CPU_LIMIT = "cpu-limit", "It used up its CPU time."
    HEAP_LIMIT = "heap-limit", "The heap grew past the memory limit."
    EXTERNAL_LIMIT = "external-limit", "Off-heap memory grew past the memory limit."
    CANCELLED = "cancelled", "The user stopped it."
    HOST_LOST = "host-lost", "Its host process ended."


class SourceKind(_Told):
    SCRIPT = "script", "A classic script: its top level shares the context's global scope."
    MODULE = "module", "An ES module: strict, its own scope, import and export."


class GcKind(_Told):
    SCAVENGE = "scavenge", "Young generation only."
    MINOR_MARK_SWEEP = "minor-mark-sweep", "Young generation, by marking."
    MARK_COMPACT = "mark-compact", "The whole heap."
    OTHER = "other", "Another kind that V8 named."


class SampleMode(_Told):
    """How a heap sample was taken; a plot marks held values."""

    IDLE = "idle", "Taken by the task that worked last; an idle heap does not change."
    BUSY = "busy", "Taken by V8 itself at an interrupt check of the running script."
    PAUSED = "paused", "Taken by the debugger's pause loop."


class Capability(_Told):
    """What an engine may be able to do; `doctor` and greyed actions tell the reason where it can't."""

    EVALUATE = "evaluate", "Evaluate an expression and run a classic script."
    CONSOLE = "console", "Deliver console calls while the script runs."
    CONTEXTS = "contexts", "Several contexts in one isolate."
    MODULES = "modules", "ES modules: import and export."
    SCRIPTS = "scripts", "List every script that V8 parsed."
    COMPILE = "compile", "Compile a script once and run it many times, in any context."
    CODE_CACHE = "code-cache", "Keep what V8 compiled, and compile faster from it."
    HOST_FUNCTIONS = "host-functions", "Give scripts functions of the host."
    PAUSE = "pause", "Pause, step and resume."
    COPIES = "copies", "Copy values from isolate to isolate by structured clone."
    PORTS = "ports", "Let scripts of two isolates talk through ports, and use each other's values."
    REFERENCES = "references", "Keep, read, write and call values that stay where they live."
    HEAP_STATISTICS = "heap-statistics", "Read V8's heap figures when idle."
    HEAP_SPACES = "heap-spaces", "Read the figures of each space of V8's heap."
    CONTEXT_MEMORY = "context-memory", "Tell how much of the heap each context keeps alive."
    CPU_TIME = "cpu-time", "Tell the CPU time of an isolate."
    BUSY_SAMPLES = "busy-samples", "Sample the heap while a script runs, without garbage."
    GC_EVENTS = "gc-events", "Report each garbage collection with pause, before and after."
    BUSY_GC = "busy-gc", "Collect garbage while a script runs."
    MEMORY_LIMIT = "memory-limit", "Stop a script whose heap passes the limit."
    EXTERNAL_LIMIT = "external-limit", "Stop a script whose off-heap memory passes the limit."
    CPU_LIMIT = "cpu-limit", "Stop a script that used up its CPU time."
    PROBES = "probes", "Evaluate what is being typed, if it has no side effects, to complete and preview it."
    INSPECTOR = "inspector", "Speak the Chrome DevTools Protocol in full."
    HEAP_SNAPSHOT = "heap-snapshot", "Take a heap snapshot."
    CPU_PROFILE = "cpu-profile", "Sample stacks."
