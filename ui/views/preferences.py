"""The one page of settings: searched by a line, applied as they are changed, with the file that keeps them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from inspector.text import visible
from ui.models.preferences import PREFERENCES, Preference, fitting
from ui.style import SPACE

__all__ = ["PreferencesDialog"]


class PreferencesDialog(QDialog):
    """`changed` carries (key, value): a text or a bool that can be taken."""

    changed = Signal(str, object)
    folder_requested = Signal()
    forget_requested = Signal()  # the recent files

    def __init__(self, value_of: Callable[[Preference], str | bool], path: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Settings")
        self.resize(640, 560)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText("Find a setting")
        self.search.setAccessibleName("Find a setting")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._narrow)
        self.controls: dict[str, QWidget] = {}
        self._cards: dict[str, QWidget] = {}
        self._groups: dict[str, QLabel] = {}
        self._troubles: dict[str, QLabel] = {}
        self._nothing = _label("No setting fits.", "muted")
        self._nothing.hide()
        self.path = _label(f"Kept in {visible(path, 400)}", "muted")
        flags = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        self.path.setTextInteractionFlags(flags)
        self.path.setAccessibleName("File of the settings")
        self._lay_out(value_of)
        self.search.setFocus()

    def _lay_out(self, value_of: Callable[[Preference], str | bool]) -> None:
        page = QFrame()
        page.setObjectName("panel")
        column = QVBoxLayout(page)
        column.setContentsMargins(SPACE * 2, SPACE, SPACE * 2, SPACE * 2)
        column.setSpacing(SPACE + 4)
        for one in PREFERENCES:
            if one.group not in self._groups:
                self._groups[one.group] = _heading(one.group)
                column.addWidget(self._groups[one.group])
            self._cards[one.key] = self._card(one, value_of(one))
            column.addWidget(self._cards[one.key])
        column.addWidget(self._nothing)
        column.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setWidget(page)
        area.setAccessibleName("Settings")
        folder, forget, close = (QPushButton(words) for words in ("Open Folder", "Forget Recent Files", "Close"))
        folder.clicked.connect(self.folder_requested)
        forget.clicked.connect(self.forget_requested)
        close.clicked.connect(self.accept)
        for button in (folder, forget, close):
            button.setAutoDefault(False)
        buttons = QHBoxLayout()
        buttons.addWidget(folder)
        buttons.addWidget(forget)
        buttons.addStretch(1)
        buttons.addWidget(close)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        outer.setSpacing(SPACE)
        outer.addWidget(self.search)
        outer.addWidget(area, 1)
        outer.addWidget(self.path)
        outer.addLayout(buttons)

    def _card(self, one: Preference, value: str | bool) -> QWidget:
        card = QWidget()
        column = QVBoxLayout(card)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE // 2)
        control = self._control(one, value)
        control.setAccessibleName(one.title)
        control.setAccessibleDescription(one.words)
        self.controls[one.key] = control
        if isinstance(control, QCheckBox):
            column.addWidget(control)
        else:
            row = QHBoxLayout()
            title = _label(one.title)
            title.setBuddy(control)
            row.addWidget(title, 1)
            row.addWidget(control, 2)
            column.addLayout(row)
        column.addWidget(_label(one.words, "muted"))
        trouble = self._troubles[one.key] = _label("", "error")
        trouble.hide()
        column.addWidget(trouble)
        return card

    def _control(self, one: Preference, value: str | bool) -> QWidget:
        if one.choices:
            box = QComboBox()
            for choice, words in one.choices:
                box.addItem(words, choice)
            box.setCurrentIndex(max(0, box.findData(value)))
            box.currentIndexChanged.connect(lambda row: self.changed.emit(one.key, box.itemData(row)))
            return box
        if isinstance(one.default, bool):
            switch = QCheckBox(one.title)
            switch.setChecked(bool(value))
            switch.toggled.connect(lambda on: self.changed.emit(one.key, on))
            return switch
        line = QLineEdit(str(value))
        line.setPlaceholderText(one.example)
        line.textEdited.connect(lambda text: self._take(one, text))
        return line

    def _take(self, one: Preference, text: str) -> None:
        trouble = one.trouble(text.strip())
        self._troubles[one.key].setText(trouble)
        self._troubles[one.key].setVisible(bool(trouble))
        line = self.controls[one.key]
        line.setProperty("wrong", "true" if trouble else "false")
        line.style().polish(line)
        if not trouble:
            self.changed.emit(one.key, text.strip())

    def _narrow(self, needle: str) -> None:
        shown = fitting(needle)
        for one in PREFERENCES:
            self._cards[one.key].setVisible(one in shown)
        for group, heading in self._groups.items():
            heading.setVisible(any(one.group == group for one in shown))
        self._nothing.setVisible(not shown)


def _label(words: str, tone: str = "") -> QLabel:
    made = QLabel(words)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(True)
    made.setProperty("tone", tone)
    return made


def _heading(words: str) -> QLabel:
    made = _label(words)
    font = made.font()
    font.setWeight(QFont.Weight.DemiBold)
    made.setFont(font)
    return made
