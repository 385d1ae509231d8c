"""Whether V8 took a script's code from a code cache, and what that saved. Pure functions on the records."""

from __future__ import annotations

from inspector.states import Capability
from inspector.text import visible
from inspector.units import format_ms
from ui.models.fact import Fact
from ui.models.pool_state import PoolState
from ui.models.records import IsolateRecord, ScriptRecord

__all__ = ["code_cache_fact"]

_NAME = "Code cache"
_USED = "V8 took the code that another isolate had compiled. Both figures are the parsing and compiling of this source."
_NOT_USED = "Its first compile here was from its source. {how}"
_HOW = "Repeat hands a script's code to its other isolates, compile_script(code_cache=) to any; a run alone does not."


def code_cache_fact(state: PoolState, isolate: IsolateRecord, script: ScriptRecord) -> Fact:
    """Used, with what it saved where the same source was compiled without; or not, and why."""
    compiled = script.compiled
    if compiled is None or not (compiled.cached or compiled.cache_refusal):
        host = state.host_of(isolate.isolate_id)
        reason = host.started.capabilities.get(str(Capability.CODE_CACHE), "") if host is not None else ""
        return Fact(_NAME, "not used", _NOT_USED.format(how=visible(reason, 300) or _HOW))
    if not compiled.cached:
        return Fact(_NAME, f"refused: {visible(compiled.cache_refusal, 200)}", "It was compiled from its source.")
    text = "used"
    if (without := _without_ms(state, script)) is not None:
        text += f": {format_ms(compiled.compile_ms)} instead of {format_ms(without)}"
    return Fact(_NAME, text, _USED, figure=True)


def _without_ms(state: PoolState, script: ScriptRecord) -> float | None:
    """How long the same source took V8 without a cache, in the first isolate that has it; None: in none."""
    for isolate in state.isolates.values():
        for context in isolate.contexts.values():
            for one in context.scripts.values():
                same = one.parsed.hash == script.parsed.hash and one.parsed.length == script.parsed.length
                if same and one.compile_ms is not None and not (one.compiled and one.compiled.cached):
                    return one.compile_ms
    return None
