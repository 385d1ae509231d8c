"""CDP's Debugger domain -> events: scripts that V8 parsed, pauses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from inspector.events import Event, IsolatePaused, IsolateResumed, PausedFrame, PausedScope, ScriptParsed
from inspector.states import SourceKind
from inspector.target.facts import INTERNAL_PREFIX, Facts

__all__ = ["TABLE"]

_MOST_FRAMES = 200


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
    frames = tuple(_frame(facts, frame) for frame in (params.get("callFrames") or [])[:_MOST_FRAMES])
    data = params.get("data")
    described = str((data or {}).get("description") or "") if isinstance(data, dict) else ""
    yield IsolatePaused(
        at_us=at_us,
        isolate_id=facts.isolate_id,
        reason=str(params.get("reason") or "other"),
        url=frames[0].url if frames else "",
        line=frames[0].line if frames else 0,
        column=frames[0].column if frames else 0,
        frames=frames,
        breakpoints=tuple(str(one) for one in params.get("hitBreakpoints") or ()),
        detail=described.split("\n", 1)[0][:500],
    )


def _frame(facts: Facts, frame: Mapping[str, Any]) -> PausedFrame:
    location = frame.get("location") or {}
    script_id = str(location.get("scriptId") or "")
    return PausedFrame(
        frame_id=str(frame.get("callFrameId") or ""),
        function=str(frame.get("functionName") or ""),
        url=str(frame.get("url") or facts.url_of(script_id)),
        script_id=script_id,
        line=int(location.get("lineNumber", -1)) + 1,
        column=int(location.get("columnNumber", -1)) + 1,
        scopes=tuple(
            PausedScope(str(scope["type"]), str(scope.get("name") or ""), str(scope["object"].get("objectId") or ""))
            for scope in frame.get("scopeChain") or ()
        ),
    )


def _resumed(facts: Facts, _: Mapping[str, Any], at_us: int) -> Iterator[Event]:
    yield IsolateResumed(at_us, facts.isolate_id)


TABLE: Mapping[str, Callable[[Facts, Mapping[str, Any], int], Iterable[Event]]] = {
    "Debugger.scriptParsed": _script_parsed,
    "Debugger.paused": _paused,
    "Debugger.resumed": _resumed,
}
