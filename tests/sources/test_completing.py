from __future__ import annotations

import pytest

from inspector.sources.completing import Asked, asked_in, is_name, is_unfinished, path_of


@pytest.mark.parametrize(
    ("text", "base", "typed"),
    [
        ("", "", ""),
        ("Ma", "", "Ma"),
        ("Math.", "Math", ""),
        ("Math.ma", "Math", "ma"),
        ("x = a.b.c.d", "a.b.c", "d"),
        ("a?.b?.c", "a?.b", "c"),
        ("foo(1, bar.", "bar", ""),
        ("foo(1, ')').ba", "foo(1, ')')", "ba"),
        ("list[0].na", "list[0]", "na"),
        ("list[f(')', \"]\")].na", "list[f(')', \"]\")]", "na"),
        ("m.get('k').v", "m.get('k')", "v"),
        ("'text'.", "'text'", ""),
        ("[1, 2].", "[1, 2]", ""),
        ("(a + b).", "(a + b)", ""),
        ("x = new Map().", "new Map()", ""),
        ("[...li", "", "li"),
        ("a.\n  b", "a", "b"),
        ("ünï.ç", "ünï", "ç"),
        ("$.fn.", "$.fn", ""),
    ],
)
def test_what_is_asked(text: str, base: str, typed: str) -> None:
    asked = asked_in(text)
    assert asked == Asked(base, typed, len(text) - len(typed))


@pytest.mark.parametrize(
    "text", ["'Math.", "1.", "12", "let x", "class A", "// a.", "`a.", "x = 1.5", "`a${b}`.le", "a // it's\n  .b"]
)
def test_where_no_name_can_come(text: str) -> None:
    assert asked_in(text) is None


def test_names_and_paths() -> None:
    assert path_of("a.b . $c") == ["a", "b", "$c"]
    assert path_of("a.b()") is None
    assert path_of("a?.b") is None
    assert is_name("ä1") and is_name("_") and not is_name("1a") and not is_name("a-b") and not is_name("")


@pytest.mark.parametrize("text", ["f(", "if (a) {", "`a", "/* a", "a =>", "x = ", "[1,", "a +", "else", "({a: `${1}`,"])
def test_what_goes_on(text: str) -> None:
    assert is_unfinished(text)


@pytest.mark.parametrize("text", ["", "f()", "a++", "a--", "x = 1", "'open", "// a (", "`a`", "f(')')", "/(/", "a)"])
def test_what_is_whole(text: str) -> None:
    assert not is_unfinished(text)
