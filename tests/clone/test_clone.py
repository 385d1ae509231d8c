"""Python values in V8's wire format and back, without V8."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.clone import (
    BigInt,
    Boxed,
    CloneError,
    Date,
    Error,
    Map,
    RegExp,
    ResizableBuffer,
    Set,
    View,
    decode,
    encode,
    hole,
    undefined,
)

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(1 << 53), 1 << 53)
    | st.floats(allow_nan=False)
    | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner, max_size=5),
    max_leaves=20,
)


@given(PLAIN)
def test_plain_values_return(value: Any) -> None:
    assert decode(encode(value)) == value


@pytest.mark.parametrize("value", [BigInt(0), BigInt(-1), 1 << 200, -(1 << 64), BigInt((1 << 64) - 1)])
def test_bigints(value: int) -> None:
    back = decode(encode(value))
    assert isinstance(back, BigInt) and back == value


def test_minus_zero_and_nan() -> None:
    assert str(decode(encode(-0.0))) == "-0.0"
    assert decode(encode(float("nan"))) != decode(encode(float("nan")))


def test_dates() -> None:
    then = datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)
    assert decode(encode(then)) == then
    assert decode(encode(Date(8.64e15))) == Date(8.64e15)
    assert decode(encode(Date(float("nan")))).ms != 0


def test_cycles_and_shared_parts() -> None:
    shared = {"n": 1}
    value: dict[str, Any] = {"a": shared, "b": shared, "list": [shared, hole, undefined]}
    value["self"] = value
    back = decode(encode(value))
    assert back["self"] is back and back["a"] is back["b"] is back["list"][0]
    assert back["list"][1:] == [hole, undefined]


def test_buffers_and_their_views() -> None:
    buffer = bytearray(b"abcdef")
    value = [View("Uint16Array", buffer, 2, 4), buffer, View("DataView", buffer, 0, 6), b"xyz"]
    first, second, third, made = decode(encode(value))
    assert first.buffer is second is third.buffer and second == buffer
    assert (first.kind, first.offset, first.length_bytes, made.buffer) == ("Uint16Array", 2, 4, bytearray(b"xyz"))
    tracking = decode(encode(View("Int8Array", ResizableBuffer(bytearray(4), 16), 1, None)))
    assert (tracking.buffer.max_bytes, tracking.length_bytes) == (16, None)


def test_the_other_kinds() -> None:
    error = Error("RangeError", "no", undefined, ["why"])
    value = [Map([({"k": 1}, 2)]), Set([[1]]), RegExp("a/b", "gi"), error, Boxed("x"), Boxed(False), {1: "a"}]
    pairs, values, regexp, failed, *boxes, keyed = decode(encode(value))
    assert (pairs.pairs, values.values, regexp) == ([({"k": 1}, 2)], [[1]], RegExp("a/b", "gi"))
    assert (failed.name, failed.message, failed.stack, failed.cause) == ("RangeError", "no", undefined, ["why"])
    assert boxes == [Boxed("x"), Boxed(False)] and keyed.pairs == [(1, "a")]


def test_any_depth() -> None:
    value: list[Any] = []
    for _ in range(20_000):
        value = [value]
    depth, back = 0, decode(encode(value))
    while back:
        depth, back = depth + 1, back[0]
    assert depth == 20_000


def test_what_javascript_has_nothing_for_is_told_with_its_path() -> None:
    with pytest.raises(CloneError, match=r"nothing for a object at \.users\[1\]\['a b'\]") as refused:
        encode({"users": [1, {"a b": object()}]})
    assert refused.value.path == ".users[1]['a b']"


@given(st.binary(max_size=40))
def test_damaged_bytes_never_do_more_than_raise(data: bytes) -> None:
    for damaged in (data, b"\xff\x0f" + data):
        try:
            decode(damaged)
        except CloneError as error:
            assert "copy" in str(error)
