"""Host processes, isolates, contexts and runs, from one asyncio loop. Names load on first use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from inspector.pool.context import Context
    from inspector.pool.door import PoolDoor
    from inspector.pool.external_copy import ExternalCopy
    from inspector.pool.files import FilesReport
    from inspector.pool.host import Host
    from inspector.pool.isolate import Isolate
    from inspector.pool.loop_thread import LoopThread
    from inspector.pool.module import Module
    from inspector.pool.pool import Pool
    from inspector.pool.reference import Reference
    from inspector.pool.script import Script

__all__ = [
    "Context",
    "ExternalCopy",
    "FilesReport",
    "Host",
    "Isolate",
    "LoopThread",
    "Module",
    "Pool",
    "PoolDoor",
    "Reference",
    "Script",
]

_HOMES = {
    "Context": "context",
    "ExternalCopy": "external_copy",
    "FilesReport": "files",
    "Host": "host",
    "Isolate": "isolate",
    "LoopThread": "loop_thread",
    "Module": "module",
    "Pool": "pool",
    "PoolDoor": "door",
    "Reference": "reference",
    "Script": "script",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{home}"), name)
