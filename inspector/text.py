r"""Text that came from a script, a file or a user, made safe to draw: plain, one meaning, bounded.

Characters that steer a terminal or a text layout instead of showing a glyph are written as JavaScript would escape them
(`\x1b`, `\u202e`, `\u{e0041}`): controls, bidirectional marks and overrides, zero-width and format characters, line and
paragraph separators, fillers that draw nothing, lone surrogates. What is cut is counted.
"""

from __future__ import annotations

import re

__all__ = ["LINE_LIMIT", "TEXT_LIMIT", "counted", "cut", "for_terminal", "visible"]

LINE_LIMIT = 200  # characters of a name, a url, a preview in a row
TEXT_LIMIT = 10_000  # characters of a console line, an error, a stack

# All of Unicode's Cc, Cf, Cs, Zl and Zp (a test compares with unicodedata), and letters that draw nothing.
_UNSEEN = (
    r"\x00-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    r"\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ud800-\udfff\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    r"\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_ONE_LINE = re.compile(f"[{_UNSEEN}]")
_MANY_LINES = re.compile(f"(?![\n\t])[{_UNSEEN}]")
_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t", "\b": r"\b", "\f": r"\f", "\v": r"\v"}


def visible(text: str, limit: int = LINE_LIMIT, *, lines: bool = False) -> str:
    r"""`text` as plain text, at most `limit` of its characters and then a count of the rest.

    One line unless `lines`: then line feeds and tabs stay (a carriage return before a line feed goes).
    """
    if len(text) <= limit and text.isascii() and text.isprintable():
        return text  # most are: a third of the price
    if lines:
        text = text.replace("\r\n", "\n")
    pattern = _MANY_LINES if lines else _ONE_LINE
    rest = len(text) - limit
    shown = pattern.sub(_escape, text[:limit] if rest > 0 else text)
    return f"{shown}{_told(rest)}" if rest > 0 else shown


def for_terminal(text: str, limit: int | None = None) -> str:
    """`text` for a terminal: line feeds and tabs stay, all that could steer the terminal is escaped. None: not cut."""
    return visible(text, len(text) if limit is None else limit, lines=True)


def counted(count: int, one: str, many: str = "") -> str:
    """ "1 call", "2,000 calls", "2 host processes"."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def cut(text: str, limit: int) -> str:
    """At most `limit` characters of `text`, and then a count of the rest; nothing is escaped."""
    rest = len(text) - limit
    return f"{text[:limit]}{_told(rest)}" if rest > 0 else text


def _told(rest: int) -> str:
    return f"… (+{rest:,} character{'' if rest == 1 else 's'})"


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    short = _SHORT.get(character)
    if short is not None:
        return short
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\u{{{code:x}}}"
