"""Tab goes through window and dialogs as they are read."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QMenu, QScrollArea, QTabBar, QWidget

from tests.end_to_end.driver import Driver

LOWEST = 768 - 24  # points of a screen that are left for a menu: a panel of the system takes some
MOST_STOPS = 80


def walked(driver: Driver, top: QWidget) -> list[QWidget]:
    """What Tab stops at, until it comes around."""
    seen: list[QWidget] = []
    driver.until(top.isVisible)
    for _ in range(MOST_STOPS):
        driver.qtbot.keyClick(top.focusWidget() or top, Qt.Key.Key_Tab)
        widget = top.focusWidget()
        assert widget is not None
        if widget in seen:
            break
        seen.append(widget)
    return seen


def places(top: QWidget) -> dict[QWidget, QPoint]:
    """Middles, before a walk scrolls anything."""
    return {one: one.mapTo(top, one.rect().center()) for one in top.findChildren(QWidget)}


def as_read(seen: list[QWidget], where: Mapping[QWidget, QPoint]) -> list[QWidget]:
    """From the highest on, row by row: what differs by less than a line's height stands in one row."""
    rows: list[list[QWidget]] = []
    for widget in sorted(seen, key=lambda one: where[one].y()):
        same = rows and abs(where[widget].y() - where[rows[-1][0]].y()) < 10
        rows[-1].append(widget) if same else rows.append([widget])
    return [one for row in rows for one in sorted(row, key=lambda one: where[one].x())]


def turned(seen: list[QWidget], first: QWidget) -> list[QWidget]:
    return seen[seen.index(first) :] + seen[: seen.index(first)]


def test_dialogs_and_window_are_walked_as_they_are_read_and_menus_fit_a_low_screen(driver: Driver) -> None:
    driver.all.selection.set(isolate_id=1, context_id=next(iter(driver.isolate("isolate 1").contexts)))
    for key in ("new-isolate", "settings", "record-options"):
        driver.act(key)
        driver.until(lambda: any(one.isVisible() for one in dialogs()))
        (dialog,) = [one for one in dialogs() if one.isVisible()]
        dialog.resize(dialog.width(), 1000)  # what lies in a part that scrolls is read there, not behind what follows
        where = places(dialog)
        seen = [one for one in walked(driver, dialog) if not isinstance(one, QScrollArea)]
        expected = as_read(seen, where)
        assert len(seen) > 3 and names(turned(seen, expected[0])) == names(expected), key
        dialog.close()
        driver.until(lambda: not any(one.isVisible() for one in dialogs()))

    menus = [entry.menu() for entry in driver.window.menuBar().actions()] + [driver.views.context_menu]
    inner = [entry.menu() for menu in menus if isinstance(menu, QMenu) for entry in menu.actions() if entry.menu()]
    assert max(one.sizeHint().height() for one in [*menus, *inner] if isinstance(one, QMenu)) < LOWEST
    assert any("Count Hits" in [entry.text() for entry in one.actions()] for one in inner if isinstance(one, QMenu))

    views = driver.views
    panels = (views.tree, views.centre, views.bottom, views.facts)
    for key in ("repeat", "send-value"):
        driver.act(key)
        page = views.centre.tabs.currentWidget()
        where = places(driver.window)
        seen = turned(walked(driver, driver.window), views.tree)
        panel = [next((at for at, one in enumerate(panels) if is_in(widget, one)), 9) for widget in seen]
        assert panel == sorted(panel) and {0, 1, 2, 3, 9} <= set(panel)  # the toolbar comes before the tree
        centre = [one for one in seen if is_in(one, views.centre)]
        assert isinstance(centre[0], QTabBar) and all(is_in(one, page) for one in centre[1:]) and len(centre) > 5
        assert names(centre) == names(as_read(centre, where)), key
    bottom = [one for one in seen if is_in(one, views.bottom)]
    assert isinstance(bottom[0], QTabBar) and isinstance(bottom[1], QLineEdit) and bottom[-1] is views.console.input
    assert names(bottom) == names(as_read(bottom, where))
    views.console.input.setFocus()
    driver.qtbot.keyClick(views.console.input, Qt.Key.Key_Backtab)
    assert driver.window.focusWidget() is bottom[-2]
    bottom[1].setFocus()
    bottom[1].setEnabled(False)  # what had the focus: it goes on from there
    assert driver.window.focusWidget() is bottom[2]
    bottom[1].setEnabled(True)


def is_in(widget: QWidget, panel: QWidget) -> bool:
    return widget is panel or panel.isAncestorOf(widget)


def dialogs() -> list[QDialog]:
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog)]


def names(widgets: list[QWidget]) -> list[str]:
    return [one.accessibleName() or str(one.property("text") or type(one).__name__) for one in widgets]
