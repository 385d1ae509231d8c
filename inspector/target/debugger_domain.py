"""CDP's Debugger domain -> events: scripts that V8 parsed, pauses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from inspector.events import Event, IsolatePaused, IsolateResumed, ScriptParsed
from inspector.states import SourceKind
from inspector.target.facts import INTERNAL_PREFIX, Facts

__all__ = ["TABLE"]


def _script_parsed(facts: Facts, params: Mapping[str, Any], at_us: int) -> Iterator[Event]:
    script_id = str(params["scriptId"])
    url = str(params.get("url") or "")
    context_id = int(params["executionContextId"])
    length = int(params.get("length") or 0)
    if not facts.remember_url(script_id, url):
        return  # a script that was compiled apart: V8 tells of it again each time it is bound to a context
    yield ScriptParsed(
        at_us=at_us,
        isolate_id=facts.isolate_id,
        context_id=context_id,
        script_id=script_id,
        url=url,
        path=_path(facts, context_id, url, length, renamed=params.get("hasSourceURL") is True),
        length=length,
        hash=str(params.get("hash") or ""),
        kind=SourceKind.MODULE if params.get("isModule") is True else SourceKind.SCRIPT,
        internal=url.startswith(INTERNAL_PREFIX),
    )


def _path(facts: Facts, context_id: int, url: str, length: int, *, renamed: bool) -> str:
    """The real file: never taken from the label when the script named itself."""
    if renamed:
        return facts.runs.path_by_length(context_id, length)
    return facts.runs.path_of(context_id, url) or facts.paths.get(url, "")


def _paused(facts: Facts, params: Mapping[str, Any], at_us: int) -> Iterator[Event]:
    frames = params.get("callFrames") or []
    top = frames[0] if frames else {}
    location = top.get("location") or {}
    url = str(top.get("url") or facts.url_of(str(location.get("scriptId") or "")))
    yield IsolatePaused(
        at_us=at_us,
        isolate_id=facts.isolate_id,
        reason=str(params.get("reason") or "other"),
        url=url,
        line=int(location.get("lineNumber", -1)) + 1,
        column=int(location.get("columnNumber", -1)) + 1,
    )


def _resumed(facts: Facts, _: Mapping[str, Any], at_us: int) -> Iterator[Event]:
    yield IsolateResumed(at_us, facts.isolate_id)


TABLE: Mapping[str, Callable[[Facts, Mapping[str, Any], int], Iterable[Event]]] = {
    "Debugger.scriptParsed": _script_parsed,
    "Debugger.paused": _paused,
    "Debugger.resumed": _resumed,
}
