"""Profiles in the real window: dropped, opened in a tab, asked again, refused."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import orjson
import pytest

from inspector.analysis.functions import functions
from inspector.states import Capability
from tests.analysis.made import cpuprofile
from tests.fixtures.engines import skip_without
from ui.features.sessions import Sessions
from ui.features.sources import Sources
from ui.models.call_tree import Direction

if TYPE_CHECKING:
    from tests.end_to_end.driver import Driver

BURN = """function burn(work) {
  let sum = 0;
  for (let i = 0; i < work; i++) sum = (sum * 31 + i) % 1000003;
  return sum;
}
function one() { return burn(1e6); }
function three() { return burn(3e6); }
for (let i = 0; i < 6; i++) { one(); three(); }
"""


def profile(driver: Driver, name: str) -> Path:
    return driver.file(name, orjson.dumps(cpuprofile(["main alpha"] * 90 + ["main"] * 10)))


def test_a_dropped_profile_is_opened_and_runs_nothing(driver: Driver) -> None:
    sessions = driver.all.feature(Sessions)
    path = profile(driver, "burn.cpuprofile")
    driver.drag([path], driver.place_of("isolate", 1))
    driver.until(lambda: len(sessions.views) == 1 and sessions.views[0].isVisible())
    view = sessions.views[0]
    assert view.tables.models  # shown with the tables of the whole
    driver.until(lambda: view.tables.findings.rowCount() == 2)
    view.tables.setCurrentWidget(view.tables.figure_table)
    driver.until(lambda: view.tables.figures.rowCount() > 5)
    assert not driver.isolate("isolate 1").runs
    driver.drag([path], driver.empty_place())
    tabs = driver.all.views.centre.tabs
    before = tabs.count()
    driver.until(lambda: tabs.count() == before)
    assert len(sessions.views) == 1  # the tab that shows it already
    view.time.put_brush(1_010_000, 1_050_000)  # beside the whole
    compared = sessions.compare(view)
    driver.until(lambda: compared.functions.rowCount() > 0)
    assert tabs.indexOf(compared) >= 0
    tabs.removeTab(tabs.indexOf(compared))
    compared.deleteLater()
    button = tabs.tabBar().tabButton(tabs.indexOf(view), tabs.tabBar().ButtonPosition.RightSide)
    button.click()  # type: ignore[attr-defined]
    assert not sessions.views
    assert tabs.count() == before - 1


def test_what_is_no_profile_is_told(driver: Driver) -> None:
    broken = driver.file("broken.cpuprofile", '{"nodes": 5}')
    driver.drag([broken], driver.empty_place())
    driver.until(lambda: "Read a CPU profile" in driver.problems())
    script = driver.file("a.js", "1")
    driver.drag([broken, script], driver.empty_place())
    driver.until(lambda: "Recordings and scripts at once" in driver.problems())
    assert not driver.all.feature(Sessions).views
    assert len(driver.all.state.isolates) == 1


@skip_without(Capability.CPU_PROFILE)
def test_a_recording_is_shown_while_it_is_made(driver: Driver, tmp_path: Path) -> None:
    """The V8 inspector engine records itself: what the window shows of a known script is what it did."""
    from inspector.recording.options import Preset, RecordOptions
    from inspector.recording.recorder import Recorder

    path = tmp_path / "live.isosession"
    bridge = driver.all.bridge
    recorder: list[Recorder] = []

    async def begin() -> None:
        made = Recorder(driver.door.pool, path, RecordOptions(Preset.CPU))
        await made.start()
        recorder.append(made)

    async def end() -> None:
        await recorder[0].close()

    bridge.spawn(bridge.submit(begin()), "record")
    driver.until(lambda: bool(recorder))
    sessions = driver.all.feature(Sessions)
    driver.drag([driver.file("burn.js", BURN)], driver.place_of("isolate", 1))
    driver.until(lambda: driver.outcome("isolate 1") == "completed", 60_000)
    driver.until(path.exists)
    driver.drag([path], driver.empty_place())
    driver.until(lambda: len(sessions.views) == 1)
    view = sessions.views[0]
    driver.until(lambda: view.data is not None and view.data.live)
    bridge.spawn(bridge.submit(end()), "stop")
    driver.until(lambda: view.data is not None and not view.data.live, 60_000)
    assert view.track is not None
    assert view.track.name == "isolate 1"
    assert [run.label for run in view.track.runs] == ["burn.js"]
    assert len(view.track.samples)
    profile = view.track.profile
    assert profile is not None
    sums = functions(profile.tree, profile.self_us())
    spent = {one.name: float(us) for one, us in zip(profile.tree.frames, sums.total, strict=True)}
    assert spent["burn"]
    # no log is left beside it, once both who write and who read have let go
    driver.until(lambda: [one.name for one in tmp_path.glob("live.*")] == ["live.isosession"])
    whole = float(profile.self_us().sum())
    for model in (view.tables.models[Direction.BOTTOM_UP], view.tables.models[Direction.TOP_DOWN]):
        assert model.whole == pytest.approx(whole)
    view.open_function(profile.tree.frames.index(next(one for one in profile.tree.frames if one.name == "burn")))
    assert view.tables.source.text.toPlainText() == BURN
    times = view.tables.source.text.times
    here = sum(float(us) for one, us in zip(profile.tree.frames, sums.own, strict=True) if one.url.endswith("burn.js"))
    assert sum(times.values()) == pytest.approx(here)
    assert set(times) <= set(range(1, 9))
    assert here <= whole
    driver.select("isolate 1")
    driver.act("sources")  # the same source: its lines have what the recording measured
    sources = driver.all.feature(Sources)
    driver.until(lambda: sources.view is not None and "self time of" in sources.view.facts.text())
    assert sources.view is not None and sources.view.area._figures
