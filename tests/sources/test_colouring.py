from __future__ import annotations

import pytest

from inspector.sources.colouring import CODE, IN_COMMENT, IN_TEMPLATE, spans, states_of


def told(line: str, state: int = CODE) -> list[tuple[str, str]]:
    return [(line[first:last], kind) for first, last, kind in spans(line, state)[0]]


def test_the_parts_of_a_line() -> None:
    assert told("const a = f(0x1F, 'it\\'s', null) // done") == [
        ("const", "keyword"), ("f", "name"), ("0x1F", "number"), ("'it\\'s'", "string"), ("null", "literal"),
        ("// done", "comment"),
    ]  # fmt: skip
    assert told("x.const = a1 / b / 2; y = /[/']/g") == [("2", "number"), (" /[/']/g", "regexp")]
    assert told("`a ${b}` + c") == [("`a ${b}`", "string")]


@pytest.mark.parametrize(
    ("line", "state", "after"),
    [
        ("a /* b", CODE, IN_COMMENT),
        ("b", IN_COMMENT, IN_COMMENT),
        ("b */ c `d", IN_COMMENT, IN_TEMPLATE),
        ("e` f", IN_TEMPLATE, CODE),
        ("'/*' \"`\"", CODE, CODE),
    ],
)
def test_what_the_next_line_begins_in(line: str, state: int, after: int) -> None:
    assert spans(line, state)[1] == after


def test_the_states_of_a_text() -> None:
    text = "a /* b\nc\nd */ e\nconst r = /[`'\"]/\n`x\n${\n1 +\n2}\ny`\nz"
    assert list(states_of(text, text.split("\n"))) == [
        CODE, IN_COMMENT, IN_COMMENT, CODE, CODE, IN_TEMPLATE, CODE, CODE, IN_TEMPLATE, CODE
    ]  # fmt: skip
