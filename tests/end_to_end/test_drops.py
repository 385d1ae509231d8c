"""Files dropped or pasted into the window: where they run, what is refused, and that they are only ever copied."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage

from tests.end_to_end.driver import ALL, Driver
from ui.views.centre import HEAP, START
from ui.views.new_isolate import NewIsolateDialog

NONE = Qt.KeyboardModifier.NoModifier


def test_drop_on_an_isolate_runs_there_and_leaves_the_file(driver: Driver) -> None:
    path = driver.file("hello.js", "console.log('hello', {a: 1}); 6 * 7")
    dropped = driver.drag([path], driver.place_of("isolate", 1))
    assert dropped.said == "Run hello.js in “isolate 1”"
    assert (dropped.accepted, dropped.action) == (True, Qt.DropAction.CopyAction)
    driver.until(lambda: driver.outcome("isolate 1") == "completed")
    assert driver.views.centre.tabs.currentIndex() == HEAP
    driver.until(lambda: "hello {a: 1}" in driver.console())
    assert path.exists()
    driver.until(lambda: driver.all.tree.find("script", 1, _script_id(driver)).isValid())
    driver.until(lambda: "completed in" in driver.views.centre.run_bar.state.text())
    assert driver.views.centre.run_bar.words.text() == "→ 42"


def _script_id(driver: Driver) -> str:
    return next(iter(driver.isolate("isolate 1").contexts[driver.isolate("isolate 1").default_context_id or 0].scripts))


@pytest.mark.parametrize("actions", [ALL, Qt.DropAction.MoveAction | Qt.DropAction.LinkAction])
def test_a_drop_is_only_ever_a_copy(driver: Driver, actions: Qt.DropAction) -> None:
    path = driver.file("kept.js", "1")
    dropped = driver.drag([path], driver.empty_place(), Qt.KeyboardModifier.ShiftModifier, actions)
    assert path.exists()
    if actions == ALL:
        assert dropped.action == Qt.DropAction.CopyAction
        driver.until(lambda: driver.outcome("kept") == "completed")
        assert driver.isolate("kept").created.alone
    else:
        assert (dropped.accepted, dropped.action) == (False, Qt.DropAction.IgnoreAction)
        assert "only offers to move or link" in dropped.said
        assert "only offers to move or link" in driver.problems()


def test_drop_on_empty_space_makes_isolates(driver: Driver) -> None:
    paths = [driver.file(f"file{number}.js", "globalThis.n = (globalThis.n ?? 0) + 1") for number in (10, 9)]
    driver.views.centre.go_to(START)
    driver.drag(paths, driver.empty_place())
    driver.until(lambda: driver.views.centre.tabs.currentIndex() == HEAP)
    driver.until(lambda: driver.outcome("file9") == driver.outcome("file10") == "completed")
    driver.drag(paths, driver.empty_place(), Qt.KeyboardModifier.ControlModifier)
    driver.until(lambda: len(driver.isolate("file9 2").runs) == 2)
    driver.until(lambda: driver.outcome("file9 2") == "completed")
    assert [run.queued.label for run in driver.isolate("file9 2").runs] == ["file9.js", "file10.js"]


def test_drop_on_the_pools_row_runs_everywhere(driver: Driver) -> None:
    driver.act("new-isolate")
    dialog = driver.window.findChild(NewIsolateDialog)
    assert dialog is not None
    dialog.name.setText("second")
    dialog.create_button.click()
    driver.until(lambda: driver.isolate("second").state.alive)
    dropped = driver.drag([driver.file("all.js", "1")], driver.place_of("pool"))
    assert dropped.said == "Run all.js in each of 2 isolates"
    driver.until(lambda: driver.outcome("second") == driver.outcome("isolate 1") == "completed")


def test_what_is_no_file_is_refused_where_the_user_looks(driver: Driver) -> None:
    text, image, address = QMimeData(), QMimeData(), QMimeData()
    text.setText("alert(1)")
    image.setImageData(QImage(2, 2, QImage.Format.Format_RGB32))
    address.setUrls([QUrl("https://example.org/a.js")])
    for data, words in ((text, "Text can't be dropped"), (image, "An image"), (address, "Nothing is fetched")):
        dropped = driver.drag(data, driver.empty_place())
        assert not dropped.accepted
        assert words in dropped.said
        assert words in driver.problems()
    assert len(driver.all.state.isolates) == 1


def test_bad_files_make_no_isolate_and_say_why(driver: Driver) -> None:
    bad = [driver.folder, driver.folder / "missing.js", driver.file("binary.js", b"\x00\x01\x7fELF" * 50)]
    for path in bad:
        driver.drag([path], driver.empty_place())
    driver.until(lambda: driver.all.problems.rowCount() == 3)
    assert len(driver.all.state.isolates) == 1
    driver.drag([driver.file("typed.ts", "let a: number = 1")], driver.place_of("isolate", 1))
    driver.until(lambda: driver.all.problems.rowCount() == 4)


def test_paths_on_the_clipboard_offer_the_choices_of_a_drop(driver: Driver) -> None:
    path = driver.file("pasted.js", "'pasted'")
    QGuiApplication.clipboard().setText(str(path))
    menu = driver.all.wishes.paste()
    assert menu is not None
    texts = [action.text() for action in menu.actions()]
    assert texts[:2] == ["Run pasted.js in “isolate 1”", "Run pasted.js in a new isolate"]
    menu.actions()[1].trigger()
    menu.close()
    driver.until(lambda: driver.outcome("pasted") == "completed")
    QGuiApplication.clipboard().setText("nothing of the kind")
    assert driver.all.wishes.paste() is None
    assert "no absolute path" in driver.problems()
