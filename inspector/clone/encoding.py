"""A Python value in V8's wire format. The table is in the package's docstring."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from inspector.clone.kinds import (
    ERROR_TAGS,
    HEADER,
    REGEXP_FLAGS,
    VIEW_TAGS,
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
    hole,
    undefined,
)

__all__ = ["encode"]

_SAFE = 1 << 53
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ACTION = "Write a Python value as a copy"
Steps = Iterator[tuple[Any, str]]  # children that come next, each with its step of the path


def encode(value: Any) -> bytes:
    """Raises CloneError with the path of a part that JavaScript has nothing for. Without recursion: any depth."""
    writer = _Writer()
    open_parts: list[tuple[Steps, str]] = [(iter([(value, "")]), "")]
    while open_parts:
        try:
            child, step = next(open_parts[-1][0])
        except StopIteration:
            open_parts.pop()
            continue
        try:
            below = writer.write(child)
        except CloneError as error:
            path = "".join(part[1] for part in open_parts) + step
            raise CloneError(error.action, error.cause, path) from None
        if below is not None:
            open_parts.append((below, step))
    return bytes(writer.out)


class _Writer:
    def __init__(self) -> None:
        self.out = bytearray(HEADER)
        self._ids: dict[int, int] = {}
        self._kept: list[Any] = []  # so that an id() is not used twice

    def write(self, value: Any) -> Steps | None:
        """Write a primitive whole, of anything else the beginning: what is returned writes the rest."""
        if value is None or value is undefined or isinstance(value, bool | int | float | str):
            self._primitive(value)
            return None
        if value is hole:
            raise CloneError(_ACTION, "a hole outside an Array")
        known = self._ids.get(id(value))
        if known is not None and not isinstance(value, View | bytes | memoryview):
            self._tag("^", known)
            return None
        return self._object(value)

    def _object(self, value: Any) -> Steps | None:
        if isinstance(value, View | bytes | memoryview):
            self._view(value if isinstance(value, View) else _bytes_view(value), value)
            return None
        self._remember(value)
        if isinstance(value, list | tuple):
            return self._array(value)
        if isinstance(value, dict):
            return self._dict(value) if all(isinstance(key, str) for key in value) else self._map(list(value.items()))
        if isinstance(value, Map):
            return self._map(value.pairs)
        if isinstance(value, Set | set | frozenset):
            return self._set(value.values if isinstance(value, Set) else list(value))
        if isinstance(value, Error | BaseException):
            return self._error(value if isinstance(value, Error) else _from_exception(value))
        self._leaf(value)
        return None

    def _leaf(self, value: Any) -> None:
        if isinstance(value, datetime | Date):
            ms = value.ms if isinstance(value, Date) else (value.astimezone(UTC) - _EPOCH) / timedelta(milliseconds=1)
            self.out += b"D" + struct.pack("<d", ms)
        elif isinstance(value, RegExp):
            self.out += b"R"
            self._string(value.source)
            self._varint(sum(1 << REGEXP_FLAGS.index(flag) for flag in value.flags if flag in REGEXP_FLAGS))
        elif isinstance(value, bytearray | ResizableBuffer):
            self._buffer(value)
        elif isinstance(value, Boxed):
            self._boxed(value.value)
        else:
            raise CloneError(_ACTION, f"JavaScript has nothing for a {type(value).__name__}")

    # --- primitives ---

    def _primitive(self, value: Any) -> None:
        if value is None:
            self.out += b"0"
        elif value is undefined:
            self.out += b"_"
        elif isinstance(value, bool):
            self.out += b"T" if value else b"F"
        elif isinstance(value, str):
            self._string(value)
        elif isinstance(value, float):
            self.out += b"N" + struct.pack("<d", value)
        elif isinstance(value, BigInt) or not -_SAFE <= value <= _SAFE:
            self.out += b"Z"
            self._bigint(value)
        elif -(1 << 31) <= value < 1 << 31:
            self._tag("I", (value << 1) ^ (value >> 31))
        else:
            self.out += b"N" + struct.pack("<d", float(value))

    def _string(self, text: str) -> None:
        try:
            data = text.encode("latin-1")
        except UnicodeEncodeError:
            data = text.encode("utf-16-le", "surrogatepass")
            if (len(self.out) + 1 + len(_varint(len(data)))) & 1:
                self.out += b"\0"  # V8 reads it in place, and wants it even
            self._tag("c", len(data))
        else:
            self._tag('"', len(data))
        self.out += data

    def _bigint(self, value: int) -> None:
        digits = abs(value).to_bytes((abs(value).bit_length() + 63) // 64 * 8, "little")
        self._varint(len(digits) << 1 | (value < 0))
        self.out += digits

    # --- objects ---

    def _array(self, items: list[Any] | tuple[Any, ...]) -> Steps:
        self._tag("A", len(items))
        for index, item in enumerate(items):
            if item is hole:
                self.out += b"-"
            else:
                yield item, f"[{index}]"
        self._tag("$", 0)
        self._varint(len(items))

    def _dict(self, value: dict[str, Any]) -> Steps:
        self.out += b"o"
        for key, item in value.items():
            self._key(key)
            yield item, f".{key}" if key.isidentifier() else f"[{key!r}]"
        self._tag("{", len(value))

    def _key(self, key: str) -> None:
        """As V8 does: an array index is a number."""
        if key.isascii() and key.isdigit() and (key == "0" or key[0] != "0") and int(key) < (1 << 32) - 1:
            if int(key) < 1 << 31:
                self._tag("I", int(key) << 1)
            else:
                self.out += b"N" + struct.pack("<d", int(key))
        else:
            self._string(key)

    def _map(self, pairs: list[tuple[Any, Any]]) -> Steps:
        self.out += b";"
        for index, (key, item) in enumerate(pairs):
            yield key, f".entries[{index}].key"
            yield item, f".entries[{index}].value"
        self._tag(":", 2 * len(pairs))

    def _set(self, values: list[Any]) -> Steps:
        self.out += b"'"
        for index, value in enumerate(values):
            yield value, f".values[{index}]"
        self._tag(",", len(values))

    def _error(self, error: Error) -> Steps:
        self.out += b"r"
        if error.name in ERROR_TAGS:
            self.out += ERROR_TAGS[error.name].encode()
        if error.message is not undefined:
            self.out += b"m"
            self._string(str(error.message))
        if isinstance(error.stack, str):
            self.out += b"s"
            self._string(error.stack)
        if error.cause is not undefined:  # last: V8 makes the error before it reads this, which may refer to it
            self.out += b"c"
            yield error.cause, ".cause"
        self.out += b"."

    def _boxed(self, value: Any) -> None:
        if isinstance(value, bool):
            self.out += b"y" if value else b"x"
        elif isinstance(value, str):
            self.out += b"s"
            self._string(value)
        elif isinstance(value, BigInt):
            self.out += b"z"
            self._bigint(value)
        elif isinstance(value, int | float):
            self.out += b"n" + struct.pack("<d", value)
        else:
            raise CloneError(_ACTION, f"JavaScript boxes no {type(value).__name__}")

    def _buffer(self, buffer: bytearray | ResizableBuffer) -> None:
        data = buffer.data if isinstance(buffer, ResizableBuffer) else buffer
        self._tag("~" if isinstance(buffer, ResizableBuffer) else "B", len(data))
        if isinstance(buffer, ResizableBuffer):
            self._varint(buffer.max_bytes)
        self.out += data

    def _view(self, view: View, value: Any) -> None:
        """A view's buffer comes before it."""
        if view.kind not in VIEW_TAGS:
            raise CloneError(_ACTION, f'there is no view "{view.kind}"')
        known = self._ids.get(id(value))
        if known is not None:
            self._tag("^", known)
            return
        buffer_id = self._ids.get(id(view.buffer))
        if buffer_id is None:
            self._remember(view.buffer)
            self._buffer(view.buffer)
        else:
            self._tag("^", buffer_id)
        self._remember(value)
        resizable = isinstance(view.buffer, ResizableBuffer)
        self.out += b"V" + VIEW_TAGS[view.kind].encode()
        self._varint(view.offset)
        self._varint(view.length_bytes or 0)
        self._varint((view.length_bytes is None) | resizable << 1)

    # --- bytes ---

    def _remember(self, value: Any) -> None:
        self._ids[id(value)] = len(self._ids)
        self._kept.append(value)

    def _tag(self, tag: str, number: int) -> None:
        self.out += tag.encode() + _varint(number)

    def _varint(self, number: int) -> None:
        self.out += _varint(number)


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _bytes_view(data: bytes | memoryview) -> View:
    buffer = bytearray(data)
    return View("Uint8Array", buffer, 0, len(buffer))


def _from_exception(error: BaseException) -> Error:
    name = {"TypeError": "TypeError", "SyntaxError": "SyntaxError", "NameError": "ReferenceError"}.get(
        type(error).__name__, "Error"
    )
    cause: Any = error.__cause__ if error.__cause__ is not None else undefined
    return Error(name, str(error), undefined, cause)
