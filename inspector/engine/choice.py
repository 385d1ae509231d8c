"""Which engine: the native one when its self-test passes on this library and system, else the one on the public API.

The self-test runs in a throw-away child (a wrong ABI crashes it, not us) and takes about half a second; its verdict
is cached by the library's path, size and time, mini-racer's version and V8's flags. Reading the cache takes about a
millisecond and imports neither mini-racer nor ctypes.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from msgspec import Struct
from msgspec.structs import asdict

from inspector.engine.child import CHILD_OPTION, child_command, serve_child
from inspector.engine.library import FLAGS, Place, find
from inspector.engine.port import Engine, EngineRefused
from inspector.errors import UsageError
from inspector.states import Capability
from inspector.system.paths import cache_folder

__all__ = [
    "CHILD_OPTION",
    "ENGINES",
    "ENGINE_VARIABLE",
    "EngineChoice",
    "Verdict",
    "child_command",
    "choose",
    "forget",
    "make_engine",
    "serve_child",
]

log = logging.getLogger(__name__)

ENGINES = ("native", "portable")
ENGINE_VARIABLE = "ISOLATE_INSPECTOR_ENGINE"  # of the environment: what "auto" means
RESULT_PREFIX = "selftest "  # before the self-test's JSON: V8 writes to the same standard output
_CACHE_VERSION = 3  # of the self-test: a new one makes old verdicts void
_GRACE_S = 60.0


class Verdict(Struct, frozen=True):
    """What the self-test found. `failure` is "" when the native engine works, else the check that failed, for a
    person.
    """

    failure: str
    v8_version: str
    checks: int = 0
    ms: float = 0.0


class EngineChoice(Struct, frozen=True):
    """The engine to use, and why."""

    name: str  # "native" or "portable"
    reason: str
    v8_version: str
    flags: tuple[str, ...]
    selftest: Verdict

    @property
    def capabilities(self) -> Mapping[str, Mapping[Capability, str]]:
        """Of both engines, by name: "" where it can, else the reason. Where the self-test failed, native can do
        nothing.
        """
        known: dict[str, Mapping[Capability, str]] = {}
        for engine in ENGINES:
            known[engine] = importlib.import_module(f"inspector.engine.{engine}.capabilities").CAPABILITIES
        if self.selftest.failure:
            known["native"] = dict.fromkeys(Capability, f"The self-test failed: {self.selftest.failure}")
        return known


def choose(engine: Literal["auto", "native", "portable"] | str = "auto") -> EngineChoice:
    """Choose; blocks about half a second when no verdict is cached.

    "auto" is what ISOLATE_INSPECTOR_ENGINE names, if it is set. Raises UsageError for an unknown name, EngineRefused
    when native is asked for and its self-test failed, EngineError when mini-racer is not installed.
    """
    asked = "asked for"
    if engine == "auto" and os.environ.get(ENGINE_VARIABLE):
        engine, asked = os.environ[ENGINE_VARIABLE], f"asked for by {ENGINE_VARIABLE}"
    if engine not in ("auto", *ENGINES):
        raise UsageError("choose an engine", f'there is no engine "{engine}"', "Use auto, native or portable.")
    place = find()
    verdict = _cached(place) or _tested(place)
    if engine == "native" and verdict.failure:
        raise EngineRefused("use the native engine", verdict.failure, "Use --engine portable.")
    if engine != "auto":
        name, reason = engine, asked
    elif verdict.failure:
        name, reason = "portable", f"V8's inspector can't be used: {verdict.failure}"
    else:
        name, reason = "native", f"all {verdict.checks} checks of the self-test passed"
    return EngineChoice(name, reason, verdict.v8_version, FLAGS, verdict)


def forget() -> None:
    """Forget the verdict: a host died of a signal, so the next choice tests again."""
    try:
        _cache_file().unlink(missing_ok=True)
    except OSError as error:
        log.warning("can't forget the self-test's verdict: %s", error)


def make_engine(name: str, reason: str = "") -> Engine:
    """The engine `name`, in this process; once. Raises UsageError for an unknown name, EngineError when V8 can't
    start.
    """
    if name == "native":
        from inspector.engine.native.engine import NativeEngine

        return NativeEngine(reason)
    if name == "portable":
        from inspector.engine.portable import PortableEngine

        return PortableEngine(reason)
    raise UsageError("make an engine", f'there is no engine "{name}"', "Use native or portable.")


# --- children -----------------------------------------------------------------------------------


def _tested(place: Place) -> Verdict:
    """Run the self-test in a child and remember its verdict, unless only time ran out."""
    try:
        command = child_command("inspector.engine.selftest")
        done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=_GRACE_S, check=False)
    except subprocess.TimeoutExpired:
        return Verdict(f"the self-test did not end within {_GRACE_S:.0f} s", "unknown")
    except OSError as error:
        return Verdict(f"the self-test could not be started: {error}", "unknown")
    verdict = _read_verdict(done.stdout.decode("utf-8", "replace"), done.returncode)
    _remember(place, verdict)
    return verdict


def _read_verdict(output: str, exit_code: int) -> Verdict:
    lines = [line.removeprefix(RESULT_PREFIX) for line in output.splitlines() if line.startswith(RESULT_PREFIX)]
    known: dict[str, object] = {}
    for line in lines:  # the version comes first, so that a crash leaves it
        known |= json.loads(line)
    version = str(known.get("v8_version", "unknown"))
    if exit_code < 0:
        return Verdict(f"the self-test died of {_signal_name(-exit_code)}", version)
    if "failure" not in known:
        return Verdict(f"the self-test ended with exit code {exit_code} and no verdict", version)
    checks, ms = known.get("checks", 0), known.get("ms", 0.0)
    assert isinstance(checks, int) and isinstance(ms, int | float)
    return Verdict(str(known["failure"]), version, checks, ms)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


# --- the cache ----------------------------------------------------------------------------------


def _cache_file() -> Path:
    return cache_folder() / "engine.json"


def _key(place: Place) -> str:
    parts = (_CACHE_VERSION, sys.platform, str(place.path), place.size, place.mtime_ns, place.version, *FLAGS)
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()


def _cached(place: Place) -> Verdict | None:
    try:
        known = json.loads(_cache_file().read_bytes())
        return Verdict(**known["verdict"]) if known["key"] == _key(place) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _remember(place: Place, verdict: Verdict) -> None:
    """Write the cache whole or not at all: two programs may start at once."""
    import tempfile  # price: 4 ms, for a line that is written once

    path = _cache_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as file:
            json.dump({"key": _key(place), "verdict": asdict(verdict)}, file)
        Path(file.name).replace(path)
    except OSError as error:
        log.warning("can't remember the self-test's verdict: %s", error)
