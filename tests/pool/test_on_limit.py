"""What becomes of an isolate after its memory limit: kept, disposed, replaced; and the smallest limit there is."""

from __future__ import annotations

import pytest

from inspector.errors import GoneError, UsageError
from inspector.events import IsolateCreated, IsolateEnded, LimitHit, RunSettled
from inspector.pool import Pool
from inspector.sources import source_from_text
from inspector.states import IsolateState, Outcome
from tests.pool.recorder import Recorder

GROWS = source_from_text("const kept = []; for (;;) kept.push({});", "grows.js")
LIMIT = "16 MiB"


async def test_kept_it_is_usable_again(pool: Pool, events: Recorder) -> None:
    isolate = await pool.create_isolate(memory_limit=LIMIT)
    report = await isolate.run(GROWS)
    assert report.outcome is Outcome.HEAP_LIMIT
    assert (await isolate.evaluate("1 + 1")).value == 2
    assert events.of(LimitHit) and not events.of(IsolateEnded)


async def test_disposed_after_its_run_has_settled(pool: Pool, events: Recorder) -> None:
    isolate = await pool.create_isolate(memory_limit=LIMIT, on_limit="dispose")
    report = await isolate.run(GROWS)
    assert report.outcome is Outcome.HEAP_LIMIT
    ended = await events.heard(IsolateEnded)
    assert ended.state is IsolateState.DISPOSED
    assert "memory limit" in ended.reason and "dispose" in ended.reason
    assert events.index(events.of(RunSettled)[0]) < events.index(ended)
    with pytest.raises(GoneError, match="memory limit"):
        await isolate.evaluate("1")


async def test_replaced_by_the_same_again(pool: Pool, events: Recorder) -> None:
    old = await pool.create_isolate(name="worker", memory_limit=LIMIT, on_limit="replace", prelude="bare")
    assert (await old.run(source_from_text("globalThis.mark = 1", "mark.js"))).outcome is Outcome.COMPLETED
    assert (await old.run(GROWS)).outcome is Outcome.HEAP_LIMIT
    created = await events.heard(IsolateCreated, lambda event: event.replaces_isolate_id == old.isolate_id)
    assert created.name == "worker" and created.on_limit == "replace"
    fresh = pool.isolate(created.isolate_id)
    assert fresh.settings == old.settings
    assert (await fresh.evaluate("typeof mark + typeof setTimeout")).value == "undefinedundefined"


async def test_replaced_on_request(pool: Pool, events: Recorder) -> None:
    old = await pool.create_isolate(name="worker", host="own")
    fresh = await pool.replace_isolate(old.isolate_id)
    assert (fresh.name, fresh.isolate_id != old.isolate_id) == ("worker", True)
    assert events.of(IsolateEnded)[0].reason == "replaced"
    with pytest.raises(GoneError):
        await pool.replace_isolate(old.isolate_id)


async def test_smallest_limit_works_and_holds(pool: Pool) -> None:
    isolate = await pool.create_isolate(memory_limit="8 MiB")
    kept = await isolate.run(
        source_from_text("const list = Array.from({length: 2e4}, (_, i) => ({i})); list.length", "kept.js")
    )
    assert (kept.outcome, kept.value) == (Outcome.COMPLETED, 20000)
    assert (await isolate.run(GROWS)).outcome is Outcome.HEAP_LIMIT
    assert (await isolate.evaluate("list.length")).value == 20000


async def test_an_unknown_choice_is_refused(pool: Pool) -> None:
    with pytest.raises(UsageError, match="keep, replace, dispose"):
        await pool.create_isolate(on_limit="explode")  # type: ignore[arg-type]
