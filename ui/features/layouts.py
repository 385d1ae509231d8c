"""Layouts: presets, those that were saved, panels shown and hidden, and back to the start."""

from __future__ import annotations

from PySide6.QtWidgets import QInputDialog, QMenu

from inspector.text import visible
from ui.features.feature import Feature, Workbench

__all__ = ["Layouts"]

_KEY = "layouts"
_MOST = 20
_PANELS = {"panel-isolates": "tree", "panel-facts": "facts", "panel-bottom": "bottom"}
_PRESETS = {
    "layout-monitor": "Monitor",
    "layout-debug": "Debug",
    "layout-record": "Record",
    "layout-compare": "Compare",
}


class Layouts(Feature):
    keys = (*_PRESETS, *_PANELS, "save-layout", "reset-layout")

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self.menu = self._add_menu()
        self._show_checked()

    def grant(self, key: str) -> None:
        from ui.views.layout import PRESETS

        views = self.bench.views
        if key in _PANELS:
            views.hide(views.hidden ^ {_PANELS[key]})
        elif key in _PRESETS:
            if key == "layout-debug":
                self.bench.actions["sources"].trigger()
            elif key == "layout-record":
                self.bench.actions["recordings"].trigger()
            self.put(next(one.name for one in PRESETS if one.name == _PRESETS[key]))
        elif key == "save-layout":
            self.ask_for_name()
        else:
            views.hide(())
            views.panes.share_as_at_first()
            views.status.tell("The layout is as at the first start.")
        self._show_checked()

    def closing(self) -> None:
        self.bench.settings.put("hidden", sorted(self.bench.views.hidden))

    def put(self, name: str) -> None:
        """The preset or saved layout of this name."""
        from ui.views.layout import PRESETS, apply, read_layouts

        known = [*read_layouts(self.bench.settings.texts(_KEY)), *PRESETS]
        found = next((one for one in known if one.name == name), None)
        if found is not None:
            apply(self.bench.views, found)
        self._show_checked()

    def ask_for_name(self) -> QInputDialog:
        dialog = QInputDialog(self.bench.window)
        dialog.setWindowTitle("Save the layout")
        dialog.setLabelText("Name of the layout:")
        dialog.textValueSelected.connect(self.save)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def save(self, name: str) -> None:
        """Keep the layout as it is now; one of the same name is replaced."""
        from ui.views.layout import current, read_layouts, write_layouts

        name = visible(name.strip(), 60)
        if not name:
            return
        kept = [one for one in read_layouts(self.bench.settings.texts(_KEY)) if one.name != name]
        kept.append(current(self.bench.views, name))
        self.bench.settings.put(_KEY, write_layouts(kept[-_MOST:]))
        self.bench.settings.save()
        self.bench.views.status.tell(f"Saved the layout “{name}”: View > Saved Layouts.")

    def forget(self) -> None:
        self.bench.settings.put(_KEY, [])
        self.bench.settings.save()

    def _add_menu(self) -> QMenu:
        menu = QMenu("Saved Layouts", self.bench.window)
        menu.aboutToShow.connect(self._fill)
        for entry in self.bench.window.menuBar().actions():
            view = entry.menu()
            if isinstance(view, QMenu) and self.bench.actions["save-layout"] in view.actions():
                view.insertMenu(self.bench.actions["save-layout"], menu)
        return menu

    def _fill(self) -> None:
        from ui.views.layout import read_layouts

        self.menu.clear()
        for one in read_layouts(self.bench.settings.texts(_KEY)):
            entry = self.menu.addAction(one.name.replace("&", "&&"))
            entry.triggered.connect(lambda _checked=False, name=one.name: self.put(name))
        if self.menu.isEmpty():
            self.menu.addAction("No layout was saved yet").setEnabled(False)
        else:
            self.menu.addSeparator()
            self.menu.addAction("Forget Them").triggered.connect(self.forget)

    def _show_checked(self) -> None:
        self.bench.clock.ask()  # what is shown again may be old
        for key, panel in _PANELS.items():
            self.bench.actions[key].setChecked(panel not in self.bench.views.hidden)
