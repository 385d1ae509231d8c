"""Structured clone: V8's ValueSerializer and ValueDeserializer, with a bound on what a copy may take."""

from __future__ import annotations

import ctypes
import weakref
from typing import Any

from inspector.engine.native.abi.calls import Calls
from inspector.engine.native.abi.library import Library

__all__ = ["Copies"]

P = ctypes.c_size_t
_WORDS = 8  # a (de)serializer is one pointer
_JUST_TRUE = 0x101  # v8::Maybe<bool>
_DELEGATE = "_ZTVN2v815ValueSerializer8DelegateE"
_THROW, _WASM_MODULE, _REALLOCATE = 2, 7, 9
_NO_MODULE = b"#<Module> could not be cloned."
_LARGE = 1 << 20  # bytes of a copy; a smaller one is copied once more
_FILLED = 1.25  # times the bytes that a buffer of V8's may take which is kept
_HEAD = 64  # V8 asks for that much more than it needs, or than twice what it has


class Copies:
    """On the isolate's thread, inside a handle scope, an entered context and a TryCatch."""

    def __init__(self, library: Library, calls: Calls) -> None:
        self._calls = calls
        self._most: dict[int, int] = {}  # delegate -> most bytes
        throw = ctypes.CFUNCTYPE(None, P, P)(self._throw)
        reallocate = ctypes.CFUNCTYPE(P, P, P, P, P)(self._reallocate)
        refuse = ctypes.CFUNCTYPE(ctypes.c_uint64, P, P, P)(self._refuse_module)
        slots = self._slots(library)
        slots[_WASM_MODULE] = ctypes.cast(refuse, ctypes.c_void_p).value or 0
        slots[_THROW] = ctypes.cast(throw, ctypes.c_void_p).value or 0
        slots[_REALLOCATE] = ctypes.cast(reallocate, ctypes.c_void_p).value or 0
        table = (P * len(slots))(*slots)
        self._vtable = ctypes.addressof(table)
        self._kept: tuple[Any, ...] = (throw, reallocate, refuse, table)
        self._sizes: dict[int, int] = {}  # delegate -> capacity of its buffer

    @staticmethod
    def _slots(library: Library) -> list[int]:
        """V8's own delegate, whose methods refuse host objects and shared buffers."""
        start = library.address(_DELEGATE) + 2 * ctypes.sizeof(P)
        return list((P * 11).from_address(start))

    def serialize(self, isolate: int, context: int, value: int, most_bytes: int) -> bytes | memoryview | None:
        """`value` in V8's wire format; None: see the TryCatch, or `MemoryError` for more than `most_bytes`.

        Runs getters of the value. Price: one copy of the bytes, but of a large buffer of V8's that they fill: that is
        handed over as it is, and freed with the last view of it.
        """
        calls = self._calls
        delegate = (P * 2)(self._vtable)
        key = ctypes.addressof(delegate)
        words = (P * _WORDS)()
        serializer = ctypes.addressof(words)
        self._most[key], self._sizes[key] = most_bytes, 0
        calls.new_serializer(serializer, isolate, key)
        try:
            calls.write_header(serializer)
            written = calls.write_value(serializer, context, value) == _JUST_TRUE
            if self._most[key] < 0:
                raise MemoryError
            if not written:
                return None
            span = calls.serialized(serializer)
            if _LARGE <= span.length <= most_bytes and self._sizes[key] <= _FILLED * span.length:
                return self._handed_over(span.data, span.length)
            try:
                if span.length > most_bytes:
                    raise MemoryError
                return ctypes.string_at(span.data, span.length)
            finally:
                calls.free_serialized(key, span.data)
        finally:
            calls.end_serializer(serializer)
            del self._most[key], self._sizes[key]

    def _handed_over(self, address: int, length: int) -> memoryview:
        owner = (ctypes.c_ubyte * length).from_address(address)
        weakref.finalize(owner, self._calls.free_serialized, 0, address).atexit = False
        return memoryview(owner).cast("B")

    def deserialize(self, isolate: int, context: int, data: bytes | bytearray | memoryview) -> int:
        """A Local of the value; 0: see the TryCatch, which holds nothing when the bytes were cut off."""
        calls = self._calls
        words = (P * _WORDS)()
        deserializer = ctypes.addressof(words)
        if isinstance(data, bytes):
            address = ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p).value or 0
        else:
            held = (ctypes.c_ubyte * len(data)).from_buffer(data)  # keeps it in its place until V8 has read it
            address = ctypes.addressof(held)
        calls.new_deserializer(deserializer, isolate, address, len(data))
        try:
            if calls.read_header(deserializer, context) != _JUST_TRUE:
                return 0
            return int(calls.read_value(deserializer, context))
        finally:
            calls.end_deserializer(deserializer)

    # --- V8 calls --------------------------------------------------------------------------------

    def _throw(self, _delegate: int, message: int) -> None:
        self._calls.throw(self._calls.current_isolate(), self._calls.new_error(message, 0))

    def _refuse_module(self, _delegate: int, isolate: int, _module: int) -> int:
        """V8's own delegate says nothing here, and V8 then leaves the module out without a word."""
        message = self._calls.new_one_byte(isolate, _NO_MODULE, 0, len(_NO_MODULE))
        self._calls.throw(isolate, self._calls.new_error(message, 0))
        return 0

    def _reallocate(self, delegate: int, old: int, size: int, provided: int) -> int:
        """V8 asks for what it needs, or twice what it has: the first is refused as soon as it passes the bound, the
        second once the bound is filled."""
        most, has = self._most[delegate], self._sizes[delegate]
        needed = size - _HEAD if size > 2 * has + _HEAD else has + 1
        if needed > most:
            self._most[delegate] = -1
            return 0
        self._sizes[delegate] = size
        return int(self._calls.reallocate(delegate, old, size, provided))
