"""A folder dropped on the real window: its entry runs, its scripts stand in the tree and run when they are asked to."""

from __future__ import annotations

from inspector.states import Capability
from tests.end_to_end.driver import Driver
from tests.fixtures.engines import lacks
from ui.features.sources import Sources
from ui.models.records import ScriptRecord


def scripts(driver: Driver, context: int = 0) -> dict[str, ScriptRecord]:
    """By file name, of a context by its number in the isolate."""
    contexts = list(driver.isolate("isolate 1").contexts.values())
    return {one.parsed.path.rsplit("/", 1)[-1]: one for one in contexts[context].scripts.values()}


def test_a_dropped_folder_runs_its_entry_and_adds_its_scripts(driver: Driver) -> None:
    folder = driver.file("app/index.js", "console.log('the entry')").parent
    driver.file("app/extra.js", "console.log('the extra one')\n// two lines")
    driver.file("app/node_modules/pack/index.js", "console.log('never')")
    driver.drag([folder], driver.place_of("isolate", 1))
    driver.until(lambda: driver.outcome("isolate 1") == "completed" and scripts(driver)["index.js"].runs == 1)
    assert list(scripts(driver)) == ["extra.js", "index.js"] and len(driver.isolate("isolate 1").runs) == 1
    assert any("Added 2 scripts of app, node_modules left out" in line for line in driver.console())

    extra = scripts(driver)["extra.js"]
    driver.all.selection.set(isolate_id=1, context_id=extra.parsed.context_id, script_id=extra.parsed.script_id)
    sources = driver.all.feature(Sources)
    driver.act("sources")
    driver.until(lambda: sources.view is not None and len(sources.view.area.text) == 2)
    assert sources.view is not None and "no run yet" in sources.view.facts.text()
    driver.act("run-file")
    driver.until(lambda: extra.runs == 1)
    assert "the extra one" in driver.console() and driver.problems() == ""
    # the same row, which V8 knows now
    driver.until(lambda: "ran 1 time" in (sources.view.facts.text() if sources.view is not None else ""))
    rows = driver.views.tree.model_of_rows
    node = rows.find("script", 1, extra.parsed.script_id)
    assert node.isValid() and rows.rowCount(node.parent()) == 2

    if not lacks(Capability.CONTEXTS):  # what did not run goes on to the context that follows
        driver.file("app/later.js", "2")
        driver.drag([folder], driver.place_of("isolate", 1))
        driver.until(lambda: scripts(driver)["index.js"].runs == 1 and "later.js" in scripts(driver))
        driver.until(lambda: driver.outcome("isolate 1") == "completed")
        driver.act("run-again")
        driver.until(lambda: scripts(driver, 1)["extra.js"].runs == 1)
        assert scripts(driver, 1)["later.js"].runs == 0

    bare = driver.file("parts/one.js", "console.log('never')").parent  # without an entry: nothing runs
    driver.file("parts/two.mjs", "export default 1")
    driver.drag([bare], driver.empty_place())
    made = driver.found(lambda record: record.name == "parts")
    driver.until(lambda: len(next(iter(made.contexts.values())).scripts) == 2)
    assert not made.runs and driver.problems() == ""
