"""How an isolate was asked for: kept with it, so that `replace` can make the same again."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from msgspec import Struct

__all__ = ["ON_LIMIT", "PRELUDES", "IsolateSettings", "OnLimit", "Place"]

OnLimit = Literal["keep", "replace", "dispose"]
Place = Literal["shared", "own"] | int  # int: a host_id

PRELUDES = ("web", "bare")
ON_LIMIT = ("keep", "replace", "dispose")


class IsolateSettings(Struct, frozen=True):
    """Checked words of `Pool.create_isolate`. `on_limit`: what becomes of the isolate once a memory limit was hit."""

    name: str
    memory_limit_bytes: int
    host: Place
    prelude: str
    sample_rate_hz: float
    on_limit: OnLimit
    prelude_files: tuple[Path, ...] = ()  # of the user's own: run in each new context, after `prelude`
    cpu_limit_s: float | None = None  # of a run that names none
