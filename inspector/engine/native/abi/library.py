"""Find mini-racer's library and start V8 in this process, once, with our flags."""

from __future__ import annotations

import contextlib
import ctypes
import threading
from collections.abc import Callable
from typing import Any

from msgspec import Struct

from inspector.engine.library import FLAGS, Place, find
from inspector.errors import EngineError

__all__ = ["Call", "Library", "load", "load_ahead"]

Call = Callable[..., Any]


class Library(Struct, frozen=True):
    """The loaded library: symbols by name, functions by name and signature."""

    place: Place
    dll: ctypes.CDLL
    v8_version: str

    def address(self, symbol: str) -> int:
        """Where `symbol` is; 0 when the library does not export it."""
        try:
            return ctypes.cast(self.dll[symbol], ctypes.c_void_p).value or 0
        except AttributeError:
            return 0

    def call(self, symbol: str, result: Any, *arguments: Any) -> Call:
        """A function that may run JavaScript, allocate or block: the GIL is released around it."""
        return self._bind(ctypes.CFUNCTYPE, symbol, result, arguments)

    def short(self, symbol: str, result: Any, *arguments: Any) -> Call:
        """A tiny function that does none of that: the GIL is kept, which is cheaper."""
        return self._bind(ctypes.PYFUNCTYPE, symbol, result, arguments)

    def _bind(self, kind: Any, symbol: str, result: Any, arguments: tuple[Any, ...]) -> Call:
        address = self.address(symbol)
        if not address:
            raise EngineError(
                "use V8's inspector", f"the library does not export {symbol}", "Use the public API engine."
            )
        bound: Call = kind(result, *arguments)(address)
        return bound


_loaded: Library | None = None


def load_ahead() -> None:
    """Have the system load the library in a thread, without the GIL, while this process still imports what it needs.

    It takes 30 ms, most of them for relocations. What goes wrong is told by `load`.
    """

    def ahead() -> None:
        with contextlib.suppress(OSError, EngineError):
            ctypes.CDLL(str(find().path))

    threading.Thread(target=ahead, name="load-ahead", daemon=True).start()


def load(flags: tuple[str, ...] = FLAGS) -> Library:
    """Load the library and start V8 with `flags`; a second call gives the same library. Takes 20 to 60 ms."""
    global _loaded  # noqa: PLW0603 (V8 can be started once in a process)
    if _loaded is None:
        place = find()
        try:
            dll = ctypes.CDLL(str(place.path))
        except OSError as error:
            raise EngineError("load V8", str(error), "Reinstall mini-racer.") from error
        dll.mr_v8_version.restype = ctypes.c_char_p
        dll.mr_init_v8.argtypes = [ctypes.c_char_p, ctypes.c_char_p]
        dll.mr_init_v8(" ".join(flags).encode(), str(place.icu).encode())
        _loaded = Library(place, dll, dll.mr_v8_version().decode())
    return _loaded
