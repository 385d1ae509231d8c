"""How an isolate comes to be: V8's heap and thread, then on that thread inspector, standing session, context, limit."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from inspector.engine.native.sampling import IDLE
from inspector.engine.port import STANDING_SESSION, Born, Done
from inspector.errors import EngineError, InspectorError
from inspector.records import Birth
from inspector.states import IsolateState

if TYPE_CHECKING:
    from inspector.engine.native.isolate import NativeIsolate

__all__ = ["give_birth"]

log = logging.getLogger(__name__)
_GRACE_S = 30.0


def give_birth(isolate: NativeIsolate, done: Done, forget: Callable[[NativeIsolate], None]) -> None:
    """Blocks some milliseconds, on the births' thread. Calls `done` once."""
    began = time.perf_counter()

    def born(number: int, address: int) -> None:
        isolate.adopt(number, address, threading.get_ident())
        _equip(isolate, done, (time.perf_counter() - began) * 1e3)

    try:
        address = isolate.v8.open_isolate(born, _GRACE_S)
    except InspectorError as error:
        isolate.birth_over.set()
        forget(isolate)
        done(error)
        return
    isolate.pump.born(address)


def _equip(isolate: NativeIsolate, done: Done, isolate_ms: float) -> None:
    """On the isolate's thread, where V8 first calls us."""
    try:
        born = _make(isolate, isolate_ms)
    except Exception as error:
        log.exception("an isolate could not be equipped")
        isolate.birth_over.set()
        isolate.dispose()
        known = isinstance(error, InspectorError)
        done(error if known else EngineError("create an isolate", f"{type(error).__name__}: {error}"))
        return
    isolate.born = True
    done(born)
    isolate.states.tell(IsolateState.IDLE, "born")
    isolate.sampling.take(IDLE)
    isolate.birth_over.set()


def _make(isolate: NativeIsolate, isolate_ms: float) -> Born:
    v8, address = isolate.v8, isolate.address
    began = time.perf_counter()
    trampolines = v8.trampolines
    isolate.client, isolate.client_words = trampolines.object_with(trampolines.client_vtable)
    trampolines.clients[isolate.client] = isolate
    with v8.handles(isolate.slots):
        v8.explicit_microtasks(address)
        v8.calls.on_promise_rejected(address, trampolines.promise_reject)
        v8.calls.on_microtasks_completed(address, trampolines.microtasks_completed, 0)
        v8.calls.set_dynamic_import(address, trampolines.dynamic_import)
        v8.calls.set_import_meta(address, trampolines.import_meta)
        isolate.inspector = v8.inspector.create(address, isolate.client)
        isolate.sessions.connect(STANDING_SESSION)
        standing = isolate.sessions.standing
        standing.command("Runtime.enable")
        standing.command("Debugger.enable")
        standing.skip_pauses(True)
        inspector_ms = (time.perf_counter() - began) * 1e3
        context = isolate.contexts.make("main", is_default=True)
        isolate.limits.install()
        limit = isolate.limits.v8_limit()
    prelude_ms = context.prelude_ms + isolate.contexts.prepare(context.context_id)
    birth = Birth(None, isolate_ms, inspector_ms, context.context_ms, prelude_ms, None)
    return Born(birth, context.context_id, limit, address)
