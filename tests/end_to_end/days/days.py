"""The days, a coroutine each: a leak, two versions, limits, cold starts, serving, what is kept."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.end_to_end.days.day_of_keeping import what_is_kept
from tests.end_to_end.days.person import Person
from ui.features.breakpoints import Breakpoints
from ui.features.coldstart import ColdStarts
from ui.features.containment import Trials
from ui.features.heap_table import HeapTable
from ui.features.help import Help
from ui.features.pauses import Pauses
from ui.features.repeat import Repeat
from ui.features.sessions import Sessions
from ui.features.sources import Sources
from ui.models.help import look_up
from ui.models.repeat_plan import Within
from ui.views.comparison import ComparisonView
from ui.views.contents import CONSOLE
from ui.views.repeat_fields import RepeatFields

__all__ = ["DAYS"]

CASES = ("endless-loop", "endless-push", "array-buffers", "string-doubling", "deep-recursion", "promise-loop")


async def a_leak_in_a_handler(person: Person) -> None:
    """Run it again and again, look at what full collections leave, find the line, mend it, run it once more."""
    await person.do("Layout: Monitor")
    path = person.write("handler.js", "leaky.js")
    person.drop(path, on="isolate 1")
    await person.until(lambda: person.outcome("isolate 1") == "completed")
    person.all.views.centre.go_to(2)
    await person.shoot("the handler ran")
    context = next(iter(person.isolate("isolate 1").contexts))
    while (
        person.all.store.growth(person.isolate("isolate 1").isolate_id) is None
    ):  # three collections within a second are none
        await again(person)
    await person.shoot("it grows after full collections")
    await person.do("Heap as a Table")
    table = person.all.feature(HeapTable).dialog
    await person.until(lambda: table is not None and table.table.model().rowCount())
    await person.shoot("the samples as rows")
    assert table is not None
    table.accept()
    entry, dialog = look_up("Growth"), person.all.feature(Help)._make()
    assert entry is not None
    dialog.show_entry(entry)
    await person.shoot("what growth is", dialog)
    dialog.close()
    await person.do("Measure Contexts")
    await person.until(lambda: person.isolate("isolate 1").context_memory is not None)
    await person.shoot("what the context keeps alive")
    await while_typing(person)
    assert "grows" in await a_thousand_times(person, path, "repeated, it grows")

    await the_line_that_keeps(person)

    await person.do("Watch Files")
    person.write("handler.js", "mended.js")  # saved: it runs again by itself
    await person.until(lambda: person.isolate("isolate 1").default_context_id != context)
    await person.until(lambda: person.outcome("isolate 1") == "completed")
    await person.do("Layout: Monitor")
    person.all.views.centre.go_to(2)
    for _ in range(3):
        await again(person)
    await person.shoot("mended, it keeps a hundred, version 2 beside version 1")
    assert "no growth" in await a_thousand_times(person, path, "repeated, it grows no more")
    await person.do("Watch Files")


async def while_typing(person: Person) -> None:
    """Names are suggested, and what the input would give stands beneath it."""
    console = person.all.views.console
    person.all.window.activateWindow()
    console.input.setFocus()
    QTest.keyClicks(console.input, "kept.len")
    await person.until(lambda: "length" in console.input.suggested)
    popup = QApplication.activePopupWidget()
    await person.shoot("names while typing", popup)
    console.input.clear()
    QTest.keyClicks(console.input, "kept.length")
    await person.until(lambda: console.eager.text().isdigit())
    await person.shoot("what it would give")
    console.input.clear()


async def repeat_fields(person: Person, path: Path) -> RepeatFields:
    """Repeat, opened for this file."""
    await person.do("Repeat")
    view = person.all.feature(Repeat).view
    assert view is not None
    view.fields.put_file(path)
    return view.fields


async def a_thousand_times(person: Person, path: Path, what: str) -> str:
    """The handler with a payload, in the selected isolate: what a call leaves. Returns the words of the result."""
    fields = await repeat_fields(person, path)
    fields.payload.setText('{"path": "/items", "id": 7}')
    fields.within.setCurrentIndex(list(Within).index(Within.SELECTED))
    fields.callers.setValue(1)
    fields.count.setValue(1_000)
    person.click(fields.run)
    await person.until(fields.stop.isVisible)
    await person.until(lambda: fields.words.text().startswith("Done"), 300)
    await person.shoot(what)
    return fields.words.text()


async def again(person: Person) -> None:
    """2,000 requests more, and a full collection."""
    runs = person.isolate("isolate 1").runs
    before = len(runs)
    await person.type("for (let id = 0; id < 2000; id++) handler({ path: '/items', id }); kept.length")
    await person.until(lambda: len(runs) > before and not runs[-1].active)
    await person.do("Collect Garbage")
    await person.until(lambda: "Collected garbage" in person.all.views.status.said())


async def the_line_that_keeps(person: Person) -> None:
    """A breakpoint beside the line, the pause, its variables."""
    await person.do("Layout: Debug")
    sources, pauses = person.all.feature(Sources), person.all.feature(Pauses)
    await person.until(lambda: sources.view is not None and len(sources.view.area.text) > 8)
    assert sources.view is not None
    area = sources.view.area
    row = area._height
    QTest.mouseClick(area.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(8, 4 * row + row // 2))
    await person.until(lambda: any(person.all.feature(Breakpoints).of.values()))
    await person.type("handler({ path: '/items', id: 1 })")
    await person.until(lambda: pauses.panel is not None and pauses.panel.line.text() == "kept.push(answer);")
    assert pauses.panel is not None
    scopes, line = pauses.panel.scopes, pauses.panel.line
    await person.until(lambda: scopes.rowCount(scopes.index(0, 0)))
    await person.shoot("paused where it keeps")
    person.all.views.bottom.setCurrentIndex(CONSOLE)
    await person.type("answer.body.length")  # in the call frame
    await person.until(lambda: person.all.console.text().endswith("\n2001"))
    await person.do("Step Over")
    await person.until(lambda: line.text() == "return answer;")
    person.all.views.bottom.setCurrentIndex(CONSOLE)
    await person.shoot("a step further, with what the frame holds")
    await person.do("Remove All Breakpoints")
    await person.do("Resume")
    await person.until(lambda: not any(run.active for run in person.isolate("isolate 1").runs))


async def two_versions(person: Person) -> None:
    """Each recorded from before its birth, then side by side."""
    sessions = person.all.feature(Sessions)
    for number, name in enumerate(("old", "new"), 1):
        person.drop(person.write(f"{name}.js", f"{name}.js"))
        await person.until(lambda name=name: person.outcome(name) == "completed")
        person.select(name)
        await person.do("Run and Record")
        await person.until(lambda number=number: len(sessions.views) >= number)
    await person.do("Layout: Record")
    person.all.views.centre.tabs.setCurrentWidget(sessions.views[-1])
    await person.until(lambda: sessions.views[-1].track is not None)
    await person.shoot("where the time went")
    person.click(sessions.views[-1]._compare)
    comparison = person.all.views.centre.tabs.currentWidget()
    assert isinstance(comparison, ComparisonView)
    await person.do("Layout: Compare")
    await person.until(comparison.summary.text)
    await person.until(comparison.changes.rowCount)
    await person.shoot("old beside new")
    await person.do("Reset Layout")


async def does_the_limit_contain_it(person: Person) -> None:
    """Runaways beside a neighbour that ticks."""
    person.drop(person.write("own.js", "own.js"))
    await person.until(lambda: person.isolate("own").runs[-1].started_us)
    await person.do("Stop")
    await person.until(lambda: person.outcome("own") in ("cancelled", "heap-limit"))
    await person.do("Test Containment")
    trials = person.all.feature(Trials)
    await person.until(lambda: trials.model is not None and trials.view is not None and len(trials.model.rows) > 30)
    model, view = trials.model, trials.view
    assert model is not None
    assert view is not None
    await person.until(lambda: [one.name for one in model.chosen] == ["own.js"])  # what ran is offered as a case
    for row in model.rows:
        row.chosen = row.case.name in (*CASES, "own.js")
    model.chosen_changed.emit()
    view.controls.timeout.setText("2 s")
    person.click(view.controls.run)
    await person.until(lambda: model.running is not None)
    await person.shoot("under way, with progress in the status bar")
    await person.until(lambda: not model.under_way, 300)
    await person.shoot("what stopped each")
    contained = [row.verdict.contained for row in model.rows if row.verdict is not None]
    assert len(contained) == len(CASES) + 1, contained


async def cold_start(person: Person) -> None:
    """One file from nothing, by stages."""
    person.drop(person.write("start.js", "new.js"), on="isolate 1")
    await person.until(lambda: person.outcome("isolate 1") == "completed")
    person.select("isolate 1")
    await person.do("Measure Cold Start")
    feature = person.all.feature(ColdStarts)
    assert feature.view is not None
    assert feature.model is not None
    view, model = feature.view, feature.model
    view.rounds.setValue(5)
    person.click(view.run)
    await person.until(lambda: "engine" in model.heading, 300)
    view.chart.setFocus()
    for _ in range(2):
        QTest.keyClick(view.chart, Qt.Key.Key_Down)
    await person.shoot("stages of each start")


async def serving(person: Person) -> None:
    """A handler under concurrent requests over a pool of isolates: latencies, what a call allocates, growth."""
    path = person.write("serving.mjs", "serving.mjs")
    fields = await repeat_fields(person, path)
    fields.payload.setText('{"rows": 300}')
    fields.within.setCurrentIndex(list(Within).index(Within.NEW))
    for field, value in ((fields.isolates, 3), (fields.callers, 6), (fields.count, 600)):
        field.setValue(value)
    person.click(fields.run)
    await person.until(lambda: len(person.all.state.live_isolates()) >= 3)
    await person.shoot("under load")
    await person.until(lambda: fields.words.text().startswith("Done"), 300)
    await person.shoot("latencies by isolate")
    person.all.views.centre.go_to(1)
    await person.shoot("all heaps on one time axis")


DAYS = {
    "1 leak": a_leak_in_a_handler,
    "2 versions": two_versions,
    "3 limits": does_the_limit_contain_it,
    "4 cold start": cold_start,
    "5 serving": serving,
    "6 keeping": what_is_kept,
}
