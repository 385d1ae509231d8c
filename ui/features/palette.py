"""The palette of actions (Ctrl+Shift+P): all of `ui.specs` by name, also what is in no menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence

from ui.features.feature import Feature, Workbench
from ui.specs import why_not

if TYPE_CHECKING:
    from ui.views.palette import Palette

__all__ = ["PaletteFeature"]


class PaletteFeature(Feature):
    keys = ("palette",)

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self.view: Palette | None = None

    def grant(self, key: str) -> None:
        from ui.models.palette import Entry, PaletteModel
        from ui.specs.synonyms import SYNONYMS
        from ui.views.palette import Palette

        bench = self.bench
        if self.view is None:
            self._model = PaletteModel(self)
            self.view = Palette(self._model, bench.themes, bench.window)
            self.view.chosen.connect(lambda chosen: bench.actions[chosen].trigger())
        now = bench.situation()
        native = QKeySequence.SequenceFormat.NativeText
        self._model.put(
            [
                Entry(
                    spec.key,
                    spec.text,
                    spec.tip,
                    QKeySequence(spec.shortcuts[0]).toString(native) if spec.shortcuts else "",
                    why_not(spec, now),
                    bench.actions[spec.key].isChecked() if spec.checkable else None,
                    SYNONYMS.get(spec.key, ""),
                )
                for spec in bench.actions.specs.values()
                if spec.key not in self.keys
            ]
        )
        self.view.open()
