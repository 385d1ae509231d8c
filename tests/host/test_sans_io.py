"""The host's parts that need no V8: orders and parameters, owners of trace lines, limits of runs, told states."""

from __future__ import annotations

import asyncio
import json
import os
import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.engine.gc_trace import GcLine, HeapSeen
from inspector.errors import LinkError, ProtocolError
from inspector.events import RunHeap, RunReport, RunTimings, ScriptError
from inspector.host import json_text
from inspector.host.clock import now_us
from inspector.host.gc_reader import Owners
from inspector.host.inbox import Inbox
from inspector.host.params import Params
from inspector.host.pending import Pending
from inspector.host.reports import write_report
from inspector.host.runs import Run, Runs, completed_report
from inspector.host.start import read_start_order
from inspector.host.states_told import StateTeller
from inspector.host.timers import Deadline
from inspector.states import IsolateState, Outcome
from inspector.target.reports import read_report

ORDER = {"port": 1, "secret": "0" * 64, "hostId": 3, "letter": "B", "engine": "native", "linkVersion": 1}
WHOLE = st.integers(-(1 << 63), (1 << 64) - 1)


def order_from(text: bytes) -> Any:
    reading, writing = os.pipe()
    try:
        os.write(writing, text)
        os.close(writing)
        return read_start_order(reading)
    finally:
        os.close(reading)


def test_the_start_order_is_read() -> None:
    order = order_from(json.dumps(ORDER).encode() + b"\nmore")
    assert (order.port, order.host_id, order.letter, order.engine) == (1, 3, "B", "native")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "ended before its first line"),
        (b"{}", "ended before its first line"),
        (b"nonsense\n", "no JSON"),
        (b"[]\n", "no JSON object"),
        (json.dumps(ORDER | {"linkVersion": 2}).encode() + b"\n", "link version 2"),
        (json.dumps(ORDER | {"port": 0}).encode() + b"\n", "0 is no port"),
        (json.dumps(ORDER | {"secret": "short"}).encode() + b"\n", "64 hex digits"),
        (json.dumps(ORDER | {"engine": "steam"}).encode() + b"\n", "no engine 'steam'"),
    ],
)
def test_a_bad_start_order_is_refused(text: bytes, words: str) -> None:
    with pytest.raises(LinkError, match=words):
        order_from(text)


@given(
    st.dictionaries(
        st.text(), st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.none())
    )
)
def test_parameters_of_any_kind_are_read_or_refused(raw: dict[str, Any]) -> None:
    params = Params("Test.any", raw)
    for name in raw:
        for read, bounds in ((params.whole, (0, 10)), (params.text, ()), (params.flag, ()), (params.number, (1, 100))):
            try:
                read(name, *bounds)
            except ProtocolError as error:
                assert error.code == -32602


def test_a_refused_parameter_says_what_was_expected() -> None:
    with pytest.raises(ProtocolError, match="hz must be a number from 1 to 100, not 0"):
        Params("Isolate.setSampleRate", {"hz": 0}).number("hz", 1, 100)
    with pytest.raises(ProtocolError, match=r"name is missing. Give a string"):
        Params("Isolate.createContext", {}).text("name")


@given(st.recursive(st.none() | WHOLE | st.text(st.characters()), st.lists))
def test_json_survives_lone_surrogates(value: Any) -> None:
    assert json_text.load(json_text.dump(value)) == value


def test_a_report_survives_the_link() -> None:
    report = RunReport(
        outcome=Outcome.THREW,
        evidence="thrown at line 1",
        result={"type": "object"},
        has_value=True,
        value=[1, None, "\ud800"],
        preview="x",
        error=ScriptError("TypeError", "no", "a.js", 1, 2, "at a.js:1:2", "null.x"),
        timings=RunTimings(1.5, 2.5, None, 0.5),
        heap=RunHeap(1, 2, 3, "gc", 4, 5),
        script_id="7",
    )
    assert read_report(json_text.load(json_text.dump(write_report(report)))) == report


def test_the_peak_of_a_run_is_the_highest_figure_seen() -> None:
    report = RunReport(Outcome.COMPLETED, "", None, False, None, "", None, RunTimings(0, 0, None), None)
    run = Run(1, 1, None, None, peak_bytes=900, peak_from="gc")
    heap = completed_report(report, run, RunHeap(500, 0, 500, "sampled", 1, 2)).heap
    assert heap is not None
    assert (heap.used_bytes, heap.peak_used_bytes, heap.peak_from) == (500, 900, "gc")
    heap = completed_report(report, run, RunHeap(950, 0, 950, "sampled", 1, 2)).heap
    assert heap is not None
    assert (heap.peak_used_bytes, heap.peak_from) == (950, "sampled")
    assert completed_report(report, run, None).heap is None


def line(address: int, serial: int) -> GcLine:
    return GcLine(address, serial, 1, 0, 1, 1, 1)


def test_a_reused_address_is_told_apart_by_its_serial() -> None:
    owners = Owners()
    owners.born(1, 0xA)
    assert owners.owner(line(0xA, 0), 0) == 1
    owners.ended(1)
    owners.born(2, 0xA)
    assert owners.owner(line(0xA, 0), 0) is None  # late words of the first
    assert owners.owner(line(0xA, 1), 0) == 2
    assert owners.owner(line(0xA, 1), 0) == 2


def test_lines_before_the_birth_is_told_are_kept() -> None:
    owners = Owners()
    early = line(0xB, 4)
    assert owners.owner(early, 77) is None
    assert owners.born(9, 0xB) == [(early, 77)]
    assert owners.owner(early, 77) == 9


