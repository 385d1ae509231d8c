"""V8's wire format as Python values. The table is in the package's docstring."""

from __future__ import annotations

import math
import struct
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from typing import Any

from inspector.clone.kinds import (
    ERROR_TAGS,
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

__all__ = ["decode"]

_ACTION = "Read a copy"
_SAFE = 1 << 53
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DATE_RANGE = (-62135596800000, 253402300799999)  # ms: years 1 to 9999
_VERSION_TAG, _VIEW = 0xFF, ord("V")
_VIEW_NAMES = {tag: name for name, tag in VIEW_TAGS.items()}
_ERROR_NAMES = {tag: name for name, tag in ERROR_TAGS.items()}
_ENDS = {"o": "{", "A": "$", "a": "@", ";": ":", "'": ","}
_PLAIN: dict[str, Any] = {"_": undefined, "0": None, "T": True, "F": False, "-": hole}
Reading = Generator[None, Any, Any]  # yields for each value that comes next, gets it, returns its own


def decode(data: bytes) -> Any:
    """Raises CloneError for bytes that are no whole copy. Without recursion: any depth."""
    try:
        return _Reader(data).read()
    except (IndexError, struct.error, KeyError, OverflowError, UnicodeDecodeError) as error:
        raise CloneError(_ACTION, f"its bytes are damaged ({type(error).__name__})") from None


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self._objects: list[Any] = []

    def read(self) -> Any:
        version = 0
        while self._data[self._at] == _VERSION_TAG:
            self._at += 1
            version = self._varint()
        if not 13 <= version <= 15:
            raise CloneError(_ACTION, f"its format has version {version}, which is not known here")
        open_parts: list[Reading] = []
        given, below = self._next()
        while True:
            if below is not None:
                open_parts.append(below)
                given = None
            elif not open_parts:
                return given
            try:
                open_parts[-1].send(given)
                given, below = self._next()
            except StopIteration as ended:
                open_parts.pop()
                given, below = self._with_view(ended.value), None

    def _next(self) -> tuple[Any, Reading | None]:
        """The value that comes next, or what reads it."""
        tag = self._tag()
        if tag in _PLAIN:
            return _PLAIN[tag], None
        if tag in ('"', "c", "S"):
            return self._string(tag), None
        if tag in ("I", "U", "N", "Z"):
            return self._number(tag), None
        if tag == "^":
            return self._with_view(self._objects[self._varint()]), None
        if tag in _ENDS or tag == "r":
            return None, self._container(tag)
        return self._with_view(self._leaf(tag)), None

    # --- primitives ---

    def _tag(self) -> str:
        while self._data[self._at] == 0:
            self._at += 1
        self._at += 1
        return chr(self._data[self._at - 1])

    def _varint(self) -> int:
        number = shift = 0
        while True:
            byte = self._data[self._at]
            self._at += 1
            number |= (byte & 0x7F) << shift
            if byte < 0x80:
                return number
            shift += 7

    def _take(self, count: int) -> bytes:
        taken = self._data[self._at : self._at + count]
        if len(taken) != count:
            raise IndexError
        self._at += count
        return taken

    def _double(self) -> float:
        return float(struct.unpack("<d", self._take(8))[0])

    def _string(self, tag: str) -> str:
        data = self._take(self._varint())
        if tag == "c":
            return data.decode("utf-16-le", "surrogatepass")
        return data.decode("latin-1" if tag == '"' else "utf-8")

    def _number(self, tag: str) -> Any:
        if tag == "I":
            number = self._varint()
            return (number >> 1) ^ -(number & 1)
        if tag == "U":
            return self._varint()
        return _plain(self._double()) if tag == "N" else self._bigint()

    def _bigint(self) -> BigInt:
        field = self._varint()
        number = int.from_bytes(self._take(field >> 1), "little")
        return BigInt(-number if field & 1 else number)

    # --- objects ---

    def _leaf(self, tag: str) -> Any:
        at = len(self._objects)
        self._objects.append(None)
        value: Any
        if tag == "D":
            value = _date(self._double())
        elif tag == "R":
            source = self._string(self._tag())
            bits = self._varint()
            value = RegExp(source, "".join(flag for bit, flag in enumerate(REGEXP_FLAGS) if bits >> bit & 1))
        elif tag in "BuT~":
            size = self._varint()
            most = self._varint() if tag == "~" else 0
            data = bytearray(self._take(size))
            value = ResizableBuffer(data, most) if tag == "~" else data
        elif tag in "yxnzs":
            value = Boxed(self._boxed(tag))
        else:
            raise CloneError(_ACTION, f"tag {tag!r} is not known here")
        self._objects[at] = value
        return value

    def _boxed(self, tag: str) -> Any:
        if tag in "yx":
            return tag == "y"
        if tag == "n":
            return _plain(self._double())
        return self._bigint() if tag == "z" else self._string(self._tag())

    def _with_view(self, value: Any) -> Any:
        """A view follows its buffer."""
        is_buffer = isinstance(value, bytearray | ResizableBuffer)
        if not is_buffer or self._at >= len(self._data) or self._data[self._at] != _VIEW:
            return value
        self._at += 1
        name = _VIEW_NAMES[chr(self._take(1)[0])]
        offset, length, flags = self._varint(), self._varint(), self._varint()
        view = View(name, value, offset, None if flags & 1 else length)
        self._objects.append(view)
        return view

    def _container(self, tag: str) -> Reading:
        if tag == "r":
            return self._error()
        return {"o": self._object, "A": self._array, "a": self._array, ";": self._map, "'": self._set}[tag](tag)

    def _ended(self, tag: str) -> bool:
        """Whether the container's end comes next; it is then taken."""
        while self._data[self._at] == 0:
            self._at += 1
        if chr(self._data[self._at]) != _ENDS[tag]:
            return False
        self._at += 1
        return True

    def _object(self, tag: str) -> Reading:
        made: dict[str, Any] = {}
        self._objects.append(made)
        while not self._ended(tag):
            key = yield
            made[str(key)] = yield
        self._varint()
        return made

    def _array(self, tag: str) -> Reading:
        length = self._varint()
        if tag == "A" and length > len(self._data) - self._at:
            raise IndexError
        if length > 10_000_000 and tag == "a":
            raise CloneError(_ACTION, f"a sparse Array of length {length} has no Python list")
        made: list[Any] = []
        self._objects.append(made)
        if tag == "A":
            for _ in range(length):
                made.append((yield))
        else:
            made.extend([hole] * length)
        while not self._ended(tag):
            key = yield
            item = yield
            if isinstance(key, int) and 0 <= key < length:
                made[key] = item  # other properties of an Array have no place in a list
        self._varint()
        self._varint()
        return made

    def _map(self, tag: str) -> Reading:
        made = Map()
        self._objects.append(made)
        while not self._ended(tag):
            key = yield
            made.pairs.append((key, (yield)))
        self._varint()
        return made

    def _set(self, tag: str) -> Reading:
        made = Set()
        self._objects.append(made)
        while not self._ended(tag):
            made.values.append((yield))
        self._varint()
        return made

    def _error(self) -> Reading:
        made = Error()
        self._objects.append(made)
        while (part := chr(self._take(1)[0])) != ".":
            if part in _ERROR_NAMES:
                made.name = _ERROR_NAMES[part]
            elif part == "m":
                made.message = self._string(self._tag())
            elif part == "s":
                made.stack = self._string(self._tag())
            elif part == "c":
                made.cause = yield
            else:
                raise CloneError(_ACTION, f"part {part!r} of an Error is not known here")
        return made


def _plain(number: float) -> int | float:
    """A whole number as int; -0 and what is past the safe range stay float."""
    if number.is_integer() and -_SAFE <= number <= _SAFE and not (number == 0 and math.copysign(1, number) < 0):
        return int(number)
    return number


def _date(ms: float) -> datetime | Date:
    if math.isnan(ms) or not _DATE_RANGE[0] <= ms <= _DATE_RANGE[1]:
        return Date(ms)
    return _EPOCH + timedelta(milliseconds=ms)
