"""What the facts of a script say of V8's code cache."""

from __future__ import annotations

from inspector.events import ScriptCompiled
from inspector.states import Capability
from tests.ui.made import context, host, isolate, script, settled
from ui.models.fact import Fact
from ui.models.facts import facts_of
from ui.models.pool_state import PoolState


def fact(state: PoolState, isolate_id: int) -> Fact:
    facts = facts_of(state, isolate_id=isolate_id, context_id=1, script_id="7")
    return next(fact for section in facts.sections for fact in section.facts if fact.name == "Code cache")


def two_with_the_same(reason: str = "") -> PoolState:
    state = PoolState()
    capabilities = {str(one): "" for one in Capability} | {str(Capability.CODE_CACHE): reason}
    state.apply([host(capabilities=capabilities)])
    for number in (1, 2):
        state.apply([isolate(number), context(number), script(number)])
    return state


def test_a_run_compiles_from_source_and_says_who_would_not() -> None:
    state = two_with_the_same()
    state.apply([settled()])
    assert fact(state, 1).text == "not used" and "Repeat" in fact(state, 1).meaning
    lacking = two_with_the_same("mini-racer's public API doesn't hand it out")
    assert "doesn't hand it out" in fact(lacking, 1).meaning


def test_what_it_saved_is_against_the_same_source_without_it() -> None:
    state = two_with_the_same()
    state.apply([ScriptCompiled(5, 2, "7", 0.25, True, "")])
    assert fact(state, 2).text == "used"  # nobody compiled it without
    state.apply([ScriptCompiled(6, 1, "7", 2.5, False, "")])
    assert fact(state, 2).text == "used: 0.25 ms instead of 2.5 ms"
    assert fact(state, 1).text == "not used"
    state.apply([settled(isolate_id=2)])  # the run of what is compiled already compiles nothing
    assert state.isolates[2].contexts[1].scripts["7"].compile_ms == 0.25


def test_a_refusal_is_told() -> None:
    state = two_with_the_same()
    state.apply([ScriptCompiled(5, 2, "7", 3.0, False, "it was made by another V8")])
    assert fact(state, 2).text == "refused: it was made by another V8"
