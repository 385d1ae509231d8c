"""A run's result: CDP's RemoteObject, its JSON where it has any, and one line of text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from inspector.engine.cutting import cut_string
from inspector.engine.native import errors
from inspector.states import SourceKind
from inspector.values import json_value, preview_text

if TYPE_CHECKING:
    from inspector.engine.native.context import Context
    from inspector.engine.native.isolate import NativeIsolate
    from inspector.engine.native.run import Run

__all__ = ["Described", "describe"]

_PLAIN_KINDS = (None, "array", "date")


class Described(Struct, frozen=True):
    remote: dict[str, Any]
    json: tuple[bool, object]
    preview: str


def describe(owner: NativeIsolate, run: Run) -> Described | None:
    """Read the result. A proxy deep in it may run the script's code, so it happens inside the gate and can be ended."""
    remote = run.remote
    text, is_cut = "", False
    context = owner.contexts.get(run.request.context_id)
    if remote is None and run.value and context is not None:
        with owner.v8.handles(owner.slots), owner.window(run) as opened:
            if opened:
                with owner.v8.inside(context.slot), owner.v8.catching(owner.address):
                    remote = _beginning(owner, context, run.value)
                    is_cut = remote is not None
                    if remote is None:
                        remote, text = _read(owner, run, context)
    if remote is None:
        return None
    known = (False, None) if is_cut or cut_string(remote) else (True, json.loads(text)) if text else json_value(remote)
    return Described(remote, known, preview_text(remote))


def _beginning(owner: NativeIsolate, context: Context, value: int) -> dict[str, Any] | None:
    """The RemoteObject of the beginning of a very long string, None when `value` is none."""
    v8 = owner.v8
    found = v8.call(owner.address, context.slot, context.to_show, v8.calls.context_global(context.slot), (value,))
    text = v8.text(owner.address, found) if found else "undefined"
    return None if text == "undefined" else {"type": "string", "value": text}


def _read(owner: NativeIsolate, run: Run, context: Context) -> tuple[dict[str, Any] | None, str]:
    """The RemoteObject of the value, and its JSON text when it is an object that has one."""
    group = f"run:{run.request.run_id}"
    remote = errors.wrap(owner, context.slot, run.value, group)
    if remote is None or remote.get("type") != "object" or remote.get("subtype") == "null":
        return remote, ""
    if run.request.kind is SourceKind.MODULE:
        _show_exports(owner, run, context, remote)
    return remote, _json_text(owner, context, run.value) if _may_have_json(remote) else ""


def _may_have_json(remote: dict[str, Any]) -> bool:
    """No map, typed array or error, which JSON would show as {}; no proxy, nor one in it, whose traps would run."""
    inside = (remote.get("preview") or {}).get("properties", ())
    return remote.get("subtype") in _PLAIN_KINDS and all(one.get("subtype") != "proxy" for one in inside)


def _show_exports(owner: NativeIsolate, run: Run, context: Context, remote: dict[str, Any]) -> None:
    """Give a module's namespace the preview of a plain object with its exports."""
    v8 = owner.v8
    receiver = v8.calls.context_global(context.slot)
    copy = v8.call(owner.address, context.slot, context.to_show, receiver, (run.value, run.value))
    shown = errors.wrap(owner, context.slot, copy, "exports") if copy else None
    if shown is not None and "preview" in shown:
        remote["preview"] = shown["preview"] | {"description": "Module"}
    v8.inspector.release_group(owner.sessions.standing.pointer, "exports")


def _json_text(owner: NativeIsolate, context: Context, value: int) -> str:
    """The prelude's JSON of `value`; "" when it has none, or is too large for a report."""
    v8 = owner.v8
    found = v8.call(owner.address, context.slot, context.to_json, v8.calls.context_global(context.slot), (value,))
    text = v8.text(owner.address, found) if found else ""
    return "" if text == "undefined" else text
