"""What the public API allows: "" when it can, else the reason, as `doctor` and greyed actions tell it."""

from __future__ import annotations

from collections.abc import Mapping

from inspector.states import Capability

__all__ = ["CAPABILITIES", "refusal"]

_NEEDS_INSPECTOR = "mini-racer's public API doesn't reach V8's inspector"

CAPABILITIES: Mapping[Capability, str] = {
    Capability.EVALUATE: "",
    Capability.CONSOLE: "",
    Capability.CONTEXTS: "mini-racer's public API gives one context per isolate",
    Capability.MODULES: "mini-racer's public API runs classic scripts only",
    Capability.SCRIPTS: "only scripts run from here are listed: what eval() and new Function() compile is not told",
    Capability.COMPILE: "mini-racer's public API compiles a script each time it runs",
    Capability.CODE_CACHE: "mini-racer's public API doesn't hand out V8's code cache",
    Capability.HOST_FUNCTIONS: "",
    Capability.PORTS: "",
    Capability.PAUSE: _NEEDS_INSPECTOR,
    Capability.COPIES: "",
    Capability.REFERENCES: "",
    Capability.HEAP_STATISTICS: "",
    Capability.HEAP_SPACES: "mini-racer's public API tells the figures of the heap as a whole",
    Capability.CONTEXT_MEMORY: "mini-racer's public API gives one context per isolate: its heap is the isolate's",
    Capability.CPU_TIME: "mini-racer doesn't tell the CPU time of an isolate's thread",
    Capability.BUSY_SAMPLES: (
        "statistics wait for the running script, cost 0.4-1 ms and leave 96 kB of garbage each: "
        "taken when going idle, at most once a second"
    ),
    Capability.GC_EVENTS: "",
    Capability.BUSY_GC: "a collection waits for the running script",
    Capability.MEMORY_LIMIT: "",
    Capability.EXTERNAL_LIMIT: "mini-racer's memory limit counts V8's heap only, and off-heap memory is not told",
    Capability.CPU_LIMIT: "mini-racer doesn't tell the CPU time of an isolate's thread",
    Capability.PROBES: (
        "mini-racer's public API can't refuse side effects: names are completed along plain paths, "
        "and nothing is previewed"
    ),
    Capability.INSPECTOR: (
        f"{_NEEDS_INSPECTOR}: a few methods of Runtime and HeapProfiler are answered, "
        "and a rejection that nobody handles is told only when it is a script's result"
    ),
    Capability.HEAP_SNAPSHOT: "mini-racer hands a snapshot over as one string: too large to be streamed",
    Capability.CPU_PROFILE: _NEEDS_INSPECTOR,
}


def refusal(capability: Capability) -> str:
    """Why the engine can't; never empty for what it can't do."""
    return CAPABILITIES[capability]
