"""Isolate Inspector: live V8 isolates in child processes. The public API, loaded when it is first used (PEP 562)."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from inspector.events import RunReport as RunReport
    from inspector.pool import Context as Context
    from inspector.pool import ExternalCopy as ExternalCopy
    from inspector.pool import Host as Host
    from inspector.pool import Isolate as Isolate
    from inspector.pool import Pool as Pool
    from inspector.pool import Reference as Reference
    from inspector.sources import Source as Source
    from inspector.sources import read_source as read_source
    from inspector.sources import source_from_text as source_from_text
    from inspector.states import IsolateState as IsolateState
    from inspector.states import Outcome as Outcome

_HOMES = {
    "Context": "inspector.pool",
    "ExternalCopy": "inspector.pool",
    "Host": "inspector.pool",
    "Isolate": "inspector.pool",
    "IsolateState": "inspector.states",
    "Outcome": "inspector.states",
    "Pool": "inspector.pool",
    "Reference": "inspector.pool",
    "RunReport": "inspector.events",
    "Source": "inspector.sources",
    "read_source": "inspector.sources",
    "source_from_text": "inspector.sources",
}

__all__ = [
    "Context",
    "ExternalCopy",
    "Host",
    "Isolate",
    "IsolateState",
    "Outcome",
    "Pool",
    "Reference",
    "RunReport",
    "Source",
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
