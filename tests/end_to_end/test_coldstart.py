"""Cold starts in the real window: measured in processes of their own, cancelled without a trace."""

from __future__ import annotations

import os

from inspector.states import Capability
from tests.end_to_end.driver import Driver
from tests.fixtures.engines import lacks
from tests.fixtures.leftovers import children_of
from ui.features.coldstart import ColdStarts


def test_a_file_that_ran_is_measured_and_a_cancel_leaves_no_process(driver: Driver) -> None:
    path = driver.file("work.js", "const kept = []; for (let i = 0; i < 1000; i++) kept.push(i); kept.length")
    driver.drag([path], driver.place_of("isolate", 1))
    driver.until(lambda: driver.outcome("isolate 1") == "completed")
    before = children_of(os.getpid())
    driver.act("coldstart")
    feature = driver.all.feature(ColdStarts)
    assert feature.view is not None and feature.model is not None
    view, model = feature.view, feature.model
    assert view.path == path
    view.rounds.setValue(2)
    view.run.click()
    driver.until(lambda: "engine" in model.heading, 60_000)
    contexts = 0 if lacks(Capability.CONTEXTS) else 2
    assert [one.n for one in model.figures][:2] == [contexts, 2] and "processors" in model.footing
    assert len(driver.all.state.isolates) == 1

    view.rounds.setValue(1000)
    view.run.click()
    driver.until(lambda: model.done >= 1, 60_000)
    view.cancel.click()
    driver.until(lambda: view.run.isVisibleTo(view))
    driver.until(lambda: children_of(os.getpid()) == before)

    bad = driver.file("bad.js", "throw new Error('no')")
    feature.choose(bad)
    view.run.click()
    driver.until(lambda: "ended threw" in driver.problems(), 60_000)
