"""Which parts of a line of JavaScript are what, so that they can be drawn in colours. Pure; no parser."""

from __future__ import annotations

import re
from collections.abc import Sequence

from inspector.sources.lexer import Lexer

__all__ = ["CODE", "IN_COMMENT", "IN_TEMPLATE", "Span", "spans", "states_of"]

CODE, IN_COMMENT, IN_TEMPLATE = range(3)
"""What a line begins in."""

Span = tuple[int, int, str]
"""From, to, and "comment", "string", "regexp", "number", "literal", "keyword" or "name" (of what is called)."""

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


def spans(line: str, state: int = CODE) -> tuple[list[Span], int]:
    """The coloured parts of a line that begins in `state`, in order, and what the next line begins in.

    A substitution in a template counts as the template.
    """
    found: list[Span] = []
    at = 0
    if state == IN_COMMENT:
        end = _COMMENT_END.search(line)
        if end is None:
            return [(0, len(line), "comment")], IN_COMMENT
        at = end.end()
        found.append((0, at, "comment"))
    elif state == IN_TEMPLATE:
        at, is_open = _template(line, 0, 0, found)
        if is_open:
            return found, IN_TEMPLATE
    while (match := _TOKEN.search(line, at)) is not None:
        if match["template"] is not None:
            at, is_open = _template(line, match.start(), match.end(), found)
            if is_open:
                return found, IN_TEMPLATE
            continue
        at = match.end()
        if match["opened"] is not None:
            found.append((match.start(), at, "comment"))
            return found, IN_COMMENT
        found.append((match.start(), at, str(match.lastgroup)))
    return found, CODE


def _template(line: str, first: int, at: int, found: list[Span]) -> tuple[int, bool]:
    """To the closing back quote; where that is, and whether the template goes on."""
    end = _TEMPLATE_END.match(line, at)
    last = len(line) if end is None else end.end()
    found.append((first, last, "string"))
    return last, end is None


def states_of(text: str, lines: Sequence[str]) -> bytes:
    """What each of `lines` (`text` split at line feeds) begins in. 9 MB take a second: never on a loop's thread."""
    lexer = Lexer(text)
    states = bytearray(len(lines))
    at, before = 0, CODE
    for number, line in enumerate(lines):
        if not lexer.is_code(at):
            if before == CODE:
                before = spans(lines[number - 1], CODE)[1]
            states[number] = before = before or IN_TEMPLATE
        else:
            before = CODE
        at += len(line) + 1
    return bytes(states)
