"""Settings on one page, applied and saved as they are changed; the files that were opened last."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMenu

from inspector.errors import UsageError
from inspector.text import visible
from inspector.units import parse_bytes
from ui.features.feature import Feature, Workbench
from ui.models.problems import Problem

if TYPE_CHECKING:
    from ui.models.preferences import Preference
    from ui.views.preferences import PreferencesDialog

__all__ = ["Preferences"]


class Preferences(Feature):
    keys = ("settings",)

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self.dialog: PreferencesDialog | None = None
        self._take_calm(bench.settings.flag("reduced-motion"))
        self._take_limit(bench.settings.text("memory-limit"))
        self.recent = self._add_recent()

    def grant(self, key: str) -> None:
        self.open()

    def open(self) -> PreferencesDialog:
        """The page; each change is applied and saved at once."""
        from ui.views.preferences import PreferencesDialog

        dialog = PreferencesDialog(self._value, str(self.bench.settings.path), self.bench.window)
        dialog.changed.connect(self._take)
        dialog.folder_requested.connect(self._open_folder)
        dialog.forget_requested.connect(self._forget_recent)
        dialog.finished.connect(self._closed)
        self.dialog = dialog
        dialog.open()
        return dialog

    def _value(self, one: Preference) -> str | bool:
        settings = self.bench.settings
        if isinstance(one.default, bool):
            return settings.flag(one.key, one.default)
        return settings.text(one.key, one.default)

    def _take(self, key: str, value: str | bool) -> None:
        bench = self.bench
        if key == "theme":
            bench.actions[f"theme-{value}"].trigger()
        elif key == "grouped":
            if bench.actions["group"].isChecked() != value:
                bench.actions["group"].trigger()
        else:
            bench.settings.put(key, value)
            if key == "reduced-motion":
                self._take_calm(bool(value))
            elif key == "memory-limit":
                self._take_limit(str(value))
        self._save()

    def _take_calm(self, calm: bool) -> None:
        from ui.views.progress import set_calm

        self.bench.clock.calm = calm
        set_calm(calm)

    def _take_limit(self, words: str) -> None:
        try:
            parse_bytes(words)
        except UsageError:  # none was set, or the file was edited
            return
        self.bench.commands.memory_limit = words

    def _save(self) -> None:
        if trouble := self.bench.settings.save():
            remedy = "They hold until the window closes."
            self.bench.problems.report(Problem("warning", "Save the settings", trouble, remedy))

    def _open_folder(self) -> None:
        self._save()  # so that there is one
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.bench.settings.path.parent)))

    def _closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    # --- recent files ---

    def _add_recent(self) -> QMenu:
        """File > Open Recent, filled when it is opened."""
        menu = QMenu("Open Recent", self.bench.window)
        menu.setToolTipsVisible(True)
        menu.aboutToShow.connect(self._fill_recent)
        files = next(iter(self.bench.window.menuBar().actions())).menu()
        if isinstance(files, QMenu):
            files.insertMenu(self.bench.actions["open-each"], menu)
        return menu

    def _fill_recent(self) -> None:
        self.recent.clear()
        for name in self.bench.settings.texts("recent"):
            path = Path(name)
            entry = self.recent.addAction(visible(path.name, 60).replace("&", "&&"))
            entry.setToolTip(visible(name, 400))
            entry.triggered.connect(lambda _checked=False, chosen=path: self.bench.wishes.open_paths([chosen]))
        if self.recent.isEmpty():
            self.recent.addAction("No file was opened yet").setEnabled(False)
        else:
            self.recent.addSeparator()
            self.recent.addAction("Forget Them").triggered.connect(self._forget_recent)

    def _forget_recent(self) -> None:
        self.bench.settings.put("recent", [])
        self._save()
        self.bench.views.status.tell("The list of recent files is empty now; the files stay.")
