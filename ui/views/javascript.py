"""JavaScript in colours. The colours tell nothing that the text does not."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from inspector.sources.colouring import spans
from ui.theme import Theme, Themes

__all__ = ["JavaScriptHighlighter", "code_colours"]

_LONGEST = 5_000  # characters of a line: what is behind them stays plain


def code_colours(theme: Theme) -> Mapping[str, QColor]:
    """A colour for each kind of `inspector.sources.colouring.Span`."""
    return {
        "comment": theme.muted,
        "string": theme.ok,
        "regexp": theme.ok,
        "number": theme.external,
        "literal": theme.external,
        "keyword": theme.gc_major,
        "name": theme.accent,
    }


class JavaScriptHighlighter(QSyntaxHighlighter):
    """For what is typed: short texts."""

    def __init__(self, document: QTextDocument, themes: Themes) -> None:
        super().__init__(document)
        self._formats: dict[str, QTextCharFormat] = {}
        self._take(themes.current)
        themes.changed.connect(self._dress)

    def highlightBlock(self, text: str) -> None:
        found, state = spans(text[:_LONGEST], max(self.previousBlockState(), 0))
        for first, last, kind in found:
            self.setFormat(first, last - first, self._formats[kind])
        self.setCurrentBlockState(state)

    def _dress(self, theme: Theme) -> None:
        self._take(theme)
        self.rehighlight()

    def _take(self, theme: Theme) -> None:
        for kind, colour in code_colours(theme).items():
            made = QTextCharFormat()
            made.setForeground(colour)
            self._formats[kind] = made
