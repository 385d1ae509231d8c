"""A file that macOS asks to open, by the event that Qt makes of it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QFileOpenEvent

from tests.end_to_end.driver import Driver
from ui.features.system_opens import SystemOpens


def test_a_file_that_the_system_opens_gets_an_isolate(driver: Driver, tmp_path) -> None:
    script = tmp_path / "from the finder.js"
    script.write_text("globalThis.answer = 42", encoding="utf-8")
    feature = driver.all.feature(SystemOpens)
    assert feature.eventFilter(QCoreApplication.instance(), QFileOpenEvent(str(script)))
    driver.until(lambda: any(one.name == "from the finder" for one in driver.all.state.isolates.values()), 20_000)
    assert not feature.eventFilter(QCoreApplication.instance(), QEvent(QEvent.Type.User))
