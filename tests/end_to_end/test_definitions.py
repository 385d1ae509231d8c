"""A pool definition in the real window: saved, opened again, and nothing of it runs unasked."""

from __future__ import annotations

import json

from tests.end_to_end.driver import Driver
from ui.features.definitions import Definitions


def test_a_pool_is_saved_and_opened_and_runs_when_told(driver: Driver) -> None:
    feature = driver.all.feature(Definitions)
    path = driver.file("work.js", "console.log('worked in', this.ready ?? 'web')")
    driver.drag([path], driver.place_of("isolate", 1))
    driver.until(lambda: driver.outcome("isolate 1") == "completed")
    saved = path.with_name("pool.json")
    feature.save(saved)
    driver.until(saved.exists)
    (one,) = json.loads(saved.read_text())["isolates"]
    assert (one["name"], one["files"]) == ("isolate 1", ["work.js"])

    driver.file("setup.js", "globalThis.ready = 'a prelude'")
    own = {**one, "name": "own", "prelude": ["bare", "setup.js"]}
    saved.write_text(json.dumps({"version": 1, "isolates": [one, own]}))
    feature.open(saved)
    driver.until(lambda: feature.bar is not None and feature.bar.isVisible())
    assert feature.bar is not None
    assert "2 files to run and 1 isolate with a prelude of its own" in feature.bar.words.text()
    driver.until(lambda: "isolate 1 2" in [record.name for record in driver.all.state.isolates.values()])
    assert len(driver.all.state.isolates) == 2 and not driver.isolate("isolate 1 2").runs

    feature.bar.button.click()
    driver.until(lambda: driver.outcome("isolate 1 2") == driver.outcome("own") == "completed")
    driver.select("own")
    driver.until(lambda: "worked in a prelude" in driver.console())
    feature.open(saved)
    driver.until(lambda: feature.bar.isVisible() and len(driver.all.state.isolates) == 4)
    runs = len(driver.all.runs._runs)
    feature.bar.declined.emit()
    assert not feature.bar.isVisible() and len(driver.all.runs._runs) == runs
    saved.write_text("{")
    feature.open(saved)
    driver.until(lambda: "pool.json" in driver.problems())
    assert len(driver.all.state.isolates) == 4 and not feature.bar.isVisible()
