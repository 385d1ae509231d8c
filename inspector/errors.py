"""Every error this project raises on purpose, drawn once:

    InspectorError                 action, cause, remedy: what was tried, why it failed, what to do
    ├── UsageError                 the caller's words are off (bad limit, name used twice, wrong loop)
    ├── SourceError                a file that can't be read as JavaScript (missing, binary, a folder, ...)
    │   └── CompileError           V8 can't compile it; `error` tells where
    ├── FormatError                a file that is not what its name says (a profile, a recording)
    ├── RecordingError             a recording can't be made or written (a full disk, a folder that is read-only)
    ├── EngineError                V8 or its adapter can't do what was asked
    │   ├── UnsupportedError       the chosen engine lacks the capability
    │   ├── PreludeError           a prelude of the user's threw or did not end, so there is no isolate
    │   ├── CopyRefusedError       V8 can't copy a value; `path` tells where
    │   └── ValueThrewError        the script's own code threw while a value was used; `stack`
    ├── GoneError                  the thing asked for has ended
    │   ├── IsolateDisposedError   the isolate was disposed
    │   ├── ContextReleasedError   the context was released or replaced
    │   └── HostLostError          its host process ended (exit code, V8's last words)
    ├── LimitError                 a budget would be passed (cage, isolates per host, bytes in transit)
    ├── LinkError                  the private link between pool and host broke or was misused
    │   └── ProtocolError          a CDP command was answered with an error
    ├── RunError                   a run that a value was wanted of did not complete; `report` has the evidence
    │   ├── ScriptThrewError       the script threw: `error` has name, message, place and stack
    │   ├── RunTimedOutError       its timeout passed
    │   ├── CpuLimitError          its CPU limit passed
    │   ├── MemoryLimitError       the isolate's memory limit was hit
    │   ├── RunCancelledError      it was stopped, or its context or isolate ended
    │   └── RunLostError           its host process ended
    └── CancelledError             the user withdrew the command before it was served

Never raise a bare Exception across a layer. `str(error)` is one line for a person: "action: cause. remedy".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inspector.records import RunReport, ScriptError

__all__ = [
    "CancelledError",
    "CompileError",
    "ContextReleasedError",
    "CopyRefusedError",
    "CpuLimitError",
    "EngineError",
    "FormatError",
    "GoneError",
    "HostLostError",
    "InspectorError",
    "IsolateDisposedError",
    "LimitError",
    "LinkError",
    "MemoryLimitError",
    "PreludeError",
    "ProtocolError",
    "RecordingError",
    "RunCancelledError",
    "RunError",
    "RunLostError",
    "RunTimedOutError",
    "ScriptThrewError",
    "SourceError",
    "UnsupportedError",
    "UsageError",
    "ValueThrewError",
]


class InspectorError(Exception):
    """Base of the tree. `action`: what was tried; `cause`: why it failed; `remedy`: what to do (may be empty)."""

    def __init__(self, action: str, cause: str, remedy: str = "") -> None:
        super().__init__(action, cause, remedy)
        self.action = action
        self.cause = cause
        self.remedy = remedy

    def __str__(self) -> str:
        line = f"{self.action}: {self.cause}".rstrip(".") + "."
        return f"{line} {self.remedy}" if self.remedy else line


class UsageError(InspectorError):
    """The caller's words are off: nothing was started."""


class SourceError(InspectorError):
    """A file can't be read as JavaScript; nothing was run."""


class CompileError(SourceError):
    """V8 can't compile a source; `error` has name, message and place."""

    def __init__(self, action: str, error: ScriptError) -> None:
        place = f" ({error.file}:{error.line}:{error.column})" if error.line else ""
        super().__init__(action, f"{error.name}: {error.message}{place}")
        self.error = error


class FormatError(InspectorError):
    """A file is not what its name says, or is damaged; nothing of it was taken over."""


class RecordingError(InspectorError):
    """A recording can't be made or written; what was written before is kept."""


class EngineError(InspectorError):
    """V8, or the adapter that speaks to it, can't do what was asked."""


class UnsupportedError(EngineError):
    """The chosen engine lacks the capability; `doctor` lists what each can do."""


class PreludeError(EngineError):
    """A prelude of the user's threw or did not end: the isolate that it was for is not there."""

    ACTION = "run the prelude"  # how a host words it


class CopyRefusedError(EngineError):
    """V8 can't copy a value: its own words, and the `path` of the part that it stopped at ("" when unknown)."""

    def __init__(self, action: str, cause: str, remedy: str = "", *, path: str = "") -> None:
        super().__init__(action, cause, remedy)
        self.path = path


class ValueThrewError(EngineError):
    """The script's own code threw: a getter, a setter, a trap, a called function."""

    def __init__(self, action: str, cause: str, stack: str = "") -> None:
        super().__init__(action, cause)
        self.stack = stack


class GoneError(InspectorError):
    """The thing asked for has ended."""


class IsolateDisposedError(GoneError):
    """The isolate was disposed."""


class ContextReleasedError(GoneError):
    """The context was released or replaced."""


class HostLostError(GoneError):
    """The host process ended without being asked to."""


class LimitError(InspectorError):
    """A budget would be passed; nothing was started."""


class LinkError(InspectorError):
    """The private link between pool and host broke or was misused."""


class ProtocolError(LinkError):
    """A CDP command was answered with an error; `code` is JSON-RPC's."""

    def __init__(self, action: str, cause: str, remedy: str = "", *, code: int = -32000) -> None:
        super().__init__(action, cause, remedy)
        self.code = code


class CancelledError(InspectorError):
    """The user withdrew the command before it was served."""


class RunError(InspectorError):
    """A run did not complete. `report`: outcome, evidence, timings, heap."""

    def __init__(self, action: str, cause: str, remedy: str = "", *, report: RunReport) -> None:
        super().__init__(action, cause, remedy)
        self.report = report


class ScriptThrewError(RunError):
    """The script threw, or a promise was rejected that nobody handled."""

    @property
    def error(self) -> ScriptError | None:
        """Name, message, place, stack; None when the host did not tell."""
        return self.report.error


class RunTimedOutError(RunError):
    """Its timeout passed: V8 was told to end it; the isolate goes on."""


class CpuLimitError(RunError):
    """Its CPU limit passed; the isolate goes on."""


class MemoryLimitError(RunError):
    """The isolate's memory limit was hit; what becomes of the isolate is its setting `on_limit`."""


class RunCancelledError(RunError):
    """It was stopped, or its context or isolate ended."""


class RunLostError(RunError):
    """Its host process ended."""
