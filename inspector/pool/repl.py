"""What a console asks while a person types: which names could come next, and what the input would give.

Nothing asked here has side effects: V8 refuses them (`throwOnSideEffect`), and ends what takes longer than a moment.
Where the engine can't refuse them, only data that lies there is read, and nothing is evaluated.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from inspector.errors import ProtocolError
from inspector.sources.completing import KEYWORDS, asked_in, is_name, path_of
from inspector.states import Capability, IsolateState
from inspector.values import preview_text

if TYPE_CHECKING:
    from inspector.pool.isolate import Isolate

__all__ = ["Completions", "Suggested", "complete", "preview"]

_PATIENCE_MS = 200  # of V8 for one probe
_MOST = 2_000  # suggestions
_GROUP = "probe"
_SERVED = (IsolateState.IDLE, IsolateState.WAITING)
_NONE: Mapping[str, Any] = {}
_WRAPPERS = {"string": "String", "number": "Number", "boolean": "Boolean", "bigint": "BigInt", "symbol": "Symbol"}


class Suggested(Struct, frozen=True):
    """`kind`: "function", "property", "variable" or "keyword". `own`: of the object itself, not of a prototype."""

    name: str
    kind: str
    own: bool = True


class Completions(Struct, frozen=True):
    """What could stand in place of the text from `start` on; own names first, then by name.

    `served`: V8 could be asked; False while a script runs.
    """

    start: int
    names: tuple[Suggested, ...]
    served: bool = True


async def complete(isolate: Isolate, text: str, context_id: int | None = None) -> Completions:
    """The names that could come at the end of `text`; none while a script runs. GoneError."""
    asked = asked_in(text)
    context = isolate.context(context_id, "Complete a name")
    if asked is None or isolate.state not in _SERVED:
        return Completions(len(text), (), served=isolate.state in _SERVED)
    try:
        if asked.base:
            found = _members(await _properties(isolate, await _base(isolate, asked.base, context.context_id)))
        else:
            found = await _in_scope(isolate, context.context_id)
    finally:
        await isolate.send("Runtime.releaseObjectGroup", {"objectGroup": _GROUP})
    wanted = asked.typed.casefold()
    names = [one for one in found if one.name.casefold().startswith(wanted) and one.name != asked.typed]
    names.sort(key=lambda one: (not one.name.startswith(asked.typed), not one.own, one.name.startswith("_"), one.name))
    return Completions(asked.start, tuple(names[:_MOST]))


async def preview(isolate: Isolate, text: str, context_id: int | None = None) -> str:
    """What `text` would give, as one line; "" where V8 can't tell without side effects, or the engine can't at all."""
    context = isolate.context(context_id, "Preview an input")
    if not text.strip() or isolate.state not in _SERVED or isolate.refusal(Capability.PROBES):
        return ""
    try:
        body = text.strip()
        found = _NONE
        if body.startswith("{") and body.endswith("}"):  # an object to whoever types it, as when it is run
            found = await _probe(isolate, f"({body})", context.context_id)
        found = found or await _probe(isolate, text, context.context_id)
        return preview_text(found) if found and found.get("type") != "undefined" else ""
    finally:
        await isolate.send("Runtime.releaseObjectGroup", {"objectGroup": _GROUP})


async def _base(isolate: Isolate, base: str, context_id: int) -> Mapping[str, Any]:
    """The RemoteObject of the expression in front of the dot; a primitive's prototype stands for it."""
    if isolate.refusal(Capability.PROBES):
        names = path_of(base)
        return _NONE if names is None else await _walk(isolate, names, context_id)
    found = await _probe(isolate, base, context_id)
    if found and "objectId" not in found:
        wrapper = _WRAPPERS.get(str(found.get("type")))
        found = await _probe(isolate, f"{wrapper}.prototype", context_id) if wrapper else _NONE
    return found


async def _probe(isolate: Isolate, expression: str, context_id: int) -> Mapping[str, Any]:
    params = {
        "expression": expression,
        "contextId": context_id,
        "throwOnSideEffect": True,
        "timeout": _PATIENCE_MS,
        "disableBreaks": True,
        "silent": True,
        "replMode": True,
        "generatePreview": True,
        "objectGroup": _GROUP,
    }
    try:
        answer = await isolate.send("Runtime.evaluate", params)
    except ProtocolError:  # ended after its time
        return _NONE
    return _NONE if "exceptionDetails" in answer else answer.get("result", _NONE)


async def _global(isolate: Isolate, context_id: int) -> Mapping[str, Any]:
    params = {"expression": "globalThis", "contextId": context_id, "silent": True, "objectGroup": _GROUP}
    answer = await isolate.send("Runtime.evaluate", params)
    return _NONE if "exceptionDetails" in answer else answer.get("result", _NONE)


async def _walk(isolate: Isolate, names: list[str], context_id: int) -> Mapping[str, Any]:
    """Follow properties that hold data; a getter ends the walk."""
    here = await _global(isolate, context_id)
    for name in names:
        properties = await _properties(isolate, here)
        here = next((one.get("value", _NONE) for one in properties if one.get("name") == name), _NONE)
    return here


async def _properties(isolate: Isolate, remote: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """PropertyDescriptors of an object and its prototypes, elements of lists left out."""
    if "objectId" not in remote:
        return []
    params = {"objectId": remote["objectId"], "ownProperties": False, "nonIndexedPropertiesOnly": True}
    try:
        answer = await isolate.send("Runtime.getProperties", params)
    except ProtocolError:  # collected meanwhile
        return []
    return list(answer.get("result", ()))


def _members(properties: list[Mapping[str, Any]]) -> list[Suggested]:
    found: dict[str, Suggested] = {}
    for one in properties:
        name = str(one.get("name", ""))
        if "symbol" not in one and is_name(name):
            kind = "function" if one.get("value", _NONE).get("type") == "function" else "property"
            found.setdefault(name, Suggested(name, kind, bool(one.get("isOwn", False))))
    return list(found.values())


async def _in_scope(isolate: Isolate, context_id: int) -> list[Suggested]:
    found = {one.name: one for one in _members(await _properties(isolate, await _global(isolate, context_id)))}
    if not isolate.refusal(Capability.INSPECTOR):
        answer = await isolate.send("Runtime.globalLexicalScopeNames", {"executionContextId": context_id})
        found |= {str(name): Suggested(str(name), "variable") for name in answer.get("names", ())}
    return list(found.values()) + [Suggested(word, "keyword", False) for word in KEYWORDS if word not in found]
