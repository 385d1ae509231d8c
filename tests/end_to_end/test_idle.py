"""A window in which nothing happens does nothing."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from inspector.events import Event, HostMeasured
from inspector.states import Capability, IsolateState
from tests.end_to_end.driver import Driver
from tests.fixtures.engines import skip_without
from ui.clock import now_us
from ui.features.doors import DoorsFeature
from ui.features.memory import MemoryFeature

S = 1_000_000


def measured(driver: Driver, more_resident: int, more_cpu: int) -> HostMeasured:
    host = next(iter(driver.all.state.hosts.values()))
    return HostMeasured(now_us(), host.started.host_id, host.resident_bytes + more_resident, host.cpu_us + more_cpu, [])


def hear(driver: Driver, event: Event) -> bool:
    """Whether the window has something to draw for it."""
    frames = driver.all.frames
    frames._stale = False
    driver.all._take([event], driver.all.state.apply([event]))
    return frames._stale


def test_what_a_host_tells_each_second_is_drawn_where_it_is_seen(driver: Driver) -> None:
    driver.until(lambda: driver.isolate("isolate 1").figures.at_us)
    assert not hear(driver, measured(driver, 0, 900))  # nothing on screen tells its CPU time
    assert hear(driver, measured(driver, 1 << 20, 900))
    driver.all.selection.set(host_id=measured(driver, 0, 0).host_id)
    assert hear(driver, measured(driver, 0, 900))


@skip_without(Capability.HEAP_SPACES)
def test_the_figures_of_an_idle_heap_are_asked_for_once(driver: Driver) -> None:
    record = driver.isolate("isolate 1") if driver.all.state.isolates else driver.found(lambda one: True)
    memory = driver.all.feature(MemoryFeature)
    still = lambda: memory._asked_for == (record.isolate_id, replace(record.figures, at_us=0))  # noqa: E731
    driver.until(lambda: record.statistics is not None and record.state is IsolateState.IDLE and still())
    driver.until(lambda: not memory._asking and still())
    memory._tick(memory._asked_us + 60 * S)
    assert not memory._asking
    record.figures = replace(record.figures, used_bytes=record.figures.used_bytes + 1)
    memory._tick(memory._asked_us + S)
    assert memory._asking
    driver.until(lambda: not memory._asking)


def test_facts_that_are_shown_again_are_drawn_at_once(driver: Driver) -> None:
    driver.until(lambda: driver.all.selection.isolate_id == driver.isolate("isolate 1").isolate_id)
    driver.act("panel-facts")
    driver.all.selection.set(host_id=next(iter(driver.all.state.hosts)))
    driver.until(lambda: not driver.all.frames._stale)
    driver.act("panel-facts")
    driver.until(lambda: driver.views.facts._title.text().startswith("Host"))


def test_how_long_ago_a_door_was_used_goes_on(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    driver.until(lambda: driver.all.selection.isolate_id == driver.isolate("isolate 1").isolate_id)
    record = driver.isolate("isolate 1")
    doors = driver.all.feature(DoorsFeature)
    driver.all.selection.set(isolate_id=record.isolate_id, context_id=record.default_context_id)
    driver.until(lambda: doors._asked_us and not doors._asking)
    marked: list[bool] = []
    monkeypatch.setattr(driver.all.frames, "mark", lambda *, urgent: marked.append(urgent))
    asked_us = doors._asked_us
    driver.until(lambda: doors._asked_us > asked_us and marked)  # it asks again by itself
