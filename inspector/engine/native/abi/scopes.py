"""V8's stack-bound objects, made by hand: HandleScope (its constructor is inline), TryCatch, an entered context."""

from __future__ import annotations

import ctypes
import sys
from types import TracebackType

from inspector.engine.native.abi.calls import Calls
from inspector.engine.native.abi.layouts import HandleScopeData

__all__ = ["ContextScope", "HandleScope", "ScopeSlots", "TryCatch"]


class ScopeSlots:
    """Where one isolate keeps its handle blocks. Raises no error: the self-test has checked the layout."""

    __slots__ = ("calls", "data", "isolate")

    def __init__(self, calls: Calls, isolate: int) -> None:
        self.calls = calls
        self.isolate = isolate
        self.data = HandleScopeData.from_address(calls.handle_next(isolate))


class HandleScope:
    """Every Local made inside ends with it. Raising the level makes handles legal under the pump's sealed scope."""

    __slots__ = ("_limit", "_next", "_slots")

    def __init__(self, slots: ScopeSlots) -> None:
        self._slots = slots

    def __enter__(self) -> None:
        data = self._slots.data
        self._next, self._limit = data.next, data.limit
        data.level += 1

    def __exit__(self, *_: object) -> None:
        data = self._slots.data
        data.next = self._next
        data.level -= 1
        if data.limit != self._limit:
            data.limit = self._limit
            self._slots.calls.delete_handle_extensions(self._slots.isolate)


class ContextScope:
    """A context entered: what runs inside sees its global object."""

    __slots__ = ("_calls", "_context")

    def __init__(self, calls: Calls, context: int) -> None:
        self._calls, self._context = calls, context

    def __enter__(self) -> None:
        self._calls.enter_context(self._context)

    def __exit__(self, *_: object) -> None:
        self._calls.exit_context(self._context)


class TryCatch:
    """Catches what JavaScript throws. Judge a call by its empty result, not by `exception`.

    V8 tells which handler is on top by comparing addresses with the thread's stack. Ours is not on that stack, so it
    lies below all stacks: then V8 hands exceptions to it early, which is harmless, and never passes it over.
    """

    __slots__ = ("_address", "_calls", "_isolate", "_verbose")

    def __init__(self, calls: Calls, isolate: int, *, verbose: bool = False) -> None:
        """`verbose`: a debugger takes what ends here for uncaught. Price: V8 prints it, a line on standard output."""
        self._calls, self._isolate, self._verbose = calls, isolate, verbose

    def __enter__(self) -> TryCatch:
        self._address = _take()
        self._calls.try_begin(self._address, self._isolate)
        if self._verbose:
            self._calls.try_verbose(self._address, True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._calls.try_end(self._address)
        _free.append(self._address)

    @property
    def exception(self) -> int:
        value: int = self._calls.try_exception(self._address)
        return value

    @property
    def message(self) -> int:
        value: int = self._calls.try_message(self._address)
        return value

    @property
    def terminated(self) -> bool:
        return bool(self._calls.try_terminated(self._address))


_SLOT_BYTES = 64  # v8::TryCatch needs 41
_BLOCK_BYTES = 64 * 1024
_LOW = 0x2000_0000
_free: list[int] = []  # list.pop and list.append are atomic under the GIL
_blocks: list[object] = []


def _take() -> int:
    while True:
        try:
            return _free.pop()
        except IndexError:
            start = _low_block()
            _free.extend(range(start, start + _BLOCK_BYTES, _SLOT_BYTES))


def _low_block() -> int:
    """Memory below the threads' stacks where the system grants the hint, else wherever it is. Never given back."""
    if sys.platform != "win32":
        libc = ctypes.CDLL(None)
        libc.mmap.restype = ctypes.c_void_p
        libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
        anonymous = 0x1002 if sys.platform == "darwin" else 0x22  # MAP_PRIVATE | MAP_ANONYMOUS
        hint = _LOW + len(_blocks) * _BLOCK_BYTES
        address = libc.mmap(hint, _BLOCK_BYTES, 3, anonymous, -1, 0)
        if address and address != ctypes.c_void_p(-1).value:
            _blocks.append(address)
            return int(address)
    block = ctypes.create_string_buffer(_BLOCK_BYTES)
    _blocks.append(block)
    return ctypes.addressof(block)
