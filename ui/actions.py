"""The QActions, made from `ui.specs`, enabled and explained as the situation says."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence

from inspector.text import visible
from ui.icons import icon
from ui.models.tip import plain_tip
from ui.specs import ACTIONS, Situation, Spec, why_not
from ui.theme import Theme, Themes

__all__ = ["Actions"]


class Actions(QObject):
    """The QActions by key; `triggered` carries the key."""

    triggered = Signal(str)

    def __init__(self, themes: Themes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.specs = {spec.key: spec for spec in ACTIONS}
        self.by_key = {spec.key: self._made(spec) for spec in ACTIONS}
        themes.changed.connect(self._dress)
        self._dress(themes.current)

    def __getitem__(self, key: str) -> QAction:
        return self.by_key[key]

    def update_for(self, now: Situation) -> None:
        """Enable what can be used, and say of the rest why not."""
        for key, action in self.by_key.items():
            reason = why_not(self.specs[key], now)
            action.setEnabled(not reason)
            action.setToolTip(self._tip(self.specs[key], reason))

    def _made(self, spec: Spec) -> QAction:
        action = QAction(spec.text, self)
        action.setCheckable(spec.checkable)
        action.setShortcuts([QKeySequence(keys) for keys in spec.shortcuts])
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.setToolTip(self._tip(spec, ""))
        action.triggered.connect(lambda: self.triggered.emit(spec.key))
        return action

    def _dress(self, theme: Theme) -> None:
        for spec in ACTIONS:
            if spec.icon:
                self.by_key[spec.key].setIcon(icon(spec.icon, theme.text, theme.faint))

    @staticmethod
    def _tip(spec: Spec, reason: str) -> str:
        keys = f" ({spec.shortcuts[0]})" if spec.shortcuts else ""
        return plain_tip(f"{spec.tip}{keys}" + (f"\n{visible(reason, 400)}" if reason else ""))
