"""What an object holds, a level at a time: properties, V8's internal ones, long lists in ranges, getters on demand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import resources
from inspector.errors import ProtocolError
from inspector.states import Capability
from inspector.values import Member

if TYPE_CHECKING:
    from inspector.pool.isolate import Isolate

__all__ = ["RANGE", "members", "read_getter"]

RANGE = 100  # elements of a list that come at once
_SIZED = re.compile(r"\((\d+)\)\Z")
_LISTS = ("array", "typedarray")
_NONE: Mapping[str, Any] = {}


async def members(isolate: Isolate, remote: Mapping[str, Any], first: int = 0, last: int = 0) -> list[Member]:
    """What an object holds: of a range `first` to `last` its elements (or smaller ranges), else everything of its own.

    A list longer than `RANGE` comes as ranges, each made of at most `RANGE` parts. Price: V8 can't page through the
    names of an object, nor through the entries of a Map. ProtocolError when V8 has let go of the object.
    """
    if last:
        if last - first > RANGE:
            return _ranges(remote, first, last)
        return await _elements(isolate, remote, first, last)
    size = _size(remote)
    long = size > RANGE
    params = {
        "objectId": remote["objectId"],
        "ownProperties": True,
        "generatePreview": True,
        "nonIndexedPropertiesOnly": long,
    }
    answer = await isolate.send("Runtime.getProperties", params)
    found = _ranges(remote, 0, size) if long else []
    found += [_member(one, str(remote["objectId"])) for one in answer.get("result", ())]
    found += [Member(str(one["name"]), "property", one.get("value", _NONE))
              for one in answer.get("privateProperties", ())]  # fmt: skip
    found += [Member(str(one["name"]), "internal", one["value"])
              for one in answer.get("internalProperties", ()) if "value" in one]  # fmt: skip
    return found


async def read_getter(isolate: Isolate, member: Member) -> Mapping[str, Any]:
    """The value of a getter, which runs now: a RemoteObject, or that of what it threw. ProtocolError."""
    isolate.require(Capability.EVALUATE, "Read the getter")
    answer = await _call(isolate, "read.js", member.owner_id, [dict(member.key or {})], preview=True)
    thrown = answer.get("exceptionDetails")
    found: Mapping[str, Any] = answer.get("result", _NONE) if thrown is None else thrown.get("exception", _NONE)
    return found


def _member(one: Mapping[str, Any], owner_id: str) -> Member:
    name = str(one.get("name", "?"))
    if "value" in one:
        return Member(name, "property", one["value"])
    symbol = one.get("symbol")
    key = {"value": name} if symbol is None else {"objectId": symbol["objectId"]}
    readable = one.get("get", _NONE).get("type") == "function"
    return Member(name, "getter" if readable else "property", _NONE, owner_id, key)


def _size(remote: Mapping[str, Any]) -> int:
    """The length of a list, as V8 describes it ("Array(3)"); 0 for what is none."""
    if remote.get("subtype") not in _LISTS:
        return 0
    found = _SIZED.search(str(remote.get("description", "")))
    return 0 if found is None else int(found[1])


def _ranges(remote: Mapping[str, Any], first: int, last: int) -> list[Member]:
    step = RANGE
    while (last - first) / step > RANGE:
        step *= RANGE
    return [
        Member(f"[{at:,} … {min(at + step, last) - 1:,}]", "range", remote, first=at, last=min(at + step, last))
        for at in range(first, last, step)
    ]


async def _elements(isolate: Isolate, remote: Mapping[str, Any], first: int, last: int) -> list[Member]:
    object_id = str(remote["objectId"])
    answer = await _call(isolate, "range.js", object_id, [{"value": first}, {"value": last}], preview=False)
    part = answer.get("result", _NONE)
    if "exceptionDetails" in answer or "objectId" not in part:
        raise ProtocolError("Read a range of a list", "an element of it threw when it was read")
    params = {"objectId": part["objectId"], "ownProperties": True, "generatePreview": True}
    found = await isolate.send("Runtime.getProperties", params)
    return [_member(one, object_id) for one in found.get("result", ())]


async def _call(
    isolate: Isolate, script: str, object_id: str, arguments: list[dict[str, Any]], *, preview: bool
) -> Mapping[str, Any]:
    params = {
        "functionDeclaration": resources.text(f"js/inspector/{script}"),
        "objectId": object_id,
        "arguments": arguments,
        "silent": True,
        "generatePreview": preview,
    }
    return await isolate.send("Runtime.callFunctionOn", params)
