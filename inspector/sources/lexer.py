"""Walks JavaScript just closely enough to tell code from strings, comments, regular expressions and templates.

No parser: at 9 MB a token by token walk in Python takes seconds. One regular expression with possessive parts skips
everything that can't be mistaken, in C, up to a place that was asked about; only `/` and back quotes come up here.
typescript.js (9 MB) takes about 50 ms.
"""

from __future__ import annotations

import re

__all__ = ["WHITE", "Lexer"]

# A set of characters may be possessive; a group may not: up to Python 3.11.4 that loses the place (gh-106052), and each
# part begins with a sign of its own, so that a plain group gives up in linear time too.
_SINGLE = r"'[^'\\\n\r]*+(?:\\(?:\r\n|[\s\S])[^'\\\n\r]*+)*'"
_DOUBLE = r'"[^"\\\n\r]*+(?:\\(?:\r\n|[\s\S])[^"\\\n\r]*+)*"'
_LINE = r"//[^\n\r\u2028\u2029]*+"
_BLOCK = r"/\*[^*]*+(?:\*(?!/)[^*]*+)*\*/"
_COMMENT = f"{_LINE}|{_BLOCK}"
WHITE = rf"(?:\s++|{_COMMENT})*(?!\s|/[/*])"
"""White space and comments, all that there are, as a regular expression."""


_PIECES = 1000  # at a time: a plain group remembers each piece it has matched


def _runs(events: str) -> re.Pattern[str]:
    """Skips code, strings and comments up to one of `events`; a comment that the end of a search would cut is left."""
    return re.compile(rf"(?:[^{events}]++|{_SINGLE}|{_DOUBLE}|{_BLOCK}|{_LINE}(?=[\n\r])){{0,{_PIECES}}}")


_FAST = _runs("'\"`/")
_IN_TEMPLATE = _runs("'\"`/{}")
_TEMPLATE_TEXT = re.compile(r"[^`\\$]*+(?:(?:\\[\s\S]|\$(?!\{))[^`\\$]*+)*")
_REGEXP = re.compile(r"/(?![*/])(?:[^/\\\[\n\r]++|\\[^\n\r]|\[(?:[^\]\\\n\r]++|\\[^\n\r])*\])+/[a-z]*+")
_PIECE = re.compile(rf"([^'\"/\s]++|{_SINGLE}|{_DOUBLE})|\s++|{_COMMENT}")
_TOKEN = re.compile(rf"{_SINGLE}|{_DOUBLE}|{_COMMENT}|/\*[\s\S]*+")  # the last: a comment that nothing closes
_LINE_END = re.compile(r"[\n\r]|\Z")
_TRIES = 100  # per line, to find a regular expression's end: more is no program, and would take a time squared
_REGEXP_CALL = re.compile(r"\s*\.\s*(?:test|exec|source|flags|lastIndex|toString|\[)")
_WORD_BEFORE = re.compile(
    r"(?<![\w$.#])(?:return|typeof|case|in|of|delete|void|instanceof|new|throw|do|else|yield|await|extends)\Z"
)
_LONGEST_WORD = 11  # "instanceof" and the character before it


class Lexer:
    """Moves forward through `text`; `is_code(at)` must be asked with growing positions."""

    def __init__(self, text: str, at: int = 0) -> None:
        self.text = text
        self.at = at  # everything before it has been walked
        self._since = at  # a position in code at or before `at`, with nothing but code, strings and comments in between
        self._failures = 0  # regular expressions without an end, on the line that ends at `_line_end`
        self._line_end = at
        self._depths: list[int] = []  # one entry per open `${`: braces open inside it

    def is_code(self, target: int) -> bool:
        """Whether the character at `target` is code: not in a string, comment, regular expression or template text."""
        while self.at < target:
            pattern = _IN_TEMPLATE if self._depths else _FAST
            match = pattern.match(self.text, self.at, target)
            if match is not None:
                self.at = match.end()
            if self.at < target:
                self._event()
        return self.at == target and not (self._depths[-1:] == [0] and self.text.startswith("}", target))

    def _event(self) -> None:
        """Step over the string, comment, regular expression, template part or single sign at `at`."""
        sign = self.text[self.at]
        if sign == "`":
            self.at += 1
            self._template_text()
        elif self._depths and sign in "{}":
            self._brace(sign)
        elif (match := _TOKEN.match(self.text, self.at)) is not None:
            self.at = match.end()
        else:  # a regular expression, a division, or a quote that its line does not close
            regexp = self._regexp() if sign == "/" else None
            self._since = self.at = self.at + 1 if regexp is None else regexp.end()

    def _brace(self, sign: str) -> None:
        self.at += 1
        if sign == "{":
            self._depths[-1] += 1
        elif self._depths[-1]:
            self._depths[-1] -= 1
        else:
            self._depths.pop()
            self._template_text()

    def _template_text(self) -> None:
        """From inside a template to behind its closing back quote, or into the next `${`."""
        match = _TEMPLATE_TEXT.match(self.text, self.at)
        self.at = self.at if match is None else match.end()
        if self.text.startswith("${", self.at):
            self._depths.append(0)
            self.at += 2
        else:
            self.at = min(self.at + 1, len(self.text))
        self._since = self.at

    def _regexp(self) -> re.Match[str] | None:
        """The regular expression that the `/` at `at` opens; None for a division."""
        if self.at >= self._line_end:
            end = _LINE_END.search(self.text, self.at)
            self._line_end = len(self.text) if end is None else end.end()
            self._failures = 0
        match = _REGEXP.match(self.text, self.at) if self._failures < _TRIES else None
        if match is None:
            self._failures += 1
        return None if match is None or self._divides(match) else match

    def _divides(self, match: re.Match[str]) -> bool:
        """Whether the `/` at `at` is a division, by what precedes it.

        Behind `)`, `]` or `}` it is one unless the would-be expression is used as one at once: `if (x) /a/.test(y)`.
        """
        before = self._code_before()
        last = before[-1:]
        if last and last in ")]}":
            return _REGEXP_CALL.match(self.text, match.end()) is None
        if last.isalnum() or last in ("_", "$"):
            return _WORD_BEFORE.search(before) is None
        return last in ("'", '"', "`") or before.endswith(("++", "--"))

    def _code_before(self) -> str:
        """The last characters of code before `at`, without white space and comments."""
        line = max(self.text.rfind("\n", 0, self.at) + 1, self.at - 200)
        same_line = self.text[line : self.at].rstrip()
        if same_line and not same_line.endswith("*/"):
            return same_line
        end = at = self._since
        while at < self.at:  # from the last place that is known to be code
            piece = _PIECE.match(self.text, at, self.at)
            at = at + 1 if piece is None else piece.end()
            end = at if piece is None or piece[1] is not None else end
        return self.text[max(end - _LONGEST_WORD, 0) : end]
