"""V8 calling us: one set of C callbacks for the process, which find the isolate's handler and return soon.

Every callback runs on the isolate's own thread, holds the GIL, and must not let an exception out. They are made once
and never freed: V8 may keep their addresses until the process ends. A task or interrupt of a dead isolate that V8
runs in the next isolate at the same address is only a wake-up: the work itself waits in queues of Python that belong
to one isolate.
"""

from __future__ import annotations

import ctypes
import logging
from collections.abc import Callable
from typing import Any, ClassVar, Protocol

from inspector.engine.native.abi.calls import Calls
from inspector.engine.native.abi.layouts import MemoryMeasured, OomDetails, PromiseRejectMessage, StringView
from inspector.engine.native.abi.library import Library
from inspector.engine.native.abi.memory import read_measured

__all__ = ["ChannelHandler", "Handler", "Trampolines"]

log = logging.getLogger(__name__)

P = ctypes.c_size_t
I32 = ctypes.c_int
F = ctypes.CFUNCTYPE
SHORT = ctypes.PYFUNCTYPE  # keeps the GIL
# Functions of V8 that do nothing else: slots without work need no GIL and no Python
_RETURNS_0 = "_ZN2v815ValueSerializer8Delegate19HasCustomHostObjectEPNS_7IsolateE"
_RETURNS_1 = "_ZNK2v88platform27DefaultForegroundTaskRunner23NonNestableTasksEnabledEv"
_BUMP_BYTES = 1 << 30  # granted when nobody of ours can say how much


class Handler(Protocol):
    """What one isolate does when V8 calls. Pointers are Locals unless said otherwise."""

    def serve_task(self) -> None: ...
    def serve_interrupt(self) -> None: ...
    def run_pause_loop(self) -> None: ...
    def quit_pause_loop(self) -> None: ...
    def default_context(self) -> int: ...
    def async_depth_changed(self, depth: int) -> None: ...
    def near_heap_limit(self, current: int, initial: int) -> int: ...
    def collected(self) -> None: ...
    def promise_rejected(self, event: int, promise: int, value: int) -> None: ...
    def import_dynamically(self, context: int, referrer: int, specifier: int, attributes: int) -> int: ...
    def resolve_import(self, context: int, index: int, referrer: int) -> int: ...
    def evaluate_synthetic(self, context: int, module: int) -> int: ...
    def fill_import_meta(self, context: int, module: int, meta: int) -> None: ...
    def microtasks_completed(self) -> None: ...
    def told(self, context: int) -> None:
        """Our function was called in `context`; what it tells lies where both sides know."""

    def time_stamped(self, label: int) -> None:
        """`console.timeStamp`; `label` is a string, or 0."""

    def asked(self, context: int) -> None:
        """The same for the one without side effects."""

    def memory_measured(self, contexts: list[int], sizes: list[int], rest: tuple[int, int, int]) -> None:
        """`rest`: bytes that belong to no context, WebAssembly code, WebAssembly metadata."""


class ChannelHandler(Protocol):
    """Where one inspector session speaks."""

    def respond(self, call_id: int, text: bytes) -> None: ...
    def wants(self, head: bytes) -> bool:
        """Whether a notification that opens with `head` (64 bytes) is worth copying."""

    def notify(self, text: bytes) -> None: ...


