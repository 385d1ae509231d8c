"""Our own Isolate domain -> events: states, starts of runs, limits, gaps in the console."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from inspector.events import (
    ConsoleDropped,
    ConsoleValuesReleased,
    Event,
    IsolateStateChanged,
    LimitHit,
    MarkSet,
    RunStarted,
    RunValued,
)
from inspector.states import IsolateState, Outcome
from inspector.target.facts import Facts
from inspector.values import preview_text

__all__ = ["TABLE"]


def _state_changed(facts: Facts, params: Mapping[str, Any], arrived_us: int) -> Iterator[Event]:
    state = IsolateState(params["state"])
    facts.state = state
    yield IsolateStateChanged(_at(params, arrived_us), facts.isolate_id, state, str(params.get("reason") or ""))


def _run_started(facts: Facts, params: Mapping[str, Any], arrived_us: int) -> Iterator[Event]:
    run_id = int(params["runId"])
    facts.runs.start(run_id)
    yield RunStarted(_at(params, arrived_us), run_id, facts.isolate_id)


def _run_valued(facts: Facts, params: Mapping[str, Any], arrived_us: int) -> Iterator[Event]:
    result = params["result"]
    if isinstance(result, Mapping):
        run_id, context_id = int(params["runId"]), int(params["contextId"])
        yield RunValued(arrived_us, run_id, facts.isolate_id, context_id, result, preview_text(result))


def _limit_hit(facts: Facts, params: Mapping[str, Any], arrived_us: int) -> Iterator[Event]:
    run_id = params.get("runId")
    yield LimitHit(
        at_us=_at(params, arrived_us),
        isolate_id=facts.isolate_id,
        outcome=Outcome(params["outcome"]),
        used_bytes=int(params["usedBytes"]),
        external_bytes=int(params["externalBytes"]),
        resident_bytes=params.get("residentBytes"),
        limit_bytes=int(params["limitBytes"]),
        run_id=None if run_id is None else int(run_id),
    )


def _console_dropped(facts: Facts, params: Mapping[str, Any], arrived_us: int) -> Iterator[Event]:
    yield ConsoleDropped(arrived_us, facts.isolate_id, int(params["count"]))


def _console_values_released(facts: Facts, _: Mapping[str, Any], arrived_us: int) -> Iterator[Event]:
    yield ConsoleValuesReleased(arrived_us, facts.isolate_id)


def _marked(facts: Facts, params: Mapping[str, Any], arrived_us: int) -> Iterator[Event]:
    at_us, left_out = _at(params, arrived_us), int(params.get("leftOutBefore") or 0)
    if left_out:
        yield MarkSet(at_us, f"{left_out} marks were left out: they came too fast", facts.isolate_id, params["source"])
    yield MarkSet(at_us, str(params["name"]), facts.isolate_id, params["source"])


def _at(params: Mapping[str, Any], arrived_us: int) -> int:
    at_us = params.get("atUs")
    return at_us if isinstance(at_us, int) else arrived_us


TABLE: Mapping[str, Callable[[Facts, Mapping[str, Any], int], Iterable[Event]]] = {
    "Isolate.stateChanged": _state_changed,
    "Isolate.runStarted": _run_started,
    "Isolate.runValued": _run_valued,
    "Isolate.limitHit": _limit_hit,
    "Isolate.marked": _marked,
    "Isolate.consoleDropped": _console_dropped,
    "Isolate.consoleValuesReleased": _console_values_released,
}
