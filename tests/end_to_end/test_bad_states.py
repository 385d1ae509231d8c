"""A spoilt settings file, names that lay out badly, and lines that are too long: usable, and said so."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from PySide6.QtCore import QMimeData, QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMainWindow
from pytestqt.qtbot import QtBot

from tests.end_to_end.driver import Driver
from ui.features.layouts import Layouts
from ui.features.preferences import Preferences
from ui.settings import Settings
from ui.views.new_isolate import NewIsolateDialog

MIB = 1 << 20


def spoilt(path: Path) -> None:
    """Of another screen, far away and larger than any; a theme that is not there; values of every wrong kind."""
    settings = Settings(path)
    elsewhere = QMainWindow()
    elsewhere.setGeometry(QRect(90_000, 90_000, 12_000, 9_000))
    settings.put_data("geometry", bytes(elsewhere.saveGeometry().data()))
    elsewhere.deleteLater()
    settings.put_data("across", b"no splitter's")
    settings.put("theme", "solarized")
    settings.put("memory-limit", "lots")
    settings.put("hidden", ["tree", "bottom", "facts", "nothing"])
    settings.put("layouts", ["{", "[]"])
    assert settings.save() == ""
    values = json.loads(path.read_text()) | {"editor": 5, "grouped": "yes", "recent": "a.js", "down": 7}
    path.write_text(json.dumps(values))


def test_bad_states_are_usable_and_said(qtbot: QtBot, loop: asyncio.AbstractEventLoop, tmp_path: Path) -> None:
    spoilt(tmp_path / "settings.json")
    driver = Driver(QApplication.instance(), qtbot, loop, tmp_path)
    try:
        driver.until(lambda: driver.isolate("isolate 1").state.alive and driver.all.actions["new-isolate"].isEnabled())
        in_sight_after_spoilt_settings(driver)
        names_that_lay_out_badly(driver)
        lines_that_are_too_long(driver)
    finally:
        driver.close()


def in_sight_after_spoilt_settings(driver: Driver) -> None:
    screen = QGuiApplication.primaryScreen().availableGeometry()
    assert screen.intersects(driver.window.frameGeometry())
    assert driver.all.themes.by_hand is None and driver.all.commands.memory_limit == "128 MiB"
    driver.act("reset-layout")
    assert driver.views.tree.isVisible() and driver.views.bottom.isVisible() and driver.views.tree.width() >= 200
    driver.all.feature(Preferences).recent.aboutToShow.emit()
    driver.all.feature(Layouts).menu.aboutToShow.emit()
    for width, height in ((200, 150), (4_000, 2_500), (1280, 800)):  # another screen, or a half of one
        driver.window.resize(width, height)
        QApplication.processEvents()
    assert not driver.problems()


def names_that_lay_out_badly(driver: Driver) -> None:
    driver.act("new-isolate")
    dialog = driver.window.findChild(NewIsolateDialog)
    assert dialog is not None
    dialog.name.setText("n" * 10_000)
    assert len(dialog.name.text()) == 200
    dialog.name.setText("שלום עולם مرحبا 🐘🦊")
    dialog.create_button.click()
    driver.until(lambda: driver.isolate("שלום עולם مرحبا 🐘🦊").state.alive)
    driver.until(lambda: driver.views.tree.model_of_rows.find("isolate", 2).data() is not None)
    long = driver.file("l" * 200 + ".js", f"globalThis['{'p' * 10_000}'] = 1; console.log('{'w' * 10_000}')")
    driver.drag([long], driver.place_of("isolate", 2))
    driver.until(lambda: any(run.report for run in driver.isolate("שלום עולם مرحبا 🐘🦊").runs))
    assert not driver.window.grab().isNull()


def lines_that_are_too_long(driver: Driver) -> None:
    driver.select("isolate 1")
    logged = 9 * MIB  # just beyond what is cut; 50 MiB are the same, and take a busy machine half a minute
    driver.type(f"console.log('y'.repeat({logged})); 'said'")
    driver.until(lambda: any(row.startswith(f"[{logged} characters, the first") for row in driver.console()), 60_000)
    driver.until(lambda: "'said'" in driver.console(), 60_000)
    pasted = QMimeData()
    pasted.setText("z" * (50 * MIB))
    field = driver.views.console.input
    field.insertFromMimeData(pasted)
    assert field.text() == "" and "Put them into a file" in driver.problems()
    driver.qtbot.keyClicks(field, "6*7")
    driver.qtbot.keyClick(field, Qt.Key.Key_Return)
    driver.until(lambda: "42" in driver.console())
