"""What the log keeps of the pool's life: hosts and isolates that come and go, limits, losses. No names, no values.

A person's names and a script's values are in events that this file passes over, or in fields that it does not read;
a lost host's last words are kept, since they are all that is left of it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from types import MappingProxyType

from inspector.events import (
    Event,
    HostLost,
    HostStarted,
    IsolateCreated,
    IsolateEnded,
    LimitHit,
    PoolStopped,
    RunSettled,
)
from inspector.states import IsolateState
from inspector.units import format_bytes

__all__ = ["note"]

log = logging.getLogger(__name__)

_LAST_WORDS = 4_000  # characters of a lost host's standard error


def note(event: Event) -> None:
    """Log an event, when it is one of those that tell the pool's life."""
    write = _WRITERS.get(type(event))
    if write is not None:
        write(event)


def _host_started(event: HostStarted) -> None:
    log.info(
        "Host process %s (pid %d) said hello after %.0f ms: %s, V8 %s",
        event.letter,
        event.pid,
        event.start_ms,
        event.engine,
        event.v8_version,
    )


def _host_lost(event: HostLost) -> None:
    words = event.last_words.strip()[-_LAST_WORDS:] or "(none)"
    log.warning(
        "Host process %d was lost: %s; exit code %s; last words: %s",
        event.host_id,
        event.reason,
        event.exit_code,
        words,
    )


def _pool_stopped(event: PoolStopped) -> None:
    log.info("The pool starts no host process any more: %s", event.reason)  # after three losses, or when it is closed


def _isolate_created(event: IsolateCreated) -> None:
    limit = format_bytes(event.memory_limit_bytes)
    log.info("Isolate %d was born in host process %d, memory limit %s", event.isolate_id, event.host_id, limit)


def _isolate_ended(event: IsolateEnded) -> None:
    level = logging.WARNING if event.state is IsolateState.CRASHED else logging.INFO
    log.log(level, "Isolate %d ended: %s, %s", event.isolate_id, event.state, event.reason)


def _limit_hit(event: LimitHit) -> None:
    held = f"{format_bytes(event.used_bytes)} used, {format_bytes(event.external_bytes)} off-heap"
    if event.resident_bytes is not None:
        held += f"; its host process grew by {format_bytes(event.resident_bytes)}"
    log.info("Isolate %d hit its limit (%s): %s", event.isolate_id, event.outcome, held)


def _run_settled(event: RunSettled) -> None:
    report = event.report
    log.debug(
        "Run %d in isolate %d: %s after %.1f ms",
        event.run_id,
        event.isolate_id,
        report.outcome,
        report.timings.whole_ms,
    )


_WRITERS: Mapping[type[Event], Callable[..., None]] = MappingProxyType(
    {
        HostStarted: _host_started,
        HostLost: _host_lost,
        PoolStopped: _pool_stopped,
        IsolateCreated: _isolate_created,
        IsolateEnded: _isolate_ended,
        LimitHit: _limit_hit,
        RunSettled: _run_settled,
    }
)
