"""Recording in the window: started, marked, stopped, kept when it closes; black boxes; the list; run and record."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from inspector.states import Capability
from tests.fixtures.engines import skip_without

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.end_to_end.driver import Driver


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    yield tmp_path / "data" / "isolate-inspector" / "recordings"


def test_a_recording_from_the_first_key_to_the_list(driver: Driver, folder: Path) -> None:
    from inspector.recording.session import Session
    from ui.features.recording import Recording
    from ui.features.recordings import Recordings

    recording, recordings = driver.all.feature(Recording), driver.all.feature(Recordings)
    mark = driver.all.actions["mark"]
    assert not mark.isEnabled()
    driver.act("record")
    driver.until(lambda: recording.recorder is not None and mark.isEnabled(), 30_000)
    assert driver.all.actions["record"].isChecked()
    driver.until(lambda: recording._label is not None and "REC 00:0" in recording._label.text())
    driver.select("isolate 1")
    driver.type("for (let i = 0; i < 5; i++) console.log(i)")
    driver.until(lambda: driver.outcome("isolate 1") == "completed", 30_000)
    driver.act("mark")
    assert next(path.suffix for path in sorted(folder.iterdir())) == ".isosession"  # from its first second on
    driver.act("record")
    driver.until(lambda: recording.recorder is None and recordings.bar is not None, 30_000)
    assert recordings.bar is not None and "were recorded" in recordings.bar.words.text()
    (path,) = folder.iterdir()
    with Session.open(path) as session:
        assert session.info.end_reason == "stopped"
        assert [one.name for one in session.marks()] == ["mark 1"]
        assert [run.label for run in session.runs()] == ["console input"]
        assert len(session.console()) == 5

    driver.act("save-last-minute")
    driver.until(lambda: len(list(folder.glob("last minute*"))) == 1, 30_000)
    driver.act("recordings")
    driver.until(lambda: recordings.model is not None and recordings.model.rowCount() == 2, 30_000)
    view, model = recordings.view, recordings.model
    assert view is not None and model is not None
    kept = ["the last 60 s", "asked for"]  # once the first is whole
    driver.until(lambda: [str(model.index(row, 3).data()) for row in range(2)] == kept, 30_000)
    view.choose(0)
    view.delete.click()
    assert len(list(folder.iterdir())) == 2  # it asks first
    view.delete.click()
    driver.until(lambda: recordings.model is not None and recordings.model.rowCount() == 1, 30_000)


def test_the_isolates_of_the_selected_rows_are_recorded(driver: Driver, folder: Path) -> None:
    from PySide6.QtCore import QItemSelectionModel

    from inspector.recording.session import Session
    from ui.features.recording import Recording
    from ui.features.recordings import Recordings
    from ui.models.isolate_wish import IsolateWish
    from ui.views.record_options import RecordOptionsDialog, selection_words

    for name in ("two", "three"):
        driver.all.bridge.spawn(driver.all.commands.new_isolate(IsolateWish(name, 32 << 20, alone=False)))
    driver.until(lambda: len(driver.all.state.isolates) == 3)
    tree = driver.views.tree
    for name in ("isolate 1", "three"):
        row = tree.model_of_rows.find("isolate", driver.isolate(name).isolate_id)
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        only = QItemSelectionModel.SelectionFlag.Clear if name == "isolate 1" else flags
        tree.selectionModel().select(row, flags | only)
    recording, recordings = driver.all.feature(Recording), driver.all.feature(Recordings)
    driver.act("record-options")
    dialog = next(one for one in driver.window.findChildren(RecordOptionsDialog) if one.isVisible())
    assert dialog.scope.itemText(1) == "isolate 1 and three, and what replaces them"
    assert selection_words(["a", "b", "c"]) == "The 3 selected, and what replaces them"
    dialog.scope.setCurrentIndex(1)
    dialog.record.click()
    driver.until(lambda: recording.recorder is not None)
    driver.act("record")
    driver.until(lambda: recording.recorder is None and recordings.bar is not None)
    (path,) = folder.iterdir()
    with Session.open(path) as session:
        assert sorted(one.name for one in session.isolates()) == ["isolate 1", "three"]

    # the ring of the last minute holds no task of the window's, which a harness that runs no loop any more would break
    ring = recordings._ring
    assert ring is not None and ring._kept
    driver.until(lambda: driver.all.bridge.busy == 0)
    recordings.closing()
    driver.until(lambda: not ring._kept)


@skip_without(Capability.CPU_PROFILE)
def test_run_and_record_covers_the_isolate_from_before_its_birth(driver: Driver, folder: Path) -> None:
    from PySide6.QtGui import QGuiApplication

    from inspector.recording.session import Session

    tabs = driver.views.centre.tabs
    before = tabs.count()
    work = driver.file("work.js", "let n = 0; while (n < 3e7) n++; n")
    QGuiApplication.clipboard().setText(str(work))
    menu = driver.all.wishes.paste()
    assert menu is not None
    next(entry for entry in menu.actions() if entry.text().startswith("Run and record")).trigger()
    menu.close()
    driver.until(lambda: tabs.count() > before, 60_000)  # it is opened by itself
    (path,) = folder.iterdir()
    with Session.open(path) as session:
        isolate = next(one for one in session.isolates() if one.name.startswith("work"))
        assert isolate.created_us >= session.info.began_us
        assert session.runs(isolate.isolate_id)[0].outcome == "completed"
        assert session.cpu_profile(isolate.isolate_id) is not None


def test_a_lost_host_leads_from_its_dead_row_to_the_black_box(driver: Driver, folder: Path) -> None:
    from ui.features.recordings import Recordings

    recordings = driver.all.feature(Recordings)
    record = driver.select("isolate 1")
    driver.until(lambda: recordings._ring is not None)
    host = driver.all.state.host_of(record.isolate_id)
    assert host is not None
    os.kill(host.started.pid, signal.SIGKILL)
    driver.until(lambda: recordings.bar is not None and "last 60 s were saved" in recordings.bar.words.text(), 60_000)
    assert len(list(folder.glob("black box*"))) == 1
    tabs = driver.views.centre.tabs
    before = tabs.count()
    driver.views.tree.opened.emit(record.isolate_id)
    driver.until(lambda: tabs.count() > before, 60_000)
    assert recordings.bar is not None and not recordings.bar.isVisible()


def cut_off(path: Path) -> None:
    """A recording as a killed window leaves it: what it says lies in the log beside it."""
    from inspector.events import MarkSet
    from inspector.recording.batch import Batch
    from inspector.recording.store import Store

    store, batch = Store.create(path, {"began_us": "1"}), Batch()
    batch.add([MarkSet(2_000_001, "before the end")])
    store.write(batch, {"written_us": "3000001"})
    parts = {part: part.read_bytes() for part in (path, path.with_name(f"{path.name}-wal"))}
    store.finish()
    for part, content in parts.items():
        part.write_bytes(content)


def test_what_was_cut_off_is_offered_and_closing_the_window_keeps_what_it_records(
    qtbot: QtBot, loop: asyncio.AbstractEventLoop, tmp_path: Path, folder: Path
) -> None:
    from PySide6.QtWidgets import QApplication

    from inspector.recording.folder import recovered
    from inspector.recording.session import Session
    from tests.end_to_end.driver import Driver
    from ui.features.recording import Recording
    from ui.features.recordings import Recordings

    old = folder / "recording 2026-01-01 00.00.00.isosession"
    cut_off(old)
    driver = Driver(QApplication.instance(), qtbot, loop, tmp_path)
    try:
        recordings, tabs = driver.all.feature(Recordings), driver.views.centre.tabs
        driver.until(lambda: recordings.bar is not None and "recovered" in recordings.bar.words.text(), 60_000)
        assert recordings.bar is not None and old.name in recordings.bar.words.text()
        before = tabs.count()
        recordings.bar.pressed.emit()
        driver.until(lambda: tabs.count() > before, 60_000)
        assert list(folder.iterdir()) == [old]  # one file
        driver.until(driver.all.actions["record"].isEnabled, 30_000)
        driver.act("record")
        driver.until(lambda: driver.all.feature(Recording).recorder is not None, 30_000)
    finally:
        driver.close()
    (path,) = set(folder.iterdir()) - {old}  # no log beside it
    with Session.open(old) as session:
        assert ([one.name for one in session.marks()], session.info.ended_us) == (["before the end"], None)
    with Session.open(path) as session:
        assert session.info.end_reason == "the window was closed"
    assert recovered(folder) == []
