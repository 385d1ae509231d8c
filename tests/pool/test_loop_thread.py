"""The one door between threads."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from inspector.errors import EngineError, UsageError
from inspector.pool import LoopThread


@pytest.fixture
def thread() -> Iterator[LoopThread]:
    made = LoopThread("test pool")
    made.start()
    yield made
    made.stop()


async def answer() -> tuple[int, str]:
    return 42, threading.current_thread().name


def test_a_coroutine_runs_on_the_thread_and_answers_here(thread: LoopThread) -> None:
    assert thread.submit(answer()).result(30) == (42, "test pool")


def test_what_it_raises_is_raised_here(thread: LoopThread) -> None:
    async def fail() -> None:
        raise UsageError("Try", "it fails")

    with pytest.raises(UsageError, match="it fails"):
        thread.submit(fail()).result(30)


def test_calls_from_many_threads_at_once_all_arrive(thread: LoopThread) -> None:
    results: list[int] = []

    def call() -> None:
        results.extend(thread.submit(answer()).result(10)[0] for _ in range(50))

    callers = [threading.Thread(target=call) for _ in range(8)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert results == [42] * 400


def test_its_own_loop_is_refused(thread: LoopThread) -> None:
    async def ask_itself() -> list[str]:
        refused = []
        for ask in (lambda: thread.submit(answer()), lambda: thread.call_soon(print), thread.stop):
            with pytest.raises(UsageError) as caught:
                ask()
            refused.append(caught.value.cause)
        return refused

    assert all("itself" in cause for cause in thread.submit(ask_itself()).result(30))


def test_before_start_and_after_stop_it_is_refused() -> None:
    thread = LoopThread()
    with pytest.raises(UsageError):
        thread.submit(answer())
    thread.stop()
    thread.start()
    with pytest.raises(UsageError):
        thread.start()
    thread.stop()
    thread.stop()
    with pytest.raises(UsageError):
        thread.submit(answer())
    with pytest.raises(UsageError):
        thread.call_soon(print)


def test_stopping_cancels_what_runs_and_waits_for_its_cleaning_up() -> None:
    thread = LoopThread()
    thread.start()
    began, cleaned = threading.Event(), threading.Event()

    async def work() -> None:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            cleaned.set()

    future = thread.submit(work())
    assert began.wait(30)
    thread.stop()
    assert cleaned.is_set()
    assert future.cancelled()


def test_its_worker_threads_end_with_it() -> None:
    thread = LoopThread()
    thread.start()

    async def work() -> str:
        return await asyncio.to_thread(lambda: threading.current_thread().name)

    worker = thread.submit(work()).result(30)
    thread.stop()
    assert worker not in {one.name for one in threading.enumerate()}


def test_a_loop_that_is_stuck_is_told() -> None:
    thread = LoopThread("stuck")
    thread.start()
    release = threading.Event()
    thread.call_soon(release.wait)
    with pytest.raises(EngineError, match="stuck"):
        thread.stop(0.05)
    release.set()
    thread.stop()
