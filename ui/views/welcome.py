"""What an empty pool shows: three things to do, and the bundled examples."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QMouseEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from ui.examples import EXAMPLES, Example
from ui.icons import icon, pixmap
from ui.style import SPACE
from ui.theme import Theme, Themes
from ui.views.font_care import keep_font
from ui.views.font_care import larger as bolder

__all__ = ["Welcome"]

_WIDTH = 620


class Welcome(QScrollArea):
    """`wished` carries an action's key ("new-isolate", "open"); `example_requested` an `Example`."""

    wished = Signal(str)
    example_requested = Signal(object)

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self._icons: list[tuple[QLabel, str]] = []
        self._buttons: list[tuple[QPushButton, str]] = []
        self.setAccessibleName("Start")
        inner = QFrame()
        inner.setObjectName("panel")
        outer = QHBoxLayout(inner)
        outer.setContentsMargins(SPACE * 2, SPACE * 2, SPACE * 2, SPACE * 2)
        column_widget = QWidget()
        column_widget.setMaximumWidth(_WIDTH)
        self._column = QVBoxLayout(column_widget)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACE)
        outer.addStretch(1)
        outer.addWidget(column_widget, 100)
        outer.addStretch(1)
        self._fill()
        self.setWidget(inner)
        themes.changed.connect(self._dress)
        self._dress(themes.current)

    def _fill(self) -> None:
        self._column.addStretch(1)
        self._column.addWidget(_words("Isolate Inspector", larger=1.5))
        self._column.addWidget(
            _words("An isolate is a V8 heap with a thread of its own. Three ways to begin:", "muted")
        )
        self._column.addSpacing(SPACE)
        self._column.addWidget(
            self._deed("new-isolate", "New isolate…", "An empty one, with a memory limit.", "new-isolate")
        )
        self._column.addWidget(
            self._deed("open", "Open a file…", "Each file runs in an isolate of its own.", "open-each")
        )
        self._column.addWidget(
            self._deed(
                "drop",
                "",
                "Or drop JavaScript files anywhere on this window: Ctrl puts all of them in one "
                "isolate, Shift gives each a process of its own.",
                "",
            )
        )
        self._column.addSpacing(SPACE)
        self._column.addWidget(_words("Try an example", larger=1.15))
        grid = QGridLayout()
        grid.setSpacing(SPACE)
        for place, example in enumerate(EXAMPLES):
            grid.addWidget(self._card(example), place // 2, place % 2)
        self._column.addLayout(grid)
        self._column.addStretch(2)

    def _deed(self, picture: str, button_text: str, words: str, key: str) -> QWidget:
        row_widget = QWidget()
        row = QHBoxLayout(row_widget)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE + 4)
        if key:
            button = QPushButton(button_text)
            button.setMinimumWidth(150)
            button.clicked.connect(lambda: self.wished.emit(key))
            self._buttons.append((button, picture))
            row.addWidget(button)
        else:
            image = QLabel()
            image.setMinimumWidth(150)
            image.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self._icons.append((image, picture))
            row.addWidget(image)
        row.addWidget(_words(words, "muted"), 1)
        return row_widget

    def _card(self, example: Example) -> QWidget:
        card = _Card()
        card.setAccessibleName(f"Example: {example.title}. {example.words}")
        card.pressed.connect(lambda: self.example_requested.emit(example))
        column = QVBoxLayout(card)
        column.setContentsMargins(SPACE + 4, SPACE + 2, SPACE + 4, SPACE + 2)
        column.setSpacing(4)
        title = _words(example.title)
        font = title.font()
        font.setWeight(QFont.Weight.DemiBold)
        title.setFont(font)
        column.addWidget(title)
        words = _words(example.words, "muted")
        words.setAlignment(Qt.AlignmentFlag.AlignTop)
        column.addWidget(words, 1)
        return card

    def _dress(self, theme: Theme) -> None:
        for image, name in self._icons:
            image.setPixmap(pixmap(name, 22, theme.muted, self.devicePixelRatioF()))
        for button, name in self._buttons:
            button.setIcon(icon(name, theme.text, theme.faint))


class _Card(QFrame):
    """A frame that can be pressed, by mouse or by keyboard."""

    pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.pressed.emit()

    def keyPressEvent(self, event: object) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):  # type: ignore[attr-defined]
            self.pressed.emit()
        else:
            super().keyPressEvent(event)  # type: ignore[arg-type]


def _words(text: str, tone: str = "", larger: float = 1.0) -> QLabel:
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(True)
    made.setProperty("tone", tone)
    if larger != 1.0:
        keep_font(made, lambda: bolder(larger))
    return made
