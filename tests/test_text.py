"""Text from scripts and files is drawn as plain, bounded text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.text import counted, cut, for_terminal, visible

ANY_TEXT = st.text(st.characters(), max_size=300)


def steers(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("\x1b[31m", r"\x1b[31m"),
        ("a\u202eb", r"a\u202eb"),
        ("\u2066x\u2069", r"\u2066x\u2069"),
        ("\u200e\u200f\u061c", r"\u200e\u200f\u061c"),
        ("a\u200bb\u200d\ufeff", r"a\u200bb\u200d\ufeff"),
        ("\ud800", r"\ud800"),
        ("a\nb\tc\r", r"a\nb\tc\r"),
        ("\x00\x7f\x9b", r"\x00\x7f\x9b"),
        ("\u2028\u2029", r"\u2028\u2029"),
        ("\U000e0041", r"\u{e0041}"),
        ("héllo 日本 שלום 🙂", "héllo 日本 שלום 🙂"),
    ],
)
def test_what_steers_is_escaped(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_every_steering_character_of_unicode_is_escaped() -> None:
    for code in range(0x110000):
        if steers(chr(code)):
            assert visible(chr(code)).startswith("\\"), hex(code)


@settings(deadline=None)
@given(ANY_TEXT)
def test_nothing_steering_is_left(text: str) -> None:
    assert not any(steers(character) for character in visible(text))
    assert not any(steers(character) for character in for_terminal(text) if character not in "\n\t")
    for_terminal(text).encode()  # no lone surrogate is left either


@settings(deadline=None)
@given(ANY_TEXT, st.integers(1, 50))
def test_what_is_cut_is_counted(text: str, limit: int) -> None:
    shown = cut(text, limit)
    if len(text) <= limit:
        assert shown == text
    else:
        rest = len(text) - limit
        assert shown == f"{text[:limit]}… (+{rest:,} character{'s' if rest > 1 else ''})"


def test_the_limit_counts_before_escaping() -> None:
    assert visible("\x00" * 5000, 2) == r"\x00\x00… (+4,998 characters)"


def test_lines_stay_where_they_may() -> None:
    assert visible("a\r\nb\tc\rd", lines=True) == "a\nb\tc\\rd"
    assert for_terminal("x\n\x1b]0;title\x07") == "x\n\\x1b]0;title\\x07"


def test_counted_words_agree_with_their_number() -> None:
    assert counted(1, "call") == "1 call"
    assert counted(2_000, "call") == "2,000 calls"
    assert counted(0, "host process", "host processes") == "0 host processes"
