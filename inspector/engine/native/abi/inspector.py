"""V8Inspector and V8InspectorSession by their vtables; the self-test has compared the slots with the exported
methods.
"""

from __future__ import annotations

import ctypes
from typing import Any

from inspector.engine.native.abi.calls import Calls
from inspector.engine.native.abi.layouts import ByteVector, ContextInfo, Span, StringView, text_view

__all__ = ["InspectorCalls"]

P = ctypes.c_size_t
I32 = ctypes.c_int
U32 = ctypes.c_uint
F = ctypes.CFUNCTYPE
CONTEXT_GROUP = 1


class InspectorCalls:
    """Calls on inspectors and sessions of any isolate, each on that isolate's thread."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._bound: dict[tuple[int, int], Any] = {}
        self._view = StringView

    def _method(self, target: int, slot: int, result: Any, *arguments: Any) -> Any:
        vtable = P.from_address(target).value
        method = self._bound.get((vtable, slot))
        if method is None:
            address = P.from_address(vtable + slot * ctypes.sizeof(P)).value
            method = self._bound[vtable, slot] = F(result, P, *arguments)(address)
        return method

    def create(self, isolate: int, client: int) -> int:
        inspector: int = self._calls.create_inspector(isolate, client)
        return inspector

    def delete_inspector(self, inspector: int) -> None:
        self._method(inspector, 1, None)(inspector)

    def add_context(self, inspector: int, context: int, name: str, auxiliary: str) -> None:
        """Tell the inspector of `context`: it installs `console` and gives it an execution context id."""
        views = text_view(name), text_view(""), text_view(auxiliary)
        info = ContextInfo(context, CONTEXT_GROUP, *views, False)
        self._method(inspector, 2, None, P)(inspector, ctypes.addressof(info))

    def remove_context(self, inspector: int, context: int) -> None:
        self._method(inspector, 3, None, P)(inspector, context)

    def throw_exception(  # noqa: PLR0917 (V8's own order)
        self,
        inspector: int,
        context: int,
        value: int,
        text: str,
        message: str,
        url: str,
        line: int,
        column: int,
        stack: int,
    ) -> int:
        """Report an exception nobody caught; `line` and `column` are 1-based, `stack` as `stack_of` gives it, or 0. Its
        id; 0: nobody listens.
        """
        view = self._view
        method = self._method(inspector, 18, U32, P, view, P, view, view, U32, U32, P, I32)
        views = text_view(text), text_view(message), text_view(url)
        exception: int = method(inspector, context, views[0], value, views[1], views[2], line, column, stack, 0)
        return exception

    def stack_of(self, inspector: int, frames: int) -> int:
        """V8's frames of a message, with those of the task that runs now, for `throw_exception`, which takes them."""
        stack: int = self._method(inspector, 23, P, P)(inspector, frames)
        return stack

    def revoke_exception(self, inspector: int, context: int, exception: int, message: str) -> None:
        self._method(inspector, 19, None, P, U32, self._view)(inspector, context, exception, text_view(message))

    def schedule_task(self, inspector: int, name: str, task: int, *, repeats: bool) -> None:
        """What runs now sets off something later: its stack is taken, under the number `task` (even, not 0)."""
        method = self._method(inspector, 10, None, self._view, P, ctypes.c_bool)
        method(inspector, text_view(name), task, repeats)

    def cancel_task(self, inspector: int, task: int) -> None:
        self._method(inspector, 11, None, P)(inspector, task)

    def start_task(self, inspector: int, task: int) -> None:
        """What runs from now on, until `finish_task`, was set off by that."""
        self._method(inspector, 12, None, P)(inspector, task)

    def finish_task(self, inspector: int, task: int) -> None:
        self._method(inspector, 13, None, P)(inspector, task)

    def connect(self, inspector: int, channel: int) -> int:
        """Open a session that is fully trusted and doesn't wait for a debugger."""
        method = self._method(inspector, 21, P, I32, P, self._view, I32, I32)
        session: int = method(inspector, CONTEXT_GROUP, channel, text_view(""), 1, 1)
        return session

    def stop_session(self, session: int) -> None:
        self._method(session, 18, None)(session)

    def delete_session(self, session: int) -> None:
        self._method(session, 1, None)(session)

    def skip_pauses(self, session: int, skip: bool) -> None:
        """As Debugger.setSkipAllPauses, which takes 0.1 ms; without effect while its Debugger domain is off."""
        self._method(session, 9, None, ctypes.c_bool)(session, skip)

    def dispatch(self, session: int, message: bytes) -> None:
        self._method(session, 3, None, self._view)(session, text_view(message))

    def release_group(self, session: int, group: str) -> None:
        self._method(session, 15, None, self._view)(session, text_view(group))

    def wrap(self, session: int, context: int, value: int, group: str) -> bytes:
        """`value` as CDP's RemoteObject with a preview, JSON in UTF-8; b"" when the context is gone."""
        method = self._method(session, 13, P, P, P, self._view, ctypes.c_bool)
        remote = method(session, context, value, text_view(group), True)
        if not remote:
            return b""
        cbor, text = ByteVector(), ByteVector()
        self._method(remote, 0, None, P)(remote, ctypes.addressof(cbor))
        span = Span(cbor.begin, cbor.end - cbor.begin)
        self._calls.cbor_to_json(span, ctypes.addressof(text))
        json = ctypes.string_at(text.begin, text.end - text.begin)
        for vector in (cbor, text):
            if vector.begin:
                self._calls.delete(vector.begin)
        self._method(remote, 2, None)(remote)
        return json

    def unwrap(self, session: int, object_id: str) -> tuple[int, int]:
        """The value and the context that an objectId of this session stands for, as Locals; (0, 0): V8 has let go."""
        method = self._method(session, 14, ctypes.c_bool, P, self._view, P, P, P)
        found = (P * 4)()  # error, value, context, group
        slots = [ctypes.addressof(found) + index * ctypes.sizeof(P) for index in range(4)]
        known = method(session, slots[0], text_view(object_id), slots[1], slots[2], slots[3])
        for buffer in (found[0], found[3]):
            if buffer:
                self._method(buffer, 1, None)(buffer)
        return (found[1], found[2]) if known else (0, 0)
