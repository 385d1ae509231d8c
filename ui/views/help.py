"""Help in a window of its own: what is said about figures, states, words and beliefs, with a line to search it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ui.models.help import Entry, found
from ui.models.tip import plain_tip
from ui.style import SPACE

__all__ = ["HelpDialog"]

_SIZE = (820, 520)
_LIST = 260


class HelpDialog(QDialog):
    """Not modal: it stays beside the window while the next figure is asked about."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("What is this?")
        self.setModal(False)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText("Find in help")
        self.search.setAccessibleName("Find in help")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._narrow)
        self.list = QListWidget(self)
        self.list.setAccessibleName("Help entries")
        self.list.setFixedWidth(_LIST)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._row_height = self.list.fontMetrics().height() + SPACE
        self.list.currentItemChanged.connect(self._chosen)
        self._title = _label()
        font = self._title.font()
        font.setPointSizeF(font.pointSizeF() * 1.2)
        font.setWeight(QFont.Weight.DemiBold)
        self._title.setFont(font)
        self._group = _label("muted")
        self._text = _label()
        self._text.setAccessibleName("Help text")
        self._text.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._entries: list[Entry] = []
        self._lay_out()
        self.resize(*_SIZE)

    def show_all(self) -> None:
        """From the first entry."""
        self.search.clear()
        self._narrow("")
        self._come()

    def show_entry(self, entry: Entry, asked: str = "") -> None:
        """`asked`: which of its names stood on screen; that is the title then."""
        self.search.clear()
        self._narrow("")
        self.list.setCurrentRow(self._row_of(entry))
        if asked:
            self._put_entry(entry, asked)
        self._come()

    def show_words(self, title: str, words: str) -> None:
        """About something that has no entry, but says something of itself."""
        self.search.clear()
        self._narrow("")
        self.list.setCurrentRow(-1)
        self._put(title, "", words)
        self._come()

    def shown(self) -> tuple[str, str]:
        """Title and text."""
        return self._title.text(), self._text.text()

    def _come(self) -> None:
        self.show()
        self.raise_()
        self.activateWindow()
        self.search.setFocus()

    def _narrow(self, needle: str) -> None:
        self._entries = found(needle)
        self.list.blockSignals(True)
        self.list.clear()
        group = ""
        for entry in self._entries:
            if entry.group != group and not needle:
                group = entry.group
                self._add_heading(group)
            item = QListWidgetItem(entry.title)
            item.setToolTip(plain_tip(entry.title))
            item.setSizeHint(QSize(0, self._row_height))
            item.setData(Qt.ItemDataRole.UserRole, entry)
            self.list.addItem(item)
        self.list.blockSignals(False)
        if self._entries:
            self.list.setCurrentRow(self._row_of(self._entries[0]))
        else:
            self._put("Nothing fits", "", "Try another word: the name of a figure as it stands on screen, or a part.")

    def _add_heading(self, words: str) -> None:
        item = QListWidgetItem(words)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        font = item.font()
        font.setWeight(QFont.Weight.DemiBold)
        item.setFont(font)
        item.setSizeHint(QSize(0, self._row_height + SPACE // 2))
        self.list.addItem(item)

    def _row_of(self, entry: Entry) -> int:
        rows = range(self.list.count())
        return next((row for row in rows if self.list.item(row).data(Qt.ItemDataRole.UserRole) is entry), -1)

    def _chosen(self, item: QListWidgetItem | None) -> None:
        entry = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        if entry is not None:
            self._put_entry(entry, entry.title)

    def _put_entry(self, entry: Entry, title: str) -> None:
        names = dict.fromkeys(name.rsplit("/", 1)[-1] for name in entry.names[:9])
        others = " · ".join(name for name in names if name.casefold() != title.casefold())
        self._put(title, f"{entry.group}{f': also {others}' if others else ''}", entry.text)

    def _put(self, title: str, group: str, text: str) -> None:
        self._title.setText(title)
        self._group.setText(group)
        self._group.setVisible(bool(group))
        self._text.setText(text)

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(SPACE)
        left.addWidget(self.search)
        left.addWidget(self.list, 1)
        page = QFrame()
        page.setObjectName("panel")
        column = QVBoxLayout(page)
        column.setContentsMargins(SPACE * 2, SPACE, SPACE * 2, SPACE * 2)
        column.setSpacing(SPACE)
        for label in (self._title, self._group, self._text):
            column.addWidget(label)
        column.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setWidget(page)
        area.setAccessibleName("Help page")
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        row.setSpacing(SPACE)
        row.addLayout(left)
        row.addWidget(area, 1)


def _label(tone: str = "") -> QLabel:
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(True)
    made.setProperty("tone", tone)
    flags = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    made.setTextInteractionFlags(flags)
    return made
