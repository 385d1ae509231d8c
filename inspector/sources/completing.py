"""What could come next in a line of JavaScript that is being typed: the expression in front of the dot, and the
beginning of the name behind it.
"""

from __future__ import annotations

import re

from msgspec import Struct

__all__ = ["KEYWORDS", "Asked", "asked_in", "is_name", "is_unfinished", "path_of"]

KEYWORDS = tuple(
    """async await break case catch class const continue debugger default delete do else export extends false finally
    for function if import in instanceof let new null return static super switch this throw true try typeof undefined
    var void while with yield""".split()  # noqa: SIM905 (a list of 44 strings, one a line, reads worse)
)

_LONGEST = 20_000  # characters: a longer text is not completed
_PREFIX = re.compile(r"[\w$#]*\Z")
_NAME = re.compile(r"[^\W\d][\w$]*\Z|[$][\w$]*\Z")
_NUMBER = re.compile(r"(?<![\w$])\d[\d_]*\Z")
_DECLARES = re.compile(r"(?<![\w$.])(?:let|const|var|function\*?|class)\s+\Z")
_CONSTRUCTS = re.compile(r"(?<![\w$.])new\s+\Z")
_GOES_ON = re.compile(r"(?:=>|[=,?:&|]|(?<!\+)\+|(?<!-)-|\*|(?<![\w$.])(?:else|do|try|in|of))\s*\Z")
_OPENS, _CLOSES, _QUOTES = "([{", ")]}", "'\"`"
# Strings, templates, comments, regular expressions; the group is what the end of the text cut short.
_OTHER = re.compile(
    r"""'(?:[^'\\\n]|\\[\s\S])*(?:'|(\Z|\n))|"(?:[^"\\\n]|\\[\s\S])*(?:"|(\Z|\n))|`(?:[^`\\]|\\[\s\S])*(?:`|(\Z))"""
    r"""|//[^\n]*(?:\n|(\Z))|/\*[\s\S]*?(?:\*/|(\Z))|/(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*"""
)


class Asked(Struct, frozen=True):
    """`base` is the expression whose properties are wanted, "" for the names in scope; `typed` begins at `start`."""

    base: str
    typed: str
    start: int


def asked_in(text: str) -> Asked | None:
    """What is asked at the end of `text`; None where no name can come: in a string, a number, a declaration."""
    if len(text) > _LONGEST:
        return None
    found = _PREFIX.search(text)
    start = len(text) if found is None else found.start()
    typed = text[start:]
    code = _codes(text)
    if typed[:1].isdigit() or not code[start]:
        return None
    before = text[:start].rstrip()
    if before.endswith("...") or not before.endswith("."):
        return None if _DECLARES.search(text, 0, start) else Asked("", typed, start)
    end = len(before) - (2 if before.endswith("?.") else 1)
    if _NUMBER.search(before, 0, end):
        return None
    first = _begin(text, code, end)
    return None if first is None else Asked(text[first:end].strip(), typed, start)


def is_unfinished(text: str) -> bool:
    """Whether more must follow: a bracket, template or comment is open, or the last line ends in an operator."""
    if len(text) > _LONGEST:
        return False
    code = _codes(text)
    depth = sum((sign in _OPENS) - (sign in _CLOSES) for sign, is_code in zip(text, code, strict=False) if is_code)
    if depth > 0:
        return True
    last_line = text.rsplit("\n", 1)[-1]
    if not code[-1]:  # in a string or a comment that goes on: a string of one line is simply wrong
        return "`" in text or text.rfind("/*") > text.rfind("*/")
    return _GOES_ON.search(last_line) is not None


def is_name(text: str) -> bool:
    """Whether `text` can stand behind a dot."""
    return _NAME.match(text) is not None


def path_of(base: str) -> list[str] | None:
    """The names of a plain path ("a.b.c"), which can be walked without evaluating anything; None for more."""
    names = [name.strip() for name in base.split(".")]
    return names if all(map(is_name, names)) else None


def _codes(text: str) -> list[bool]:
    """For each character, and for the end: whether it is code, with strings and comments that are not closed yet."""
    code: list[bool] = []
    at = 0
    while at < len(text):
        match = _OTHER.match(text, at)
        if match is not None and text[at] == "/" and text[at + 1 : at + 2] not in ("/", "*") and _divides(text[:at]):
            match = None
        end = at + 1 if match is None else match.end()
        code += [match is None or text[at] in _QUOTES] + [False] * (end - at - 1)
        at = end
        if match is not None and match.lastindex is not None and end == len(text):  # nothing closes it
            return [*code, False]
    return [*code, True]


def _divides(before: str) -> bool:
    last = before.rstrip()[-1:]
    return last.isalnum() or last in ("_", "$", ")", "]", "}", "'", '"', "`")


def _begin(text: str, code: list[bool], end: int) -> int | None:
    """Where the expression that ends at `end` begins; None for one that is not completed."""
    at = end
    while True:
        at = len(text[:at].rstrip())
        if at == 0 or text[at - 1] == "`" or text[at - 1] == "/":  # templates have code in them
            return None
        last = text[at - 1]
        if not code[at - 1]:  # a string, or the end of a comment
            closing, at = last, at - 1
            while at and not code[at]:
                at -= 1
            return at if text[at] == closing else None
        if last in ")]":
            opened = _opening(text, code, at - 1)
            if opened is None:
                return None
            at = opened
            if at and text[at - 1] != "." and (text[at - 1].isalnum() or text[at - 1] in "_$)]'\""):
                continue  # a call or an index of what is before it
        elif last.isalnum() or last in "_$#":
            while at and (text[at - 1].isalnum() or text[at - 1] in "_$#"):
                at -= 1
        else:
            return None
        rest = text[:at].rstrip()
        if not rest.endswith("."):
            news = _CONSTRUCTS.search(text, 0, at)
            return at if news is None else news.start()
        at = len(rest) - (2 if rest.endswith("?.") else 1)


def _opening(text: str, code: list[bool], closing: int) -> int | None:
    depth = 0
    for at in range(closing, -1, -1):
        if code[at] and text[at] in _CLOSES:
            depth += 1
        elif code[at] and text[at] in _OPENS:
            depth -= 1
            if depth == 0:
                return at
    return None
