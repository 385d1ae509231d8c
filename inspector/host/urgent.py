"""Which of V8's own methods are served while a script runs; all others wait for it."""

from __future__ import annotations

__all__ = ["URGENT"]

URGENT = frozenset(
    {
        "Debugger.getScriptSource",  # reads what V8 holds: no script runs for it
        "Debugger.pause",
        # set while a loop without end runs: it is hit at the loop's next turn
        "Debugger.removeBreakpoint",
        "Debugger.setBreakpointByUrl",
        "Debugger.setPauseOnExceptions",
        # a recording cuts profiles of loops without end; V8 takes its samples at a signal, not at an interrupt check
        "HeapProfiler.enable",
        "HeapProfiler.getSamplingProfile",
        "HeapProfiler.startSampling",
        "HeapProfiler.stopSampling",
        "Profiler.enable",
        "Profiler.setSamplingInterval",
        "Profiler.start",
        "Profiler.stop",
        # counts of what a loop without end calls
        "Profiler.startPreciseCoverage",
        "Profiler.stopPreciseCoverage",
        "Profiler.takePreciseCoverage",
        # these two the engines serve themselves
        "HeapProfiler.collectGarbage",
        "Runtime.terminateExecution",
    }
)
