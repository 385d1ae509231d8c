"""Signs of a module in a text: import, export or await where only a module may have them.

`import` and `export` are reserved words: followed by what a declaration needs they are one, wherever they stand.
`await` is a plain name in scripts: it counts outside async functions alone, and not when the text declares such a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from inspector.sources.lexer import WHITE, Lexer

__all__ = ["module_sign"]

_SIGNS = {
    "import": re.compile(rf"import(?![\w$]){WHITE}(?:[\"'{{*\w$\\]|\.{WHITE}meta(?![\w$]))"),
    "export": re.compile(rf"export(?![\w$]){WHITE}(?:[{{*@]|(?:default|const|let|var|function|class|async)(?![\w$]))"),
    "await": re.compile(rf"await(?![\w$]){WHITE}(?!=>|[=:,;.?)\]}}&|<>*%^]|in(?![\w$])|instanceof(?![\w$])|\Z)"),
    "async": re.compile(rf"async(?![\w$]){WHITE}(?=[\w$(*\[#\"'\\])"),
}
_AWAIT_DECLARED = re.compile(
    r"\b(?:function\s*\*?|var|let|const|class)\s+await(?![\w$])|[(,]\s*await\s*(?:[,)=]|=>)|\bawait\s*=(?!=)"
)
_BEHIND_PARAMETERS = re.compile(rf"\){WHITE}(?:=>|\{{)")
_ARROW = re.compile(rf"=>{WHITE}(\{{)?")
_BRACKETS = re.compile(r"[()\[\]{},;\n]|=>")
_MOST_BRACKETS = 5_000_000  # some seconds; typescript.js needs 230
_GOES_ON = re.compile(
    r"(?:[^\w$)\]}'\"`]|(?<![\w$.])(?:await|return|typeof|in|of|instanceof|new|void|delete|yield|extends))\Z"
)
_BEGINS = re.compile(rf"{WHITE}(?!in(?![\w$])|instanceof(?![\w$]))[\w$'\"{{#@]")


def module_sign(text: str) -> str:
    """What makes `text` a module, for a person ("import on line 3"); "" when nothing does."""
    awaits: list[int] = []
    asyncs: list[int] = []
    lexer = Lexer(text)
    for at, word in _candidates(text):
        dot = _dot_before(text, at)
        if (dot is not None and lexer.is_code(dot)) or not lexer.is_code(at):
            continue
        if word in ("import", "export"):
            return f"{word} on line {_line(text, at)}"
        (awaits if word == "await" else asyncs).append(at)
    awaits = _outside_async_functions(text, awaits, asyncs)
    if not awaits or _declares_await(text):
        return ""
    return f"top-level await on line {_line(text, awaits[0])}"


def _declares_await(text: str) -> bool:
    lexer = Lexer(text)
    return any(lexer.is_code(match.start()) for match in _AWAIT_DECLARED.finditer(text))


def _candidates(text: str) -> list[tuple[int, str]]:
    """Where the words stand that may tell a module, in code or not, by growing position."""
    awaits = [(at, "await") for at in _words(text, "await") if _SIGNS["await"].match(text, at)]
    words = ("import", "export", "async") if awaits else ("import", "export")
    found = ((at, word) for word in words for at in _words(text, word) if _SIGNS[word].match(text, at))
    return sorted([*awaits, *found])


def _outside_async_functions(text: str, awaits: list[int], asyncs: list[int]) -> list[int]:
    brackets = _Brackets(text)
    end = 0  # of the async function walked last
    for start in asyncs:
        if not awaits or awaits[0] < start:
            break
        if start >= end:
            head = _SIGNS["async"].match(text, start)
            end = brackets.function_end(start + 5 if head is None else head.end())
            awaits = [at for at in awaits if not start < at < end]
    return awaits


def _words(text: str, word: str) -> Iterator[int]:
    """Where `word` begins a word."""
    at = text.find(word)
    while at >= 0:
        last = text[at - 1 : at]
        if not (last.isalnum() or last in ("_", "$", "#", "\\")):
            yield at
        at = text.find(word, at + len(word))


def _dot_before(text: str, at: int) -> int | None:
    """Where the `.` is that makes the word at `at` a property, if that is code; nothing for `...`."""
    dot = at - 1
    while dot >= 0 and text[dot].isspace():
        dot -= 1
    return dot if text.startswith(".", max(dot, 0)) and not text.endswith("...", 0, dot + 1) else None


class _Brackets:
    """Finds where functions end by counting brackets, within a budget for the whole text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._left = _MOST_BRACKETS

    def function_end(self, at: int) -> int:
        """Where the async function ends whose name or parameters begin at `at`; `at` itself when there is none."""
        for sign, position, depth in self._walk(at):
            if sign == "=>" and depth == 0:
                arrow = _ARROW.match(self._text, position)
                assert arrow is not None
                return self._block_end(arrow.start(1)) if arrow[1] else self._expression_end(arrow.end())
            if sign == "{" and depth == 1:
                return self._block_end(position)
            if depth < 0 or (sign == ")" and depth == 0 and not _BEHIND_PARAMETERS.match(self._text, position)):
                return at
            if depth == 0 and sign in ",;":
                return at
        return len(self._text)

    def _block_end(self, at: int) -> int:
        """Behind the `}` that closes the `{` at `at`."""
        return next((position + 1 for sign, position, depth in self._walk(at) if depth == 0), len(self._text))

    def _expression_end(self, at: int) -> int:
        """Where the arrow function's expression that begins at `at` ends, semicolons being optional."""
        for sign, position, depth in self._walk(at):
            if depth < 0 or (depth == 0 and sign in ",;"):
                return position
            if depth == 0 and sign == "\n" and _statement_ends(self._text, at, position):
                return position
        return len(self._text)

    def _walk(self, at: int) -> Iterator[tuple[str, int, int]]:
        """Brackets, separators and arrows that are code, each with its position and the depth behind it."""
        lexer = Lexer(self._text, at)
        depth = 0
        for match in _BRACKETS.finditer(self._text, at):
            self._left -= 1
            if self._left < 0:
                return
            if lexer.is_code(match.start()):
                sign = match[0]
                depth += (sign in "([{") - (sign in ")]}")
                yield sign, match.start(), depth


def _statement_ends(text: str, begin: int, newline: int) -> bool:
    """Whether JavaScript would put a semicolon at `newline`, as far as two neighbours tell."""
    before = text[max(begin, newline - 200) : newline].rstrip()
    return bool(before) and _GOES_ON.search(before) is None and _BEGINS.match(text, newline) is not None


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
