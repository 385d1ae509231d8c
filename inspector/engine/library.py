"""Where mini-racer's library is, and V8's flags: what both engines share, read without loading anything."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

from msgspec import Struct

from inspector.errors import EngineError

__all__ = ["FLAGS", "Place", "find"]

# Not `--single-threaded`: concurrent GC and JIT, shorter pauses, faster creation, and no crash in V8's delayed tasks.
# `--trace-gc-nvp` writes a line a collection to standard output, which the host turns into GC events. `--no-turboshaft-
# loop-unrolling`: V8 14.4's analysis takes `for (;;) new Array(1000).fill(1)`, once optimised, for a loop of few rounds
# and drops its interrupt check: no sample, no limit and no stop reaches it then. The price is unrolled loops. Without
# `--no-memory-pool-share-memory-on-teardown` the pages of a disposed isolate go to a pool of the process, which gives
# them to later isolates, but to the system only by a delayed task of another isolate, if ever: ten that had filled 32
# MiB each left 363 MB behind, 20 with it. Its price, where isolates come and go: 0.2 ms a birth, 0.4 ms a dispose.
FLAGS = ("--trace-gc-nvp", "--no-turboshaft-loop-unrolling", "--no-memory-pool-share-memory-on-teardown")


class Place(Struct, frozen=True):
    """Where the library is, and what tells one build from another."""

    path: Path
    icu: Path
    size: int
    mtime_ns: int
    version: str  # of the mini-racer distribution; "unknown" when frozen without metadata


def find() -> Place:
    """Find the library without importing mini-racer (0.3 ms).

    Raises EngineError when it is not installed or its files are missing.
    """
    folder = _folder()
    name = {"darwin": "libmini_racer.dylib", "win32": "mini_racer.dll"}.get(sys.platform, "libmini_racer.so")
    path, icu = folder / name, folder / "icudtl.dat"
    try:
        status = path.stat()
        icu.stat()
    except OSError as error:
        raise EngineError("load V8", f"a file of mini-racer is missing: {error}", "Reinstall mini-racer.") from error
    metadata = next(folder.parent.glob("mini_racer-*.dist-info"), None)
    version = metadata.name.split("-")[1].removesuffix(".dist") if metadata else "unknown"
    return Place(path, icu, status.st_size, status.st_mtime_ns, version)


def _folder() -> Path:
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen is not None:
        return Path(frozen) / "py_mini_racer"
    spec = importlib.util.find_spec("py_mini_racer")
    if spec is None or not spec.submodule_search_locations:
        raise EngineError("load V8", "mini-racer is not installed", "Install isolate-inspector again.")
    return Path(spec.submodule_search_locations[0])
