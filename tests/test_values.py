"""RemoteObjects as DevTools draws them. The samples are V8's own answers (tests/data/remote_objects.json)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.values import console_text, json_value, preview_text

SAMPLES: dict[str, dict[str, Any]] = dict(
    json.loads((Path(__file__).parent / "data" / "remote_objects.json").read_text())
)

EXPECTED = {
    "1": "1",
    "-0": "-0",
    "NaN": "NaN",
    "1n": "1n",
    '"a\'b"': '"a\'b"',
    "undefined": "undefined",
    "null": "null",
    'Symbol("x")': "Symbol(x)",
    "true": "true",
    "[]": "[]",
    "[1,2,3]": "(3) [1, 2, 3]",
    "[1,,3]": "(3) [1, empty, 3]",
    "({})": "{}",
    "({a:{}})": "{a: {…}}",
    '({a:1,b:"x",c:{d:1},"x-y":[1],f(){},get g(){return 1},n:null,u:undefined})': (
        "{a: 1, b: 'x', c: {…}, 'x-y': Array(1), f: ƒ, …}"
    ),
    'new Map([["k",{a:1}],[1,2]])': "Map(2) {'k' => {a: 1}, 1 => 2}",
    'new Set([1,"a"])': "Set(2) {1, 'a'}",
    "/a/g": "/a/g",
    'new TypeError("boom")': "TypeError: boom",
    "(function foo(a,b){return 1})": "ƒ foo(a,b)",
    "x=>x": "ƒ (x)",
    "function* gen(){}; gen": "ƒ* gen()",
    "({m(a){return 1}}).m": "ƒ m(a)",
    "(class{})": "class",
    "new (class Foo{x=1;#p=2})": "Foo {#p: 2, x: 1}",
    "new Uint8Array([1,2,3])": "Uint8Array(3) [1, 2, 3]",
    "new ArrayBuffer(8)": "ArrayBuffer(8)",
    "Promise.resolve(5)": "Promise {<fulfilled>: 5}",
    "new Proxy({a:1},{})": "Proxy(Object) {a: 1}",
    "Object(1)": "Number {1}",
    "(function*(){})()": "Generator {<suspended>}",
    '[new Error("z")]': "(1) [Error: z]",
    '"a\\nb\\u202e"': r"'a\nb\u202e'",
    "[{},[],()=>1]": "(3) [{…}, Array(0), ƒ]",
}


@pytest.mark.parametrize(("expression", "shown"), EXPECTED.items())
def test_one_line_previews(expression: str, shown: str) -> None:
    assert preview_text(SAMPLES[expression]) == shown


def test_every_sample_has_a_bounded_preview_of_one_line() -> None:
    for remote in SAMPLES.values():
        shown = preview_text(remote, 80)
        assert "\n" not in shown
        assert len(shown) < 80 * 6 + 40


def test_a_long_preview_counts_what_was_cut() -> None:
    assert preview_text(SAMPLES['"a".repeat(300)'], 10) == "'aaaaaaaaa… (+292 characters)"


def text(value: str) -> dict[str, Any]:
    return {"type": "string", "value": value}


def number(value: float) -> dict[str, Any]:
    return {"type": "number", "value": value, "description": str(value)}


@pytest.mark.parametrize(
    ("args", "shown"),
    [
        ([text("a"), number(1), text("b")], "a 1 b"),
        ([text("%s is %d")], "%s is %d"),
        ([text("%s is %d"), text("x"), number(42.7)], "x is 42"),
        ([text("%i %f"), text("7.9z"), number(3.25)], "7 3.25"),
        ([text("%d"), text("z")], "NaN"),
        ([text("%c%s%c!"), text("color: red"), text("x"), text("")], "x!"),
        ([text("100%% of %s"), text("x"), text("more")], "100% of x more"),
        ([text("%o"), text("x")], "'x'"),
        ([text("%d"), {"type": "bigint", "unserializableValue": "5n", "description": "5n"}], "5n"),
        ([number(1), text("%s")], "1 %s"),
        ([], ""),
    ],
)
def test_console_calls(args: list[dict[str, Any]], shown: str) -> None:
    assert console_text(args) == shown


def test_console_text_is_plain_and_keeps_its_lines() -> None:
    assert console_text([text("\x1b[2Ja\n\tb\u202e")]) == "\\x1b[2Ja\n\tb\\u202e"
    assert console_text([SAMPLES['new TypeError("boom")']]).startswith("TypeError: boom\n    at ")


def test_json_values() -> None:
    assert json_value(SAMPLES["1"]) == (True, 1)
    assert json_value(SAMPLES["null"]) == (True, None)
    assert json_value({"type": "object", "value": {"a": [1]}}) == (True, {"a": [1]})
    for expression in ("-0", "NaN", "1n", "undefined", 'Symbol("x")', "({})"):
        assert json_value(SAMPLES[expression]) == (False, None)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["type", "subtype", "value", "description", "className"]), st.text(max_size=30)))
def test_unknown_kinds_are_shown_as_described(remote: dict[str, str]) -> None:
    assert isinstance(preview_text(remote), str)
    assert isinstance(console_text([remote, remote]), str)
