"""The console's input: Enter evaluates what is whole, else it begins a new line; the up and down keys walk through
what was typed before; names are suggested while typing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QSize, QStringListModel, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QCompleter, QListView, QPlainTextEdit, QSizePolicy, QWidget

from ui.style import fixed_font
from ui.theme import Themes
from ui.views.font_care import keep_font, when_font

if TYPE_CHECKING:
    from ui.views.javascript import JavaScriptHighlighter

__all__ = ["ConsoleInput"]

MAX_HISTORY = 200
_MAX_CHARS = 50_000  # price: Qt lays out and colours so many for 0.05 to 0.12 s, once
_MOST_LINES = 8  # in sight
_PADDING = 3  # of the style sheet
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_CHOOSES = (*_ENTER, Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Escape)


class ConsoleInput(QPlainTextEdit):
    entered = Signal(str)
    typed = Signal(str)  # the text before the cursor, each time it differs
    refused = Signal(str)  # words: a text was too long to be taken

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("consoleInput")
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.setAccessibleName("Console input")
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(3)
        self._themes = themes
        self._colours: JavaScriptHighlighter | None = None  # with the first letter: 25 ms of the window's start else
        self.history: list[str] = []
        self._place = 0  # in history; its length: the text being written
        self._draft = ""
        self._start = 0  # where the name that is suggested begins
        self._missed: tuple[str, int, Sequence[str]] | None = None  # what was to be suggested without the focus
        self._names = QStringListModel(self)
        self._completer = completer = QCompleter(self._names, self)
        completer.setWidget(self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setMaxVisibleItems(10)
        self._popup = QListView(self)
        completer.setPopup(self._popup)
        self._popup.setAccessibleName("Suggested names")
        completer.activated.connect(self._take_name)
        self._walked = False  # through the suggestions, since they came
        self._popup.selectionModel().currentChanged.connect(self._walk_names)
        self.textChanged.connect(self._changed)
        keep_font(self, fixed_font)
        keep_font(self._popup, fixed_font)
        when_font(self, self._fit)

    # --- as a line edit ---

    def text(self) -> str:
        return self.toPlainText()

    def setText(self, text: str) -> None:
        """Put `text` there, the cursor behind it; a text of more than 50,000 characters is refused."""
        if not self._takes(len(text)):
            return
        self.setPlainText(text)
        self.moveCursor(QTextCursor.MoveOperation.End)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste or drop of text."""
        if self._takes(len(source.text()) + self.document().characterCount()):
            super().insertFromMimeData(source)

    def _takes(self, length: int) -> bool:
        if length > _MAX_CHARS:
            self.refused.emit(
                f"{length:,} characters are too long a line for the console ({_MAX_CHARS:,} at most)."
                " Put them into a file and drop it."
            )
        return length <= _MAX_CHARS

    def enter(self) -> None:
        """Evaluate what stands there, whole or not."""
        text = self.text()
        if not text.strip():
            return
        if not self.history or self.history[-1] != text:
            self.history = [*self.history, text][-MAX_HISTORY:]
        self._place = len(self.history)
        self._draft = ""
        self.clear()
        self.entered.emit(text)

    def set_ready(self, ready: bool, reason: str) -> None:
        """`reason` is shown in the empty line: what Enter would do, or why it can't."""
        self.setEnabled(ready)
        self.setPlaceholderText(reason)

    def recall(self, history: Sequence[str]) -> None:
        """What was typed in earlier sessions, oldest first."""
        self.history = list(history)[-MAX_HISTORY:]
        self._place = len(self.history)

    # --- suggestions ---

    @property
    def before_cursor(self) -> str:
        return self.text()[: self.textCursor().position()]

    def suggest(self, text: str, start: int, names: Sequence[str]) -> None:
        """Offer names in place of the text from `start` on; `text` is what was asked for, which may be outdated."""
        self._missed = None
        if text != self.before_cursor or not names or not self.hasFocus():
            self._popup.hide()
            if names and not self.hasFocus():
                self._missed = text, start, names
            return
        self._start = start
        self._names.setStringList(list(names))
        popup = self._popup
        popup.setCurrentIndex(self._names.index(0))
        at = self.textCursor()
        at.setPosition(start)
        rect = self.cursorRect(at)
        rect.setWidth(popup.sizeHintForColumn(0) + popup.verticalScrollBar().sizeHint().width() + 16)
        self._completer.complete(rect)
        self._walked = False

    def _walk_names(self) -> None:
        self._walked = True

    @property
    def suggested(self) -> list[str]:
        """The names on offer, [] when none are."""
        return self._names.stringList() if self._popup.isVisible() else []

    def _take_name(self, name: str) -> None:
        cursor = self.textCursor()
        cursor.setPosition(self._start, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(name)
        self.setTextCursor(cursor)

    # --- keys ---

    def focusNextPrevChild(self, forwards: bool) -> bool:
        """Tab: to the next part, but for the suggestion that it takes."""
        return not self._popup.isVisible() and super().focusNextPrevChild(forwards)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self._missed is not None:  # they came, or were hidden, while the window was not the active one
            self.suggest(*self._missed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        popup = self._popup
        if popup.isVisible() and event.key() in _CHOOSES:
            if event.key() not in _ENTER or self._walked:
                self._choose(event)
                return
            popup.hide()  # Enter evaluates what was typed: "m" is not "Map"
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        block = self.textCursor().blockNumber()
        if event.key() in _ENTER and (control or (plain and not self._unfinished())):
            self.enter()
        elif event.key() == Qt.Key.Key_Up and plain and block == 0:
            self._walk(-1)
        elif event.key() == Qt.Key.Key_Down and plain and block == self.blockCount() - 1:
            self._walk(1)
        elif event.key() == Qt.Key.Key_Escape:
            self.clear()
            self._place = len(self.history)
        elif event.key() == Qt.Key.Key_Space and control:
            self.typed.emit(self.before_cursor)
        else:
            super().keyPressEvent(event)

    def _unfinished(self) -> bool:
        from inspector.sources.completing import is_unfinished

        return is_unfinished(self.text())

    def _choose(self, event: QKeyEvent) -> None:
        """Tab takes the suggestion that is marked, Enter one that was walked to; Escape takes none."""
        popup = self._popup
        name = self._names.data(popup.currentIndex()) if popup.currentIndex().isValid() else None
        popup.hide()
        if event.key() in (*_ENTER, Qt.Key.Key_Tab) and name is not None:
            self._take_name(str(name))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() == Qt.FocusReason.PopupFocusReason:
            return
        if event.reason() == Qt.FocusReason.ActiveWindowFocusReason and self._popup.isVisible():
            self._missed = self.before_cursor, self._start, self._names.stringList()
        self._popup.hide()

    def _walk(self, step: int) -> None:
        place = self._place + step
        if not 0 <= place <= len(self.history):
            return
        if self._place == len(self.history):
            self._draft = self.text()
        self._place = place
        self.setText(self._draft if place == len(self.history) else self.history[place])

    # --- size ---

    def height_of(self, lines: int) -> int:
        margins = self.contentsMargins()
        height = lines * self.fontMetrics().lineSpacing() + 2 * round(self.document().documentMargin()) + 2 * _PADDING
        return height + margins.top() + margins.bottom() + 2

    def sizeHint(self) -> QSize:
        return QSize(200, self.height_of(min(max(1, self.blockCount()), _MOST_LINES)))

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self.sizeHint().height())

    def _changed(self) -> None:
        if self._colours is None:
            from ui.views.javascript import JavaScriptHighlighter

            self._colours = JavaScriptHighlighter(self.document(), self._themes)
        self._fit()
        self.typed.emit(self.before_cursor)

    def _fit(self) -> None:
        self.setFixedHeight(self.sizeHint().height())
