"""Isolates through the pool: birth, evaluation, properties, garbage, end, and every refusal of bad input."""

from __future__ import annotations

import asyncio

import pytest

from inspector.errors import GoneError, IsolateDisposedError, LimitError, ProtocolError, UsageError
from inspector.events import (
    ConsoleWritten,
    ContextCreated,
    Event,
    HostStarted,
    HostStateChanged,
    IsolateCreated,
    IsolateEnded,
    IsolateStateChanged,
    SampleBatchArrived,
)
from inspector.pool import Isolate, Pool
from inspector.states import HostState, IsolateState, Outcome
from tests.pool.recorder import Recorder


async def test_a_birth_is_told_in_order(pool: Pool, events: Recorder) -> None:
    isolate = await pool.create_isolate(name="mine", memory_limit="64 MiB")
    told = [type(event) for event in events if not isinstance(event, SampleBatchArrived)]  # samples go ahead of words
    assert told[:4] == [HostStarted, HostStateChanged, IsolateCreated, ContextCreated]
    started = events.of(HostStarted)[0]
    assert (started.engine, started.engine_reason) == (pool.engine_choice.name, "asked for")
    created = events.of(IsolateCreated)[0]
    assert (created.name, created.memory_limit_bytes, created.alone) == ("mine", 64 << 20, False)
    assert created.v8_limit_bytes > 0
    assert created.birth.host_start_ms and created.birth.isolate_ms > 0
    assert events.of(ContextCreated)[0].context_id == isolate.default_context_id
    assert isolate.state is IsolateState.IDLE
    assert pool.isolate(isolate.isolate_id) is isolate
    assert pool.hosts[isolate.host_id].state is HostState.READY


async def test_the_second_isolate_shares_the_host_and_has_a_heap_of_its_own(pool: Pool, isolate: Isolate) -> None:
    other = await pool.create_isolate()
    assert other.host_id == isolate.host_id
    await isolate.evaluate("var here = 1")
    assert (await other.evaluate("typeof here")).value == "undefined"
    assert (await isolate.evaluate("here")).value == 1


async def test_evaluation_gives_value_and_preview_and_never_raises(isolate: Isolate) -> None:
    report = await isolate.evaluate("[1, 'a'].length + 40")
    assert (report.outcome, report.value, report.preview) == (Outcome.COMPLETED, 42, "42")
    thrown = await isolate.evaluate("throw new RangeError('too far')")
    assert thrown.outcome is Outcome.THREW
    assert thrown.error is not None
    assert (thrown.error.name, thrown.error.message) == ("RangeError", "too far")
    syntax = await isolate.evaluate("let = = 3")
    assert syntax.error is not None
    assert syntax.error.name == "SyntaxError"


async def test_a_lone_surrogate_cannot_travel_and_is_told(isolate: Isolate) -> None:
    report = await isolate.evaluate("'\ud800'")
    assert report.outcome is Outcome.THREW
    assert (await isolate.evaluate("1")).value == 1


async def test_console_lines_come_before_the_report_and_know_their_run(isolate: Isolate, events: Recorder) -> None:
    await isolate.evaluate("for (let i = 0; i < 50; i++) console.log(i); console.warn('w')")
    lines = events.of(ConsoleWritten)
    assert [line.args[0].get("value") for line in lines] == [*range(50), "w"]
    assert lines[-1].level == "warning"
    assert {line.run_id for line in lines} == {1}


async def test_samples_arrive_and_placement_learns_from_them(pool: Pool, isolate: Isolate, events: Recorder) -> None:
    await isolate.evaluate("globalThis.kept = Array.from({length: 2e5}, (_, i) => ({i}))")
    host = pool.hosts[isolate.host_id]
    await events.heard(SampleBatchArrived, lambda _: host.load().used_bytes > 1 << 20)
    load = host.load()
    assert load.isolates == 1
    assert load.used_bytes < 64 << 20


async def test_garbage_is_collected(isolate: Isolate) -> None:
    await isolate.evaluate("globalThis.kept = new Array(1e6).fill(0).map((_, i) => ({i})); kept.length")
    await isolate.evaluate("kept = null")
    before, after, ms = await isolate.collect_garbage()
    assert before > 0
    assert after > 0
    assert ms >= 0


async def test_properties_of_a_logged_object(isolate: Isolate, events: Recorder) -> None:
    await isolate.evaluate("console.log({a: 1, b: 'x'})")
    object_id = events.of(ConsoleWritten)[0].args[0]["objectId"]
    for _ in range(2):  # what is evaluated afterwards takes no logged object away
        names = {one["name"] for one in await isolate.get_properties(object_id)}
        assert {"a", "b"} <= names
        await isolate.evaluate("({another: 'result'})")


async def test_unknown_methods_and_objects_are_protocol_errors(isolate: Isolate) -> None:
    with pytest.raises(ProtocolError):
        await isolate.send("No.such", {})
    with pytest.raises(ProtocolError):
        await isolate.get_properties("nonsense")
    assert (await isolate.evaluate("1")).value == 1


async def test_sample_rates_out_of_range_are_refused(isolate: Isolate) -> None:
    for hz in (0, -1, 101, float("nan")):
        with pytest.raises(UsageError):
            await isolate.set_sample_rate(hz)
    await isolate.set_sample_rate(50)


