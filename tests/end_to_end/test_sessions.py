"""Profiles in the real window: dropped, opened in a tab, asked again, refused."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from tests.analysis.made import cpuprofile
from ui.features.sessions import Sessions

if TYPE_CHECKING:
    from tests.end_to_end.driver import Driver


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
