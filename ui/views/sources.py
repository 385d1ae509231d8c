"""The sources of the selected isolate: which script, its text, find in it, what is known of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ui.models.source_text import SourceText, Spot
from ui.style import SPACE
from ui.theme import Themes
from ui.views.elided_label import ElidedLabel
from ui.views.source_text import SourceArea

__all__ = ["SourcesView"]


class SourcesView(QWidget):
    script_chosen = Signal(str)  # a script id
    editor_requested = Signal(int)  # the line

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Sources")
        self.area = SourceArea(themes, self)
        self.scripts = QComboBox(self)
        self.scripts.setAccessibleName("Scripts of the isolate")
        self.scripts.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.scripts.setMinimumContentsLength(12)
        self.scripts.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.scripts.activated.connect(lambda row: self.script_chosen.emit(str(self.scripts.itemData(row))))
        self.search = QLineEdit(self)
        self.search.setPlaceholderText("Find, or :line")
        self.search.setAccessibleName("Find in the source, or go to a line")
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(110)
        self.search.setMaximumWidth(200)
        self.search.textChanged.connect(self._find)
        self.search.installEventFilter(self)
        self.count = QLabel(self)
        self.count.setProperty("tone", "muted")
        self.editor = QToolButton(self)
        self.editor.setText("Open in Editor")
        self.editor.clicked.connect(lambda: self.editor_requested.emit(self.area.current_line))
        self.facts = ElidedLabel(self)
        self.facts.setProperty("tone", "muted")
        self.facts.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._facts = ""
        self._origins: dict[str, str] = {}  # of figures beside the lines, by what they count
        self._text = SourceText("")
        self._found: Sequence[Spot] = ()
        self._at = -1
        self._lay_out()
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self.focus_search)

    def put_scripts(self, scripts: Sequence[tuple[str, str]], chosen: str) -> None:
        """(script id, name) of each, the newest last; `chosen` is marked."""
        self.scripts.blockSignals(True)
        self.scripts.clear()
        for script_id, name in scripts:
            self.scripts.addItem(name, script_id)
        self.scripts.setCurrentIndex(self.scripts.findData(chosen))
        self.scripts.blockSignals(False)

    def put_text(self, text: SourceText, facts: str, *, has_file: bool) -> None:
        self._text = text
        self.area.put(text)
        self._facts, self._origins = facts, {}
        self.facts.setText(facts)
        self.editor.setEnabled(has_file)
        self.editor.setToolTip("" if has_file else "This script is not from a file.")
        self._find(self.search.text())

    def show_figures(self, kind: str, figures: Mapping[int, str], origin: str) -> None:
        """Figures beside the lines, and where they are from."""
        self.area.show_figures(kind, figures)
        self._origins[kind] = origin if figures else ""
        self.facts.setText(" · ".join([*filter(None, self._origins.values()), self._facts]))

    def put_action(self, action: QAction) -> None:
        """A button in the bar."""
        button = QToolButton(self)
        button.setDefaultAction(action)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.bar.insertWidget(self.bar.count() - 1, button)

    def say(self, words: str) -> None:
        """Instead of a source."""
        self.put_text(SourceText(""), words, has_file=False)

    def focus_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter goes to the next that was found, Shift+Enter to the one before, Escape back to the text."""
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                self.step(-1 if back else 1)
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.search.clear()
                self.area.setFocus()
                return True
        return super().eventFilter(watched, event)

    def step(self, by: int) -> None:
        """To the next place that was found, around the end."""
        if self._found:
            self._at = (self._at + by) % len(self._found)
            self._show()

    def _find(self, needle: str) -> None:
        if needle.startswith(":"):
            self._found, self._at = (), -1
            if needle[1:].strip().isdigit():
                self.area.go_to(int(needle[1:]))
        else:
            self._found = self._text.find(needle)
            line = self.area.current_line - 1
            self._at = next((at for at, spot in enumerate(self._found) if spot.line >= line), 0 if self._found else -1)
        self._show()

    def _show(self) -> None:
        self.area.show_found(self._found, self._at)
        needle = self.search.text()
        words = f"{self._at + 1:,} of {len(self._found):,}" if self._found else "none" if needle else ""
        self.count.setText("" if needle.startswith(":") else words)

    def _lay_out(self) -> None:
        bar = QFrame(self)
        bar.setObjectName("bar")
        row = QHBoxLayout(bar)
        row.setContentsMargins(SPACE, 3, SPACE, 3)
        row.setSpacing(SPACE // 2)
        row.addWidget(self.scripts, 2)
        row.addWidget(self.facts, 3)
        row.addWidget(self.count)
        row.addWidget(self.search, 2)
        row.addWidget(self.editor)
        self.bar = row
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addWidget(self.area, 1)