async def test_the_end_is_told_last_with_its_ledger(pool: Pool, isolate: Isolate, events: Recorder) -> None:
    await isolate.dispose()
    await isolate.dispose()
    ended = [event for event in events if getattr(event, "isolate_id", None) == isolate.isolate_id][-1]
    assert isinstance(ended, IsolateEnded)
    assert ended.state is IsolateState.DISPOSED
    assert ended.ledger is not None
    assert ended.ledger.resident_before_bytes > 0
    assert isolate.state is IsolateState.DISPOSED
    assert not isolate.contexts
    with pytest.raises(IsolateDisposedError):
        await isolate.evaluate("1")
    with pytest.raises(GoneError):
        pool.isolate(isolate.isolate_id)


async def test_dispose_while_a_script_loops(isolate: Isolate, events: Recorder) -> None:
    looping = asyncio.ensure_future(isolate.evaluate("for (;;);"))
    waiting = asyncio.ensure_future(isolate.evaluate("1"))
    asking = asyncio.ensure_future(isolate.send("Runtime.getHeapUsage"))
    await events.heard(IsolateStateChanged, lambda event: event.state is IsolateState.RUNNING)
    await asyncio.gather(isolate.dispose(), isolate.dispose())
    assert (await looping).outcome is Outcome.CANCELLED
    assert (await waiting).outcome is Outcome.CANCELLED
    with pytest.raises((GoneError, ProtocolError)):
        await asking
    assert isinstance(events[-1], IsolateEnded | SampleBatchArrived)


async def test_an_isolate_alone_has_a_host_that_goes_with_it(pool: Pool, events: Recorder) -> None:
    isolate = await pool.create_isolate(host="own")
    shared = await pool.create_isolate()
    assert isolate.host_id != shared.host_id
    assert events.of(IsolateCreated)[0].alone
    with pytest.raises(UsageError, match="alone"):
        await pool.create_isolate(host=isolate.host_id)
    await isolate.dispose()
    closed = await events.heard(HostStateChanged, lambda event: event.state is HostState.CLOSED)
    assert closed.host_id == isolate.host_id
    assert (await shared.evaluate("1")).value == 1


async def test_a_host_can_be_named(pool: Pool, isolate: Isolate) -> None:
    other = await pool.create_isolate(host=isolate.host_id)
    assert other.host_id == isolate.host_id
    for unknown in (99, "elsewhere", None, True):
        with pytest.raises(UsageError, match="no host process"):
            await pool.create_isolate(host=unknown)  # type: ignore[arg-type]


async def test_bad_wishes_start_nothing(pool: Pool, isolate: Isolate) -> None:
    for limit in ("lots", "64", 0, -1, "1 MiB", "9 GiB"):
        with pytest.raises(UsageError):
            await pool.create_isolate(memory_limit=limit)
    with pytest.raises(UsageError, match="in use"):
        await pool.create_isolate(name=isolate.name)
    with pytest.raises(UsageError, match="prelude"):
        await pool.create_isolate(prelude="node")
    assert len(pool.isolates) == 1
    await isolate.dispose()
    assert (await pool.create_isolate(name=isolate.name)).name == isolate.name


async def test_two_births_of_one_name_at_once(pool: Pool) -> None:
    results = await asyncio.gather(*(pool.create_isolate(name="twin") for _ in range(3)), return_exceptions=True)
    assert sum(isinstance(result, Isolate) for result in results) == 1
    assert sum(isinstance(result, UsageError) for result in results) == 2


async def test_a_host_that_is_full_is_left_for_another(engine: str) -> None:
    async with Pool(engine=engine, max_isolates_per_host=2) as pool:
        isolates = await asyncio.gather(*(pool.create_isolate() for _ in range(5)))
        assert sorted(isolate.host_id for isolate in isolates) == [1, 1, 2, 2, 3]
        with pytest.raises(LimitError, match="2 is the most"):
            await pool.create_isolate(host=1)


async def test_large_headroom_leaves_no_room_for_a_second_use_of_the_cage(pool: Pool, events: Recorder) -> None:
    large = await pool.create_isolate(memory_limit="2.5 GiB")
    await large.evaluate("globalThis.kept = Array.from({length: 2e5}, (_, i) => ({i}))")
    await events.heard(SampleBatchArrived, lambda _: pool.hosts[large.host_id].load().used_bytes > 1 << 20)
    other = await pool.create_isolate(memory_limit="2.5 GiB")
    assert other.host_id != large.host_id


async def test_a_latecomer_hears_what_lives(pool: Pool, isolate: Isolate) -> None:
    gone = await pool.create_isolate()
    await gone.dispose()
    late: list[Event] = []
    pool.subscribe(late.append)
    assert isinstance(late[0], HostStarted)
    assert [event.isolate_id for event in late if isinstance(event, IsolateCreated)] == [isolate.isolate_id]
    assert [event.context_id for event in late if isinstance(event, ContextCreated)] == [isolate.default_context_id]
    states = [event.state for event in late if isinstance(event, IsolateStateChanged)]
    assert states == [IsolateState.IDLE]


async def test_a_birth_whose_waiter_left_is_undone(pool: Pool, events: Recorder) -> None:
    await pool.warm_up()
    task = asyncio.ensure_future(pool.create_isolate(name="nobody's"))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await pool.create_isolate()
    if any(event.name == "nobody's" for event in events.of(IsolateCreated)):
        await events.heard(IsolateEnded)
    assert len(pool.isolates) == 1
