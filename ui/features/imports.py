"""Folders that modules may import from, besides the file's own: allowed for this window, forgotten with it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from inspector.text import visible
from ui.features.feature import Feature

__all__ = ["ImportsFeature"]


class ImportsFeature(Feature):
    keys = ("allow-imports",)

    def grant(self, key: str) -> None:
        bench = self.bench
        dialog = QFileDialog(bench.window, "Allow imports from a folder", bench.settings.text("folder"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.filesSelected.connect(lambda names: self.allow([Path(name) for name in names]))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def allow(self, folders: list[Path]) -> None:
        """What is no folder is told as a problem."""
        for folder in folders:
            self.bench.bridge.spawn(self._allow(folder), "allow imports")

    async def _allow(self, folder: Path) -> None:
        real = await self.bench.bridge.submit(self.bench.pool.allow_imports(folder))
        self.bench.commands.told.emit(f"Modules may import from {visible(str(real), 200)} until this window closes.")
