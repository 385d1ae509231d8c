"""Gathers what `doctor` tells, from installed metadata and from one real host process for each engine."""

from __future__ import annotations

import asyncio
import os
import sys
from importlib.util import find_spec
from pathlib import Path

from msgspec import Struct

from inspector.diagnostics.versions import machine, versions
from inspector.errors import InspectorError
from inspector.events import Event, HostLost, HostStarted
from inspector.pool import Pool
from inspector.states import Capability
from inspector.system.paths import cache_folder, state_folder

__all__ = ["ENGINES", "EngineFacts", "Facts", "gather"]

ENGINES = ("native", "portable")
_PATIENCE_S = 60.0  # the first start of an engine may run its self-test


class EngineFacts(Struct, frozen=True):
    """One engine, as a host process of it said hello. `failure`: "" when it did, else why not, for a person."""

    name: str
    failure: str
    v8_version: str
    v8_flags: tuple[str, ...]
    start_ms: float | None
    capabilities: dict[str, str]  # Capability value -> "" or the reason why not
    walls: dict[str, str]  # wall -> "" when it stands, else the reason why not


class Facts(Struct, frozen=True):
    versions: dict[str, str | None]
    machine: str
    engine: str  # the one that is used; "" when none works
    engine_reason: str
    engines: tuple[EngineFacts, ...]
    folders: dict[str, str]
    missing: tuple[str, ...]  # sentences


async def gather(wanted: str = "auto", log: Path | None = None) -> Facts:
    """Asks each engine in turn: two host processes at once would slow each other's start."""
    engine, reason = await _choice(wanted)
    engines = tuple([await _ask(name) for name in ENGINES])
    chosen = next((one for one in engines if one.name == engine), None)
    if chosen is not None and chosen.failure:
        engine, reason = "", chosen.failure
    return Facts(
        versions=versions(),
        machine=machine(),
        engine=engine,
        engine_reason=reason,
        engines=engines,
        folders={"logs": str(log.parent if log else state_folder()), "cache": str(cache_folder())},
        missing=tuple(_missing(engines, log)),
    )


async def _choice(wanted: str) -> tuple[str, str]:
    pool = Pool(engine=wanted)
    try:
        await pool.open()
        return pool.engine_choice.name, pool.engine_choice.reason
    except InspectorError as error:
        return "", str(error)
    finally:
        await pool.close()


async def _ask(engine: str) -> EngineFacts:
    """Start a host process of this engine, read its hello, end it."""
    hello: list[HostStarted] = []
    losses: list[str] = []

    def hear(event: Event) -> None:
        if isinstance(event, HostStarted):
            hello.append(event)
        elif isinstance(event, HostLost):
            losses.append(event.reason)

    pool = Pool(engine=engine)
    pool.subscribe(hear)
    failure = ""
    try:
        async with asyncio.timeout(_PATIENCE_S):
            await pool.open()
            await pool.warm_up()
    except InspectorError as error:
        failure = str(error)
    except TimeoutError:
        failure = f"its host process said nothing within {_PATIENCE_S:g} s"
    finally:
        await pool.close()
    if not hello:
        reason = failure or (losses[0] if losses else "its host process said nothing")
        return EngineFacts(engine, reason, "", (), None, {one.value: reason for one in Capability}, {})
    told = hello[0]
    return EngineFacts(
        engine, failure, told.v8_version, told.v8_flags, told.start_ms, dict(told.capabilities), dict(told.walls)
    )


def _missing(engines: tuple[EngineFacts, ...], log: Path | None) -> list[str]:
    missing = [f"The {one.name} engine does not work: {one.failure}" for one in engines if one.failure]
    absent = [package for module, package in _WINDOW.items() if find_spec(module) is None]
    if absent:
        missing.append(f"The window needs {', '.join(absent)}: python -m pip install {' '.join(absent)}")
    elif sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        missing.append("There is no display: the window can't open here; run and the other commands work.")
    if log is None:
        missing.append(f"No log is written: {state_folder()} can't be written.")
    return missing


_WINDOW = {"PySide6": "PySide6-Essentials", "pyqtgraph": "pyqtgraph", "qasync": "qasync"}
