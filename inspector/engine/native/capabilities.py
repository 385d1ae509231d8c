"""What the native engine can do: all of it, but where the system has no clock for another thread."""

from __future__ import annotations

import time

from inspector.states import Capability

__all__ = ["CAPABILITIES"]

CAPABILITIES: dict[Capability, str] = dict.fromkeys(Capability, "")
if not hasattr(time, "pthread_getcpuclockid"):
    _REASON = "This system has no clock for another thread's CPU time."
    CAPABILITIES |= {Capability.CPU_LIMIT: _REASON, Capability.CPU_TIME: _REASON}
