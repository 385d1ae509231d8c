"""JavaScript in colours, a line at a time. The colours tell nothing that the text does not."""

from __future__ import annotations

import re

from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from ui.theme import Theme, Themes

__all__ = ["JavaScriptHighlighter"]

_KEYWORDS = (
    "as async await break case catch class const continue debugger default delete do else export extends finally for "
    "from function get if import in instanceof let new of return set static super switch this throw try typeof var "
    "void while with yield"
)
_LITERALS = "true false null undefined NaN Infinity globalThis"
_TOKEN = re.compile(
    r"(?P<comment>//.*|/\*(?:(?!\*/).)*(?:\*/|(?P<opened>\Z)))"
    r"|(?P<string>'(?:[^'\\]|\\.)*'?|\"(?:[^\"\\]|\\.)*\"?)"
    r"|(?P<template>`)"
    r"|(?P<regexp>(?<![\w$)\]}'\"`])\s*/(?![*/\s])(?:[^/\\\[]|\\.|\[(?:[^\]\\]|\\.)*\])+/[dgimsuvy]*)"
    r"|(?P<number>(?<![\w$.])(?:0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|\d[\d_]*\.?[\d_]*(?:[eE][+-]?\d+)?)n?)"
    rf"|(?P<keyword>(?<![\w$.])(?:{_KEYWORDS.replace(' ', '|')})(?![\w$]))"
    rf"|(?P<literal>(?<![\w$.])(?:{_LITERALS.replace(' ', '|')})(?![\w$]))"
    r"|(?P<name>[\w$]+)(?=\s*\()"
)
_COMMENT_END = re.compile(r"\*/")
_TEMPLATE_END = re.compile(r"(?:[^`\\]|\\.)*`")
_CODE, _IN_COMMENT, _IN_TEMPLATE = range(3)
_LONGEST = 5_000  # characters of a line: minified code beyond it stays plain


class JavaScriptHighlighter(QSyntaxHighlighter):
    """Substitutions in templates are drawn as the rest of the template."""

    def __init__(self, document: QTextDocument, themes: Themes) -> None:
        super().__init__(document)
        self._formats: dict[str, QTextCharFormat] = {}
        self._take(themes.current)
        themes.changed.connect(self._dress)

    def highlightBlock(self, text: str) -> None:
        state = max(self.previousBlockState(), _CODE)
        at, end = 0, min(len(text), _LONGEST)
        if state == _IN_COMMENT:
            found = _COMMENT_END.search(text)
            at = end if found is None else found.end()
            self.setFormat(0, at, self._formats["comment"])
            state = _IN_COMMENT if found is None else _CODE
        elif state == _IN_TEMPLATE:
            at, state = self._template(text, 0)
        while state == _CODE and at < end:
            match = _TOKEN.search(text, at, end)
            if match is None:
                break
            kind = match.lastgroup if match.lastgroup != "opened" else "comment"
            if kind == "template":
                at, state = self._template(text, match.start(), match.end())
                continue
            self.setFormat(match.start(), match.end() - match.start(), self._formats[str(kind)])
            at = match.end()
            if match["opened"] is not None:
                state = _IN_COMMENT
        self.setCurrentBlockState(state)

    def _template(self, text: str, first: int, at: int = 0) -> tuple[int, int]:
        """Colour from `first` to the closing back quote; where it ends, and the state then."""
        found = _TEMPLATE_END.match(text, at)
        end = len(text) if found is None else found.end()
        self.setFormat(first, end - first, self._formats["string"])
        return end, _IN_TEMPLATE if found is None else _CODE

    def _dress(self, theme: Theme) -> None:
        self._take(theme)
        self.rehighlight()

    def _take(self, theme: Theme) -> None:
        self._formats = {
            "comment": _colour(theme.muted),
            "string": _colour(theme.ok),
            "regexp": _colour(theme.ok),
            "number": _colour(theme.external),
            "literal": _colour(theme.external),
            "keyword": _colour(theme.gc_major),
            "name": _colour(theme.accent),
        }


def _colour(colour: QColor) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(colour)
    return made
