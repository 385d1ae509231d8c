"""Takes the README's screenshots: the real window over real isolates, by gestures, light and dark.

    python packaging/screenshots.py [FOLDER [window] [session]]        (default: docs/screenshots, all)

Runs anywhere: offscreen, unless QT_QPA_PLATFORM says otherwise (with a virtual screen: xvfb-run, QT_QPA_PLATFORM=xcb).
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl  # noqa: E402
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from ui.assembly import Assembly  # noqa: E402
from ui.driven import drive  # noqa: E402
from ui.examples import EXAMPLES  # noqa: E402
from ui.features.recording import Recording  # noqa: E402
from ui.features.recordings import Recordings  # noqa: E402
from ui.models.isolate_wish import IsolateWish  # noqa: E402
from ui.views.centre import HEAP, OVERVIEW, START  # noqa: E402
from ui.views.session import SessionView  # noqa: E402

SIZE = (1280, 800)
SMALL = (820, 560)
WIDE = (1600, 1000)
GATHER_S = 40.0  # until the graphs have something to show
SCRIPT = Path(__file__).with_suffix(".js")
SERVER = Path(__file__).with_name("screenshots_session.js")


class Camera:
    """Drives one window and grabs it."""

    def __init__(self, window: Assembly, folder: Path) -> None:
        self.all = window
        self.folder = folder

    async def until(self, holds: Callable[[], object], seconds: float = 30) -> None:
        for _ in range(int(seconds * 20)):
            if holds():
                return
            await asyncio.sleep(0.05)
        raise TimeoutError("what the picture should show did not come")

    async def shoot(self, name: str) -> None:
        for theme in ("light", "dark"):
            self.all.themes.choose(theme)
            await asyncio.sleep(0.4)
            self.all.window.grab().save(str(self.folder / f"{name}-{theme}.png"))

    def select(self, name: str) -> None:
        found = next(one for one in self.all.state.isolates.values() if one.name == name)
        self.all.selection.set(isolate_id=found.isolate_id)

    def console(self) -> list[str]:
        model = self.all.console
        return [str(model.index(row).data()) for row in range(model.rowCount())]

    def drag(self, path: Path, place: QPoint, *, drop: bool) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        window = self.all.window
        QApplication.sendEvent(window, QDragEnterEvent(place, copy, data, left, none))
        QApplication.sendEvent(window, QDragMoveEvent(place, copy, data, left, none))
        if drop:
            QApplication.sendEvent(window, QDropEvent(QPointF(place), copy, data, left, none))

    def row(self, name: str) -> QPoint:
        tree = self.all.views.tree
        found = next(one for one in self.all.state.isolates.values() if one.name == name)
        centre = tree.visualRect(tree.model_of_rows.find("isolate", found.isolate_id)).center()
        return tree.viewport().mapTo(self.all.window, centre)


async def take(camera: Camera, files: Path, opened: Future[None]) -> None:
    window, views = camera.all.window, camera.all.views
    window.resize(*SIZE)
    await asyncio.wrap_future(opened)
    await camera.all.commands.new_isolate(IsolateWish("isolate 1", 128 << 20, alone=False))
    await camera.until(camera.all.state.live_isolates)
    views.centre.go_to(START)
    await camera.shoot("start")
    for example in EXAMPLES[:3]:
        camera.all.wishes.run_example(example)
    script = files / "nouns.js"
    script.write_text(SCRIPT.read_text(encoding="utf-8"), encoding="utf-8")
    camera.drag(script, camera.row("isolate 1"), drop=True)
    await camera.until(lambda: "runaway" in [one.name for one in camera.all.state.isolates.values()])
    await asyncio.sleep(GATHER_S)
    camera.select("leak")
    views.centre.go_to(HEAP)
    await camera.shoot("heap")
    views.centre.go_to(OVERVIEW)
    camera.select("runaway")
    await camera.shoot("overview")
    camera.select("isolate 1")
    views.centre.go_to(HEAP)
    views.console.input.setText("({ answer: 6 * 7, when: new Date(0) })")
    views.console.input.enter()
    await camera.until(lambda: any("answer: 42" in row for row in camera.console()))
    camera.drag(script, camera.row("leak"), drop=False)
    await camera.shoot("drop")
    views.drops.leave()
    camera.all.actions["group"].trigger()
    views.fit(SMALL[0])  # what a narrow window leaves out, before it is asked to be so narrow
    await asyncio.sleep(0.3)
    window.resize(*SMALL)
    await camera.shoot("small")


async def take_session(camera: Camera, files: Path, opened: Future[None]) -> None:
    """A recording of three isolates in its tab."""
    window, tabs = camera.all.window, camera.all.views.centre.tabs
    window.resize(*WIDE)
    await asyncio.wrap_future(opened)
    for name in ("api", "search", "worker"):
        await camera.all.commands.new_isolate(IsolateWish(name, 64 << 20, alone=False))
    await camera.until(lambda: len(list(camera.all.state.live_isolates())) >= 3)
    recording, recordings = camera.all.feature(Recording), camera.all.feature(Recordings)
    camera.all.actions["record"].trigger()
    await camera.until(lambda: recording.recorder is not None)
    for name in ("api", "worker", "search"):
        script = files / f"{name}.js"
        script.write_text(SERVER.read_text(encoding="utf-8"), encoding="utf-8")
        camera.drag(script, camera.row(name), drop=True)
        await asyncio.sleep(0.4)
    await camera.until(lambda: all(run.report is not None for run in camera.all.state.runs.values()), 90)
    assert recording.recorder is not None
    path, before = recording.recorder.path, tabs.count()
    camera.all.actions["record"].trigger()
    await camera.until(lambda: recording.recorder is None)
    recordings.open(path)
    await camera.until(lambda: tabs.count() > before)
    view = tabs.currentWidget()
    assert isinstance(view, SessionView)
    await camera.until(lambda: view.data is not None)
    assert view.data is not None
    camera.all.views.panes.share((300, 1040, 260), (800, 140))
    view.choose(next(one.isolate_id for one in view.data.tracks if one.name == "api"))
    await asyncio.sleep(1.5)
    await camera.shoot("session")


TAKES = {"window": take, "session": take_session}


def main(folder: Path, names: list[str]) -> int:
    folder.mkdir(parents=True, exist_ok=True)

    async def shoot(made: Assembly, opened: Future[None]) -> None:
        for name in names or TAKES:
            await TAKES[name](Camera(made, folder), Path(files), opened)

    with tempfile.TemporaryDirectory() as files:
        drive(shoot, Path(files))
    print("\n".join(str(path) for path in sorted(folder.glob("*.png"))))
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "screenshots", sys.argv[2:]))
