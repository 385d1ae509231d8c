"""What is kept and found again: messages, a pool definition, a recording, an action, a setting."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QTabBar

from tests.end_to_end.days.person import Person
from ui.examples import EXAMPLES
from ui.features.definitions import Definitions
from ui.features.palette import PaletteFeature
from ui.features.preferences import Preferences
from ui.features.recordings import Recordings
from ui.features.sessions import Sessions

__all__ = ["what_is_kept"]


async def what_is_kept(person: Person) -> None:
    """Two isolates talk and are recorded; the pool is saved and made again; the recording is opened again."""
    await person.do("Reset Layout")
    sessions = person.all.feature(Sessions)
    await person.do("Record")
    talk = next(one for one in EXAMPLES if one.channel is not None)
    person.all.window.example_requested.emit(talk)
    await person.do("Messages")
    await person.until(lambda: "answers" in " ".join(one.name for one in person.all.state.live_isolates()))
    await person.shoot("two isolates that talk")
    await person.do("Record")
    await person.until(lambda: "Recorded" in person.all.views.status.said())

    path = person.files / "pool.json"
    definitions = person.all.feature(Definitions)
    definitions.save(path)
    await person.until(path.is_file)
    before = len(person.all.state.isolates)
    definitions.open(path)  # as the setting "Pool at the start" does
    await person.until(lambda: definitions.bar is not None and definitions.bar.isVisible())
    await person.until(lambda: len(person.all.state.isolates) > before)
    await person.shoot("the pool made again, nothing has run")
    assert definitions.bar is not None
    definitions.bar.declined.emit()

    await person.do("Recordings")
    view = person.all.feature(Recordings).view
    assert view is not None
    await person.until(view.table.model().rowCount)
    await person.shoot("the recordings that were kept")
    for session in list(sessions.views):
        bar = person.all.views.centre.tabs.tabBar()
        button = bar.tabButton(person.all.views.centre.tabs.indexOf(session), QTabBar.ButtonPosition.RightSide)
        if isinstance(button, QAbstractButton):
            button.click()
    person.all.views.centre.tabs.setCurrentWidget(view)
    view.table.setCurrentIndex(view.table.model().index(0, 0))
    QTest.keyClick(view.table, Qt.Key.Key_Return)
    await person.until(lambda: sessions.views and sessions.views[-1].track is not None)
    await person.shoot("opened again")

    person.all.actions["palette"].trigger()
    palette = person.all.feature(PaletteFeature).view
    assert palette is not None
    QTest.keyClicks(palette.line, "theme")
    await person.shoot("an action by another name", palette)
    palette.hide()
    dialog = person.all.feature(Preferences).open()
    QTest.keyClicks(dialog.search, "memory")
    await person.shoot("a setting", dialog)
    dialog.close()
