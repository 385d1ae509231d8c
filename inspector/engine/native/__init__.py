"""The native engine: V8 by its own inspector and C++ API, which mini-racer's Linux and macOS libraries export.

engine.py        `NativeEngine`: V8 in this process, its isolates
birth.py         how an isolate comes to be
isolate.py       `NativeIsolate`: the port, called on any thread; what V8 calls on the isolate's
pump.py          jobs in line for an isolate's thread
gate.py          who executes JavaScript now, and the one way to end it
runs.py, run.py  from request to report; script.py, module.py, results.py, errors.py
scripts.py       scripts compiled apart from their run; measuring.py: heap spaces, memory of each context
context.py       contexts and our prelude; timers.py, rejection.py
session.py       inspector sessions; pause.py: the loop while paused
limits.py        the memory limit; sampling.py: heap figures; thread_clock.py: CPU time
teardown.py      the end, in the order that V8 survives
abi/             the only place that knows ctypes or a mangled name
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from inspector.engine.native.engine import NativeEngine

__all__ = ["NativeEngine"]


def __getattr__(name: str) -> Any:
    """`NativeEngine`, imported when asked for: `capabilities` is read without loading anything else."""
    if name == "NativeEngine":
        from inspector.engine.native.engine import NativeEngine

        return NativeEngine
    raise AttributeError(name)
