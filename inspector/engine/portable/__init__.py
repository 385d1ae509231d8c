"""The public API engine: V8 through what mini-racer documents, nothing else. One context per isolate.

engine.py        `PortableEngine`: makes isolates one at a time
capabilities.py  what it can do, and why it can't do the rest
isolate.py       `PortableIsolate`: the port, called on any thread
worker.py        the thread and the line of jobs of one isolate
racer.py         one `MiniRacer`: evaluation, its interruption, limits, statistics
agent.py         our JavaScript in the isolate (`resources/js/portable`), called by a name that only Python knows
ring.py          console lines, read from shared memory while a script runs
runs.py          scripts from start to report
evaluation.py    console input, and the value a script ended with
protocol.py      the CDP methods it answers
thrown.py        mini-racer's exception texts and CDP's exception details as `ScriptError`
remotes.py       Python's view of a script's value as CDP RemoteObject
samples.py       heap statistics: when idle, at most once a second
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from inspector.engine.portable.engine import PortableEngine

__all__ = ["PortableEngine"]


def __getattr__(name: str) -> Any:
    """The engine on first use: reading `capabilities` alone must not load mini-racer."""
    if name != "PortableEngine":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from inspector.engine.portable.engine import PortableEngine

    return PortableEngine
