"""The structures that cross the border, with the sizes they must have."""

from __future__ import annotations

import ctypes
from typing import ClassVar

__all__ = [
    "ByteVector",
    "CachedData",
    "ContextInfo",
    "HandleScopeData",
    "HeapSpaceStatistics",
    "InternalCallback",
    "MemoryMeasured",
    "OomDetails",
    "PromiseRejectMessage",
    "ScriptOrigin",
    "ScriptSource",
    "SharedPointer",
    "Span",
    "StringView",
    "Utf8Value",
    "text_view",
]

P = ctypes.c_size_t  # a pointer: an int, never None
I32 = ctypes.c_int


class StringView(ctypes.Structure):
    """v8_inspector::StringView: Latin-1 or UTF-16 code units that somebody else owns."""

    _fields_: ClassVar = [("is_8_bit", ctypes.c_bool), ("length", ctypes.c_size_t), ("characters", P)]
    kept: bytes  # what `characters` points into, alive as long as the view


class SharedPointer(ctypes.Structure):
    _fields_: ClassVar = [("object", P), ("control", P)]


class ContextInfo(ctypes.Structure):
    """v8_inspector::V8ContextInfo, 96 bytes."""

    _fields_: ClassVar = [
        ("context", P),
        ("group", I32),
        ("name", StringView),
        ("origin", StringView),
        ("auxiliary", StringView),
        ("has_memory", ctypes.c_bool),
    ]


class HandleScopeData(ctypes.Structure):
    """v8::internal::HandleScopeData: `next` and `limit` of the handle block, and how many scopes are open."""

    _fields_: ClassVar = [("next", P), ("limit", P), ("level", I32)]


class InternalCallback(ctypes.Structure):
    _fields_: ClassVar = [("function", P), ("data", P)]


class ScriptOrigin(ctypes.Structure):
    """v8::ScriptOrigin, 40 bytes; `script_id` -1: V8 chooses; `options` 8: a module."""

    _fields_: ClassVar = [
        ("name", P),
        ("line", I32),
        ("column", I32),
        ("options", I32),
        ("script_id", I32),
        ("source_map", P),
        ("host_options", P),
    ]


class ScriptSource(ctypes.Structure):
    """v8::ScriptCompiler::Source, 104 bytes; the last two are -1: no position in another text."""

    _fields_: ClassVar = [
        ("source", P),
        ("name", P),
        ("line", I32),
        ("column", I32),
        ("options", I32),
        ("spare", I32),
        ("source_map", P),
        ("host_options", P),
        ("cached", P),
        ("task", P),
        ("hint_callback", P),
        ("hint_data", P),
        ("hint", I32),
        ("spare_2", I32),
        ("start", ctypes.c_int64),
        ("end", ctypes.c_int64),
    ]


class Utf8Value(ctypes.Structure):
    _fields_: ClassVar = [("characters", P), ("length", ctypes.c_size_t), ("spare", P * 2)]


class PromiseRejectMessage(ctypes.Structure):
    """24 bytes, passed by value. Event 0: rejected without handler, 1: handled later, 2 and 3: settled twice."""

    _fields_: ClassVar = [("promise", P), ("event", I32), ("value", P)]


class OomDetails(ctypes.Structure):
    _fields_: ClassVar = [("is_heap", ctypes.c_bool), ("detail", ctypes.c_char_p)]


class ByteVector(ctypes.Structure):
    """libc++'s std::vector<uint8_t>."""

    _fields_: ClassVar = [("begin", P), ("end", P), ("capacity", P)]


class Span(ctypes.Structure):
    _fields_: ClassVar = [("data", P), ("length", ctypes.c_size_t)]


class CachedData(ctypes.Structure):
    """v8::ScriptCompiler::CachedData, 24 bytes; `policy` 0: the bytes are ours, 1: V8's."""

    _fields_: ClassVar = [
        ("data", P),
        ("length", I32),
        ("rejected", ctypes.c_bool),
        ("policy", I32),
        ("spare", P * 4),  # a larger one would write here
    ]


class HeapSpaceStatistics(ctypes.Structure):
    """v8::HeapSpaceStatistics: five words; the spare ones behind would show a larger one."""

    _fields_: ClassVar = [("name", ctypes.c_char_p), ("words", P * 4), ("spare", P * 3)]


class MemoryMeasured(ctypes.Structure):
    """v8::MeasureMemoryDelegate::Result, 40 bytes by value; the first two point at spans of the same length."""

    _fields_: ClassVar = [
        ("contexts", P),
        ("sizes", P),
        ("unattributed", P),
        ("wasm_code", P),
        ("wasm_metadata", P),
    ]


_SIZES = {
    StringView: 24,
    ContextInfo: 96,
    ScriptOrigin: 40,
    ScriptSource: 104,
    PromiseRejectMessage: 24,
    MemoryMeasured: 40,
}
assert all(ctypes.sizeof(kind) == size for kind, size in _SIZES.items())


def text_view(text: str | bytes) -> StringView:
    """A view of `text` (bytes: taken as they are); the view keeps its characters alive."""
    if isinstance(text, str):
        try:
            data, is_8_bit = text.encode("ascii"), True
        except UnicodeEncodeError:
            data, is_8_bit = text.encode("utf-16-le", "surrogatepass"), False
    else:
        data, is_8_bit = text, True
    address = ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p).value or 0
    view = StringView(is_8_bit, len(data) if is_8_bit else len(data) // 2, address)
    view.kept = data
    return view
