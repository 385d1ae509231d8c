"""Run a source, a compiled script or a module and bring its result to Python: by value, as a reference, as a copy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

import resources
from inspector.clone import BigInt, undefined
from inspector.errors import GoneError, LimitError, UnsupportedError, UsageError
from inspector.events import RunReport
from inspector.pool.outcomes import Limits, raise_for
from inspector.sources.source import Source
from inspector.states import Capability, SourceKind

if TYPE_CHECKING:
    from inspector.pool.context import Context
    from inspector.pool.external_copy import ExternalCopy
    from inspector.pool.reference import Reference
    from inspector.pool.script import Script

__all__ = ["Result", "evaluate", "run_script", "wanted"]

Result = Literal["value", "reference", "external_copy"]


def wanted(result: str) -> Result:
    """UsageError for a word that is none."""
    if result not in get_args(Result):
        raise UsageError("Bring a result", f'result can\'t be "{result}"', f"Known: {', '.join(get_args(Result))}.")
    return cast(Result, result)


async def evaluate(context: Context, source: Source, limits: Limits, result: Result) -> Any:
    """See `Context.evaluate`."""
    report = await context.isolate.run(
        source, context_id=context.context_id, timeout_s=limits.timeout_s, cpu_limit_s=limits.cpu_limit_s
    )
    action = f"Run {source.path.name if source.path else source.url}"
    raise_for(report, action, limits)
    return await _bring(context, report, limits, result, is_module=source.kind is SourceKind.MODULE)


async def run_script(script: Script, context: Context, limits: Limits, result: Result) -> Any:
    """See `Script.run`."""
    report = await script.run_report(
        context_id=context.context_id, timeout_s=limits.timeout_s, cpu_limit_s=limits.cpu_limit_s
    )
    raise_for(report, f"Run {script.url}", limits)
    return await _bring(context, report, limits, result, is_module=False)


async def _bring(context: Context, report: RunReport, limits: Limits, result: Result, *, is_module: bool) -> Any:
    remote = report.result
    object_id = None if remote is None else remote.get("objectId")
    isolate = context.isolate
    if isolate.refusal(Capability.REFERENCES) and not (result == "value" and _is_plain(remote)):
        return _json(context, report, result)
    if object_id is None and remote is not None and not _is_whole(remote):
        cause = f"the engine can't hand this value over: {report.preview}"
        raise UnsupportedError("Bring a result", cause, "Put it in an object: ({value: ...}).")
    if object_id is None:
        return await _primitive(context, report, result)
    if is_module and result != "reference":
        object_id = await _exports(context, object_id)
    reference = await isolate.values.hold(object_id, context.context_id, timeout_s=limits.timeout_s)
    if result == "reference":
        return reference
    try:
        if result == "external_copy":
            return await reference.copy(timeout_s=limits.timeout_s)
        return await reference.value(timeout_s=limits.timeout_s)
    finally:
        reference.release()


async def _exports(context: Context, object_id: str) -> str:
    params = {
        "objectId": object_id,
        "functionDeclaration": resources.text("js/values/exports.js"),
        "objectGroup": "values",
    }
    answer = await context.isolate.send("Runtime.callFunctionOn", params)
    found = (answer.get("result") or {}).get("objectId")
    if not isinstance(found, str):
        raise GoneError("Bring a module's exports", "V8 has let go of them", "Run it again.")
    return found


async def _primitive(context: Context, report: RunReport, result: Result) -> Reference | ExternalCopy | Any:
    value = _primitive_of(report.result or {"type": "undefined"}, report)
    if result == "value":
        return value
    copy = context.isolate.values.external_copy(value)
    if result == "external_copy":
        return copy
    try:
        return await copy.into(context)
    finally:
        copy.release()


def _primitive_of(remote: Mapping[str, Any], report: RunReport) -> Any:
    """The Python value of a RemoteObject without an objectId."""
    special = remote.get("unserializableValue")
    if special is not None:
        return BigInt(special[:-1]) if special.endswith("n") else float(special.replace("Infinity", "inf"))
    kind = remote.get("type")
    if kind == "string" and not report.has_value:
        cause = "it is a string of more than 8 million characters, of which a report holds the beginning"
        raise LimitError("Bring a result", cause, "Give it inside of an object or a list: that is copied whole.")
    return undefined if kind == "undefined" else remote.get("value")


def _is_plain(remote: Mapping[str, Any] | None) -> bool:
    """A primitive that its RemoteObject holds whole."""
    return remote is None or "unserializableValue" in remote or remote.get("type") in ("undefined", "number", "boolean")


def _is_whole(remote: Mapping[str, Any]) -> bool:
    """A primitive that is told by its value; what mini-racer can't convert has a description alone."""
    return _is_plain(remote) or "value" in remote or remote.get("subtype") == "null"


def _json(context: Context, report: RunReport, result: Result) -> Any:
    """What an engine without references can: a value that has JSON."""
    reason = context.isolate.refusal(Capability.REFERENCES)
    if result != "value":
        raise UnsupportedError(f"Bring a result as {result}", reason, "Use the V8 inspector engine.")
    if not report.has_value:
        cause = f"{reason}, and the result has no JSON: {report.preview}"
        raise UnsupportedError("Bring a result", cause, "Give plain objects, lists, strings and numbers.")
    return report.value
