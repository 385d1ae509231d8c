"""The one line of JSON with which the pool starts a host: where to call, with which secret, as whom."""

from __future__ import annotations

import os

from msgspec import Struct

from inspector.errors import LinkError
from inspector.host.figures import default_budget_bytes
from inspector.host.json_text import load
from inspector.wire import LINK_VERSION

__all__ = ["StartOrder", "read_start_order"]

_LONGEST = 64 * 1024
_SECRET_DIGITS = 64
_ENGINES = ("native", "portable")
_ACTION = "Start a host process"
_REMEDY = "The pool starts it with one line of JSON on its standard input; it is no program to call by hand."


class StartOrder(Struct, frozen=True):
    port: int
    secret: str
    host_id: int
    letter: str
    engine: str
    memory_budget_bytes: int  # of resident memory; the pool may give `memoryBudgetBytes`
    owns_directory: bool  # the working directory was made for this host, and goes with it


def read_start_order(descriptor: int = 0) -> StartOrder:
    """Read and check the line; what follows it stays unread. Blocks. Raises LinkError."""
    line = bytearray()
    while not line.endswith(b"\n"):
        byte = os.read(descriptor, 1)  # one at a time: the line is short, and the end of the input is watched later
        if not byte or len(line) > _LONGEST:
            raise LinkError(_ACTION, "standard input ended before its first line did", _REMEDY)
        line += byte
    try:
        raw = load(bytes(line))
    except ValueError as error:
        raise LinkError(_ACTION, f"the first line of standard input is no JSON ({error})", _REMEDY) from None
    return _checked(raw)


def _checked(raw: object) -> StartOrder:
    if not isinstance(raw, dict):
        raise LinkError(_ACTION, "the first line of standard input is no JSON object", _REMEDY)
    version = raw.get("linkVersion")
    if version != LINK_VERSION:
        raise LinkError(_ACTION, f"the pool speaks link version {version!r}, this host {LINK_VERSION}", _REMEDY)
    port, secret, host_id, engine = raw.get("port"), raw.get("secret"), raw.get("hostId"), raw.get("engine")
    if not isinstance(port, int) or not 0 < port < 65536:
        raise LinkError(_ACTION, f"{port!r} is no port", _REMEDY)
    if not isinstance(secret, str) or len(secret) != _SECRET_DIGITS:
        raise LinkError(_ACTION, f"the secret must have {_SECRET_DIGITS} hex digits", _REMEDY)
    if not isinstance(host_id, int):
        raise LinkError(_ACTION, f"{host_id!r} is no host id", _REMEDY)
    if engine not in _ENGINES:
        raise LinkError(_ACTION, f"there is no engine {engine!r}; there are {', '.join(_ENGINES)}", _REMEDY)
    budget = raw.get("memoryBudgetBytes") or default_budget_bytes()
    if not isinstance(budget, int) or budget < 0:
        raise LinkError(_ACTION, f"{budget!r} is no memory budget", _REMEDY)
    owns_directory = raw.get("ownsDirectory") is True
    return StartOrder(port, secret, host_id, str(raw.get("letter", "")), engine, budget, owns_directory)
