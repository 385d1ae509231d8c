"""Python's side of the JavaScript values that Python has no type for; and the tags of V8's wire format."""

from __future__ import annotations

from typing import Any, Final

from msgspec import Struct, field

from inspector.errors import InspectorError

__all__ = [
    "ERROR_TAGS",
    "HEADER",
    "REGEXP_FLAGS",
    "VIEW_TAGS",
    "BigInt",
    "Boxed",
    "CloneError",
    "Date",
    "Error",
    "Map",
    "RegExp",
    "ResizableBuffer",
    "Set",
    "View",
    "hole",
    "undefined",
]

HEADER = b"\xff\x0f"  # a version tag, and version 15
ERROR_TAGS = {"EvalError": "E", "RangeError": "R", "ReferenceError": "F", "SyntaxError": "S", "TypeError": "T",
              "URIError": "U"}  # fmt: skip
REGEXP_FLAGS = "gimyusldv"  # a bit each, from the lowest; "l" (linear) is V8's own
VIEW_TAGS = {
    "Int8Array": "b", "Uint8Array": "B", "Uint8ClampedArray": "C", "Int16Array": "w", "Uint16Array": "W",
    "Int32Array": "d", "Uint32Array": "D", "Float16Array": "h", "Float32Array": "f", "Float64Array": "F",
    "BigInt64Array": "q", "BigUint64Array": "Q", "DataView": "?",
}  # fmt: skip


class CloneError(InspectorError):
    """A Python value has no JavaScript value, or bytes are no copy. `path`: of the part, "" for the whole."""

    def __init__(self, action: str, cause: str, path: str = "") -> None:
        super().__init__(action, f"{cause} at {path}" if path else cause)
        self.path = path


class _Single:
    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return self._name

    def __bool__(self) -> bool:
        return False


undefined: Final = _Single("undefined")
hole: Final = _Single("hole")  # in an Array: no element is there


class BigInt(int):
    """An int that is a BigInt in JavaScript, however small."""

    def __repr__(self) -> str:
        return f"{int(self)}n"


class Map(Struct, eq=False):
    pairs: list[tuple[Any, Any]] = field(default_factory=list)


class Set(Struct, eq=False):
    values: list[Any] = field(default_factory=list)


class Date(Struct, frozen=True):
    """A time that datetime can't hold: milliseconds since 1970, NaN for an invalid date."""

    ms: float


class RegExp(Struct, frozen=True):
    source: str
    flags: str = ""


class Error(Struct, eq=False):
    """`name`: one of JavaScript's own; V8 copies no other. `message`, `stack`, `cause`: `undefined` for none."""

    name: str = "Error"
    message: Any = undefined
    stack: Any = undefined
    cause: Any = undefined


class ResizableBuffer(Struct, eq=False):
    data: bytearray
    max_bytes: int


class View(Struct, eq=False):
    """A typed array or DataView: `length_bytes` from `offset` of `buffer`; None: it follows the buffer's length."""

    kind: str
    buffer: bytearray | ResizableBuffer
    offset: int
    length_bytes: int | None


class Boxed(Struct, frozen=True):
    """`new Number(1)`, `new String("a")`, `new Boolean(false)`, `Object(1n)`."""

    value: Any
