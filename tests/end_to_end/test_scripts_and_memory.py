"""Scripts, heap spaces and the memory of contexts in the real window."""

from __future__ import annotations

import pytest

from inspector.errors import ProtocolError
from inspector.states import Capability
from tests.end_to_end.driver import Driver
from tests.fixtures.engines import skip_without
from ui.features.memory import MemoryFeature
from ui.features.scripts import ScriptsFeature
from ui.features.sources import Sources
from ui.models.facts import facts_of


@skip_without(Capability.SCRIPTS, Capability.CONTEXT_MEMORY)
def test_scripts_are_listed_with_their_source_and_contexts_are_measured(driver: Driver) -> None:
    text = "globalThis.kept = Array.from({ length: 3e4 }, () => ({}));\neval('var inner = 40 + 2'); kept.length"
    driver.drag([driver.file("kept.js", text)], driver.place_of("isolate", 1))
    driver.until(lambda: driver.outcome("isolate 1") == "completed")
    record = driver.select("isolate 1")
    driver.act("scripts")
    scripts = driver.all.feature(ScriptsFeature)
    model = scripts.model
    driver.until(lambda: model.rowCount() >= 2 and model.rows[0].runs == 1)
    inner = next(row for row, one in enumerate(model.rows) if not one.parsed.url and not one.parsed.path)
    scripts.view.activated.emit(model.index(inner, 0))
    sources = driver.all.feature(Sources)
    driver.until(lambda: sources.view is not None and sources.view.area.text.drawn(0) == "var inner = 40 + 2")

    driver.until(lambda: record.statistics is not None and record.statistics.spaces)
    driver.act("new-context")
    driver.until(lambda: len(record.contexts) == 2)
    driver.act("measure-contexts")
    driver.until(lambda: record.context_memory is not None)
    assert record.context_memory is not None
    main, second = (record.context_memory.contexts[one] for one in record.contexts)
    assert main > 800_000 > second
    titles = [section.title for section in facts_of(driver.all.state, isolate_id=record.isolate_id).sections]
    assert {"Heap spaces: used of committed", "Memory by context", "More of the heap"} <= set(titles)


@pytest.mark.parametrize("is_ending", [True, False])
def test_figures_of_an_isolate_that_just_ended_are_no_problem(
    driver: Driver, monkeypatch: pytest.MonkeyPatch, is_ending: bool
) -> None:
    class Ending:
        def __init__(self) -> None:
            self.is_ending = is_ending

        async def heap_statistics(self) -> None:
            raise ProtocolError("Isolate.heapStatistics", "it was disposed")

    feature = driver.all.feature(MemoryFeature)
    monkeypatch.setattr(feature.bench.pool, "isolate", lambda _isolate_id: Ending())
    asked = driver.all.bridge.spawn(feature._ask(1), "read the heap's figures")
    driver.until(asked.done)
    assert ("it was disposed" in driver.problems()) is not is_ending
