"""Watch in the real window: a changed file is marked, and runs again where that was asked for."""

from __future__ import annotations

from inspector.states import Capability
from tests.end_to_end.driver import Driver
from tests.fixtures.engines import skip_without
from ui.features.watch import Watch
from ui.features.watch_kept import WatchKept
from ui.models.records import ScriptRecord

pytestmark = skip_without(Capability.CONTEXTS)


def scripts(driver: Driver) -> list[ScriptRecord]:
    return [script for one in driver.isolate("isolate 1").contexts.values() for script in one.scripts.values()]


def lines(driver: Driver, text: str) -> int:
    return sum(text in line for line in driver.console())


def test_a_changed_file_is_marked_and_runs_again_where_watched(driver: Driver) -> None:
    path = driver.file("work.js", "console.log('first version')")
    driver.drag([path], driver.place_of("isolate", 1))
    driver.until(lambda: driver.outcome("isolate 1") == "completed" and scripts(driver))
    driver.select("isolate 1")
    driver.file("work.js", "console.log('second version')")
    driver.until(lambda: scripts(driver)[0].on_disk == "changed on disk")
    assert len(driver.isolate("isolate 1").runs) == 1  # nothing runs unasked
    driver.file("work.js", "console.log('first version')")  # taken back
    driver.until(lambda: scripts(driver)[0].on_disk == "")
    driver.file("work.js", "console.log('second version')")
    driver.until(lambda: scripts(driver)[0].on_disk == "changed on disk")

    driver.act("watch")
    assert driver.all.actions["watch"].isChecked() and driver.all.feature(Watch).isolates
    other = driver.file("work.js.tmp", "console.log('third version')")
    other.replace(path)  # as most editors save
    driver.until(lambda: lines(driver, "third version") == 1)
    path.write_text("")  # others empty the file first
    path.write_text("throw new RangeError('fourth version')")
    driver.until(lambda: driver.outcome("isolate 1") == "threw")
    path.unlink()
    driver.until(lambda: scripts(driver)[-1].on_disk == "gone from disk")
    driver.file("work.js", "console.log('fifth version')")
    driver.until(lambda: lines(driver, "fifth version") == 1)
    versions = [one.outcome and str(one.outcome) for one in scripts(driver)]
    assert versions[:3] == ["completed", "completed", "threw"] and lines(driver, "second version") == 0
    assert len(driver.isolate("isolate 1").contexts) == 4

    driver.act("watch")
    assert not driver.all.feature(Watch).isolates and not driver.all.actions["watch"].isChecked()


def test_what_was_watched_is_offered_at_the_next_start_and_runs_when_told(driver: Driver) -> None:
    path, gone = driver.file("work.js", "console.log('worked')"), driver.file("zone.js", "1")
    driver.drag([path, gone], driver.place_of("isolate", 1))
    driver.until(lambda: len(driver.isolate("isolate 1").runs) == 2 and driver.outcome("isolate 1") == "completed")
    driver.select("isolate 1")
    driver.act("watch")
    kept = driver.all.feature(WatchKept)
    kept.closing()  # the settings are what a next window begins with
    assert kept.bench.settings.texts("watched") == [f"isolate 1\n{path}\n{gone}"]
    gone.unlink()

    kept.started()
    driver.until(lambda: kept.bar is not None and kept.bar.isVisible())
    assert kept.bar is not None
    assert kept.bar.words.text() == "work.js was watched when the window closed. Nothing has run."
    assert len(driver.all.state.isolates) == 1
    driver.act("watch")  # off: the offer stands until it is answered
    kept.closing()
    assert kept.bench.settings.texts("watched") == [f"isolate 1\n{path}"]
    kept.bar.button.click()
    driver.until(lambda: driver.outcome("isolate 1 2") == "completed")
    assert driver.all.feature(Watch).isolates == {2} and not kept.bar.isVisible()