class Trampolines:
    """The callbacks, and the tables that lead from a pointer to its handler."""

    _kept: ClassVar[list[object]] = []  # vtables and callbacks: V8 keeps their addresses

    def __init__(self, library: Library, calls: Calls) -> None:
        self._library, self._calls = library, calls
        self.isolates: dict[int, Handler] = {}
        self.clients: dict[int, Handler] = {}
        self.channels: dict[int, ChannelHandler] = {}
        self.births: dict[int, Callable[[Any], None]] = {}  # callback id of mr_eval -> called with the raw value
        self.last_words: Callable[[str], None] | None = None
        self.task = self._task_object()
        self.client_vtable = self._client_vtable()
        self.memory_delegate = self._memory_delegate()
        self.channel_vtable = self._channel_vtable()
        self.interrupt = self._keep(F(None, P, P)(self._on_interrupt))
        self.near_heap_limit = self._keep(F(P, P, P, P)(self._on_near_heap_limit))
        self.gc_epilogue = self._keep(F(None, P, I32, I32, P)(self._on_gc))
        self.oom = self._keep(F(None, ctypes.c_char_p, P)(self._on_oom))
        self.promise_reject = self._keep(F(None, PromiseRejectMessage)(self._on_reject))
        self.dynamic_import = self._keep(F(P, P, P, P, P, P)(self._on_dynamic_import))
        self.resolve_import = self._keep(F(P, P, ctypes.c_size_t, P)(self._on_resolve))
        self.evaluate_synthetic = self._keep(F(P, P, P)(self._on_synthetic))
        self.import_meta = self._keep(F(None, P, P, P)(self._on_import_meta))
        self.microtasks_completed = self._keep(F(None, P, P)(self._on_microtasks))
        self.ask = self._keep(F(None, P)(self._on_ask))
        self.tell = self._keep(F(None, P)(self._on_tell))
        self.evaluated_type = F(None, ctypes.c_uint64, P)
        self.evaluated = self.evaluated_type(self._on_evaluated)
        self._kept.append(self.evaluated)

    def _keep(self, callback: Any) -> int:
        self._kept.append(callback)
        return ctypes.cast(callback, ctypes.c_void_p).value or 0

    def _vtable(self, slots: list[int]) -> int:
        table = (P * len(slots))(*slots)
        self._kept.append(table)
        return ctypes.addressof(table)

    def object_with(self, vtable: int) -> tuple[int, object]:
        """A C++ object of four words whose first is `vtable`: its address, and what keeps it alive."""
        words = (P * 4)(vtable)
        return ctypes.addressof(words), words

    def _task_object(self) -> int:
        """One v8::Task serves all: slots are two destructors (the platform calls the second after Run; a function of V8
        that does nothing, no Python) and Run.
        """
        nothing = self._library.address(_RETURNS_0)
        address, words = self.object_with(self._vtable([nothing, nothing, self._keep(F(None, P)(self._on_task))]))
        self._kept.append(words)
        return address

    def _client_vtable(self) -> int:
        """V8InspectorClient, padded to 36 slots. Slots without work point at functions of V8: no GIL, no Python."""
        nothing = self._library.address(_RETURNS_0)
        true = self._library.address(_RETURNS_1)
        clock = self._library.address("_ZN2v88platform15DefaultPlatform22CurrentClockTimeMillisEv")
        slots = [nothing] * 36
        slots[2] = slots[3] = self._keep(F(None, P, I32)(self._on_pause))
        slots[4] = self._keep(F(None, P)(self._on_quit))
        slots[13] = slots[29] = true
        slots[14] = self._keep(F(P, P, I32)(self._on_default_context))
        slots[24] = self._keep(F(None, P, P, P, P)(self._on_time_stamp))
        slots[26] = clock
        slots[30] = self._keep(F(None, P, I32)(self._on_async_depth))
        return self._vtable(slots)

    def _memory_delegate(self) -> int:
        """One v8::MeasureMemoryDelegate serves all: two destructors that do nothing (V8 owns it, so it thinks; it may
        call them while it frees an isolate: no Python there), ShouldMeasure: every context, MeasurementComplete."""
        nothing = self._library.address(_RETURNS_0)
        true = self._library.address(_RETURNS_1)
        complete = self._keep(F(None, P, MemoryMeasured)(self._on_measured))
        address, words = self.object_with(self._vtable([nothing, nothing, true, complete]))
        self._kept.append(words)
        return address

    def _channel_vtable(self) -> int:
        ignore = self._keep(F(None, P)(lambda _channel: None))
        respond = self._keep(F(None, P, I32, P)(self._on_response))
        notify = self._keep(F(None, P, P)(self._on_notification))
        return self._vtable([ignore, ignore, respond, notify, ignore])

    # --- what V8 calls ---------------------------------------------------------------------------

    def _on_task(self, _task: int) -> None:
        handler = self.isolates.get(self._calls.current_isolate())
        if handler is not None:
            handler.serve_task()

    def _on_interrupt(self, isolate: int, _data: int) -> None:
        handler = self.isolates.get(isolate)
        if handler is not None:
            handler.serve_interrupt()

    def _on_evaluated(self, callback_id: int, value: int) -> None:
        birth = self.births.pop(callback_id, None)
        if birth is not None:
            birth(value)

    def _on_pause(self, client: int, _group: int) -> None:
        handler = self.clients.get(client)
        if handler is not None:
            handler.run_pause_loop()

    def _on_quit(self, client: int) -> None:
        handler = self.clients.get(client)
        if handler is not None:
            handler.quit_pause_loop()

    def _on_default_context(self, client: int, _group: int) -> int:
        handler = self.clients.get(client)
        return handler.default_context() if handler is not None else 0

    def _on_async_depth(self, client: int, depth: int) -> None:
        handler = self.clients.get(client)
        if handler is not None:
            handler.async_depth_changed(depth)

    def _on_time_stamp(self, client: int, _isolate: int, label: int, _arguments: int) -> None:
        handler = self.clients.get(client)
        if handler is not None:
            try:
                handler.time_stamped(label)
            except Exception:  # nothing may leave
                log.exception("a mark of a script was not told")

    def _on_near_heap_limit(self, isolate: int, current: int, initial: int) -> int:
        try:
            handler = self.isolates.get(isolate)
            return handler.near_heap_limit(current, initial) if handler is not None else current + _BUMP_BYTES
        except Exception:  # without a larger limit V8 aborts the process
            log.exception("the near-heap-limit callback failed")
            return current + _BUMP_BYTES

    def _on_gc(self, isolate: int, _kind: int, _flags: int, _data: int) -> None:
        handler = self.isolates.get(isolate)
        if handler is not None:
            handler.collected()

    def _on_oom(self, location: bytes | None, details: int) -> None:
        write = self.last_words
        if write is not None:
            known = OomDetails.from_address(details) if details else OomDetails()
            what = "JavaScript heap" if known.is_heap else "process"
            parts = [f"V8 ran out of memory ({what})", (location or b"").decode("utf-8", "replace")]
            parts.append((known.detail or b"").decode("utf-8", "replace"))
            write(": ".join(part for part in parts if part))

    def _on_reject(self, message: PromiseRejectMessage) -> None:
        handler = self.isolates.get(self._calls.current_isolate())
        if handler is not None:
            handler.promise_rejected(message.event, message.promise, message.value)

    def _on_dynamic_import(self, context: int, _options: int, referrer: int, specifier: int, attributes: int) -> int:
        handler = self.isolates.get(self._calls.current_isolate())
        return handler.import_dynamically(context, referrer, specifier, attributes) if handler is not None else 0

    def _on_resolve(self, context: int, index: int, referrer: int) -> int:
        handler = self.isolates.get(self._calls.current_isolate())
        return handler.resolve_import(context, index, referrer) if handler is not None else 0

    def _on_synthetic(self, context: int, module: int) -> int:
        handler = self.isolates.get(self._calls.current_isolate())
        return handler.evaluate_synthetic(context, module) if handler is not None else 0

    def _on_import_meta(self, context: int, module: int, meta: int) -> None:
        handler = self.isolates.get(self._calls.current_isolate())
        if handler is not None:
            handler.fill_import_meta(context, module, meta)

    def _on_microtasks(self, isolate: int, _data: int) -> None:
        handler = self.isolates.get(isolate)
        if handler is not None:
            handler.microtasks_completed()

    def _on_ask(self, _info: int) -> None:
        isolate = self._calls.current_isolate()
        handler = self.isolates.get(isolate)
        if handler is not None:
            handler.asked(self._calls.current_context(isolate))

    def _on_tell(self, _info: int) -> None:
        isolate = self._calls.current_isolate()
        handler = self.isolates.get(isolate)
        if handler is not None:
            try:
                handler.told(self._calls.current_context(isolate))
            except Exception:  # nothing may leave
                log.exception("a call of a script was not served")

    def _on_measured(self, _delegate: int, result: MemoryMeasured) -> None:
        handler = self.isolates.get(self._calls.current_isolate())
        if handler is not None:
            handler.memory_measured(
                *read_measured(result), (result.unattributed, result.wasm_code, result.wasm_metadata)
            )

    # --- inspector messages ----------------------------------------------------------------------

    def _on_response(self, channel: int, call_id: int, buffer: int) -> None:
        handler = self.channels.get(channel)
        text = self._take(buffer, None)
        if handler is not None and text is not None:
            handler.respond(call_id, text)

    def _on_notification(self, channel: int, buffer: int) -> None:
        handler = self.channels.get(channel)
        text = self._take(buffer, handler)
        if handler is not None and text is not None:
            handler.notify(text)

    def _take(self, buffer: int, chooser: ChannelHandler | None) -> bytes | None:
        """Copy a StringBuffer that we own, as UTF-8, and delete it; None when `chooser` does not want it."""
        vtable = P.from_address(buffer).value
        functions = self._buffer_functions.get(vtable)
        if functions is None:
            slots = (P * 3).from_address(vtable)
            functions = SHORT(StringView, P)(slots[2]), SHORT(None, P)(slots[1])
            self._buffer_functions[vtable] = functions
        view = functions[0](buffer)
        try:
            unit = 1 if view.is_8_bit else 2
            if chooser is not None and view.is_8_bit:
                head = ctypes.string_at(view.characters, min(view.length, 64))
                if not chooser.wants(head):
                    return None
            raw = ctypes.string_at(view.characters, view.length * unit) if view.length else b""
            return raw if unit == 1 else raw.decode("utf-16-le", "surrogatepass").encode("utf-8", "surrogatepass")
        finally:
            functions[1](buffer)

    _buffer_functions: ClassVar[dict[int, tuple[Any, Any]]] = {}
