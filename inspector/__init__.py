"""Isolate Inspector: live V8 isolates in child processes. The public API, loaded when it is first used (PEP 562)."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from inspector.errors import CancelledError as CancelledError
    from inspector.errors import CompileError as CompileError
    from inspector.errors import ContextReleasedError as ContextReleasedError
    from inspector.errors import CopyRefusedError as CopyRefusedError
    from inspector.errors import CpuLimitError as CpuLimitError
    from inspector.errors import GoneError as GoneError
    from inspector.errors import HostLostError as HostLostError
    from inspector.errors import InspectorError as InspectorError
    from inspector.errors import IsolateDisposedError as IsolateDisposedError
    from inspector.errors import LimitError as LimitError
    from inspector.errors import MemoryLimitError as MemoryLimitError
    from inspector.errors import PreludeError as PreludeError
    from inspector.errors import RunCancelledError as RunCancelledError
    from inspector.errors import RunError as RunError
    from inspector.errors import RunLostError as RunLostError
    from inspector.errors import RunTimedOutError as RunTimedOutError
    from inspector.errors import ScriptThrewError as ScriptThrewError
    from inspector.errors import SourceError as SourceError
    from inspector.errors import UnsupportedError as UnsupportedError
    from inspector.errors import UsageError as UsageError
    from inspector.errors import ValueThrewError as ValueThrewError
    from inspector.events import RunReport as RunReport
    from inspector.pool import Context as Context
    from inspector.pool import ExternalCopy as ExternalCopy
    from inspector.pool import Host as Host
    from inspector.pool import Isolate as Isolate
    from inspector.pool import Module as Module
    from inspector.pool import Pool as Pool
    from inspector.pool import Reference as Reference
    from inspector.pool import Script as Script
    from inspector.sources import Source as Source
    from inspector.sources import read_source as read_source
    from inspector.sources import source_from_text as source_from_text
    from inspector.states import IsolateState as IsolateState
    from inspector.states import Outcome as Outcome

_HOMES = {
    "CancelledError": "inspector.errors",
    "CompileError": "inspector.errors",
    "Context": "inspector.pool",
    "ContextReleasedError": "inspector.errors",
    "CopyRefusedError": "inspector.errors",
    "CpuLimitError": "inspector.errors",
    "ExternalCopy": "inspector.pool",
    "GoneError": "inspector.errors",
    "Host": "inspector.pool",
    "HostLostError": "inspector.errors",
    "InspectorError": "inspector.errors",
    "Isolate": "inspector.pool",
    "IsolateDisposedError": "inspector.errors",
    "IsolateState": "inspector.states",
    "LimitError": "inspector.errors",
    "MemoryLimitError": "inspector.errors",
    "Module": "inspector.pool",
    "Outcome": "inspector.states",
    "Pool": "inspector.pool",
    "PreludeError": "inspector.errors",
    "Reference": "inspector.pool",
    "RunCancelledError": "inspector.errors",
    "RunError": "inspector.errors",
    "RunLostError": "inspector.errors",
    "RunReport": "inspector.events",
    "RunTimedOutError": "inspector.errors",
    "Script": "inspector.pool",
    "ScriptThrewError": "inspector.errors",
    "Source": "inspector.sources",
    "SourceError": "inspector.errors",
    "UnsupportedError": "inspector.errors",
    "UsageError": "inspector.errors",
    "ValueThrewError": "inspector.errors",
    "read_source": "inspector.sources",
    "source_from_text": "inspector.sources",
}

__all__ = [
    "CancelledError",
    "CompileError",
    "Context",
    "ContextReleasedError",
    "CopyRefusedError",
    "CpuLimitError",
    "ExternalCopy",
    "GoneError",
    "Host",
    "HostLostError",
    "InspectorError",
    "Isolate",
    "IsolateDisposedError",
    "IsolateState",
    "LimitError",
    "MemoryLimitError",
    "Module",
    "Outcome",
    "Pool",
    "PreludeError",
    "Reference",
    "RunCancelledError",
    "RunError",
    "RunLostError",
    "RunReport",
    "RunTimedOutError",
    "Script",
    "ScriptThrewError",
    "Source",
    "SourceError",
    "UnsupportedError",
    "UsageError",
    "ValueThrewError",
    "read_source",
    "source_from_text",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
