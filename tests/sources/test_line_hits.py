"""V8's nested counts as counts of lines."""

from __future__ import annotations

from inspector.sources.line_hits import line_hits, steps_of

TEXT = "function f(x) {\r\n  if (x) {\n    return '\U0001f600';\n  }\n  // never\n}\nconst g = () => 1;\n"


def at(part: str) -> tuple[int, int]:
    """In UTF-16 code units, as V8 counts."""
    first = len(TEXT[: TEXT.index(part)].encode("utf-16-le")) // 2
    return first, first + len(part.encode("utf-16-le")) // 2


def test_the_innermost_range_counts_and_readings_add_up() -> None:
    body, block, arrow = TEXT[: TEXT.index("\nconst")], "{\n    return '\U0001f600';\n  }", "() => 1"
    first = steps_of([(*at(TEXT), 1), (*at(body), 5), (*at(block), 2), (*at(arrow), 0)])
    assert line_hits(TEXT, first) == {1: 5, 2: 5, 3: 2, 7: 1}
    second = steps_of([(*at(arrow), 7)])  # nothing else ran: V8 names it alone
    first.update(second)
    assert line_hits(TEXT, first) == {1: 5, 2: 5, 3: 2, 7: 7}
    assert line_hits(TEXT, {}) == {}