def test_without_addresses_the_order_of_birth_decides() -> None:
    owners = Owners()
    assert owners.owner(HeapSeen(0xC, 0, 1), 5) is None
    assert [owners.owner(seen, at) for seen, at in owners.born(1, 0)] == [1]
    owners.born(2, 0)
    assert owners.owner(line(0xD, 1), 0) == 2
    assert owners.owner(line(0xC, 0), 0) == 1


def test_pending_commands_are_found_in_v8s_answers() -> None:
    pending = Pending()
    for command_id in (1, 22, 333, None):
        pending.add(command_id)
    pending.saw(b'{"id":22,"result":{}}')
    pending.saw(b'{"method":"Runtime.consoleAPICalled","params":{"id":1,}}')
    pending.saw(b'{"id":"x",')
    assert pending.answered(1)
    assert not pending.answered(1)
    assert pending.take_all() == [333]
    assert len(pending) == 0


async def test_many_puts_of_many_threads_arrive_in_order_with_few_wake_ups() -> None:
    loop = asyncio.get_running_loop()
    inbox, got, done = Inbox(loop), [], asyncio.Event()

    def take(thread: int, number: int) -> None:
        got.append((thread, number))
        if len(got) == 4000:
            done.set()

    def put_all(thread: int) -> None:
        for number in range(1000):
            inbox.put(take, thread, number)

    threads = [threading.Thread(target=put_all, args=(t,)) for t in range(4)]
    for thread in threads:
        thread.start()
    await asyncio.wait_for(done.wait(), 10)
    for thread in threads:
        thread.join()
    for t in range(4):
        assert [n for thread, n in got if thread == t] == list(range(1000))


async def test_a_call_that_fails_does_not_stop_the_inbox() -> None:
    inbox, done = Inbox(asyncio.get_running_loop()), asyncio.Event()
    inbox.put([].pop)
    inbox.put(done.set)
    await asyncio.wait_for(done.wait(), 5)


class Stops:
    """Collects what `Runs` stops, and waits for it."""

    def __init__(self) -> None:
        self.stopped: asyncio.Queue[tuple[int, Outcome, str]] = asyncio.Queue()
        self.cpu = 0
        self.runs = Runs(asyncio.get_running_loop(), lambda *args: self.stopped.put_nowait(args), lambda _: self.cpu)


async def test_a_timeout_ends_a_run_and_says_so_again() -> None:
    stops = Stops()
    stops.runs.add(Run(5, 1, 30_000, None))
    stops.runs.started(5, now_us())
    run_id, outcome, evidence = await asyncio.wait_for(stops.stopped.get(), 5)
    assert (run_id, outcome) == (5, Outcome.TIMED_OUT)
    assert "limit 0.03 s" in evidence
    assert (await asyncio.wait_for(stops.stopped.get(), 5))[0] == 5
    assert stops.runs.settled(5) is not None
    assert stops.runs.settled(5) is None


async def test_the_wall_clock_stands_still_while_paused() -> None:
    stops = Stops()
    started = now_us()
    stops.runs.add(Run(1, 1, 50_000, None))
    stops.runs.started(1, started)
    stops.runs.paused(started)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(stops.stopped.get(), 0.15)
    stops.runs.resumed(now_us())
    resumed = now_us()
    await asyncio.wait_for(stops.stopped.get(), 5)
    assert now_us() - resumed > 40_000
    stops.runs.close()


async def test_a_cpu_limit_counts_the_threads_own_time() -> None:
    stops = Stops()
    stops.cpu = 10_000
    stops.runs.add(Run(1, 1, None, 20_000))
    stops.runs.started(1, now_us())
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(stops.stopped.get(), 0.1)
    stops.cpu += 15_000
    _, outcome, evidence = await asyncio.wait_for(stops.stopped.get(), 5)
    assert outcome is Outcome.CPU_LIMIT
    assert "0.025 s of CPU time (limit 0.02 s)" in evidence
    stops.runs.close()


async def test_a_run_that_waits_in_line_has_no_clock() -> None:
    stops = Stops()
    stops.runs.add(Run(1, 1, 1000, None))
    assert stops.runs.newest_started() is None
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(stops.stopped.get(), 0.05)
    assert [run.run_id for run in stops.runs.close()] == [1]


async def test_short_runs_of_a_timer_are_not_told() -> None:
    told: list[IsolateState] = []
    long_run = asyncio.Event()

    def tell(state: IsolateState, _at_us: int, _reason: str) -> None:
        told.append(state)
        if state is IsolateState.RUNNING:
            long_run.set()

    states = StateTeller(asyncio.get_running_loop(), tell)
    states.changed(IsolateState.WAITING, 0, "")
    for _ in range(5):
        states.changed(IsolateState.RUNNING, 0, "")
        states.changed(IsolateState.WAITING, 0, "")
    assert told == [IsolateState.WAITING]
    states.changed(IsolateState.RUNNING, 0, "")
    await asyncio.wait_for(long_run.wait(), 5)
    states.changed(IsolateState.IDLE, 0, "")
    assert told == [IsolateState.WAITING, IsolateState.RUNNING, IsolateState.IDLE]


async def test_the_latest_deadline_counts() -> None:
    fired = asyncio.Event()
    deadline = Deadline(asyncio.get_running_loop(), fired.set)
    deadline.set(now_us() + 3_600_000_000)
    deadline.set(now_us() - 5)
    await asyncio.wait_for(fired.wait(), 5)
    fired.clear()
    deadline.set(now_us() + 1000)
    deadline.set(None)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(fired.wait(), 0.05)
