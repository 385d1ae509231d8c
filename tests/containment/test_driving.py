"""How long a runaway is waited for: longer where the machine gives it no processor."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest

from inspector.containment import Limits, case_named, driving, patience
from inspector.containment.watch import Watch
from inspector.errors import GoneError
from inspector.pool import Isolate, Pool
from inspector.sources.reading import source_from_text


class NeverStops:
    """An isolate whose run ends when the test says so."""

    def __init__(self) -> None:
        self.end: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    def run(self, *_: object, **__: object) -> asyncio.Future[Any]:
        return self.end


def runaway(watch: Watch) -> tuple[driving.Runaway, NeverStops]:
    isolate = NeverStops()
    limits = Limits(timeout_s=0.0)
    return driving.Runaway(cast(Pool, None), case_named("endless-loop"), limits, watch, cast(Isolate, isolate)), isolate


@pytest.fixture(autouse=True)
def no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driving, "PATIENCE_S", 0.0)
    monkeypatch.setattr(patience, "LOOK_S", 0.001)


async def test_one_that_had_its_processor_is_given_up_with_that_figure() -> None:
    watch = Watch(1)
    subject, isolate = runaway(watch)
    asyncio.get_running_loop().call_soon(setattr, watch, "cpu_ms", 40_000.0)
    ending = await subject.drive(source_from_text("", "a.js"))
    assert ending.outcome is None and ending.cpu_ms == 40_000.0
    assert isolate.end.cancelled()


async def test_one_that_had_none_is_waited_for() -> None:
    watch = Watch(1)
    watch.cpu_ms = 900.0
    subject, isolate = runaway(watch)
    driven = asyncio.ensure_future(subject.drive(source_from_text("", "a.js")))
    for _ in range(20):
        await asyncio.sleep(0.002)  # looks, all of them in vain
    assert not driven.done()
    isolate.end.set_exception(GoneError("run", "it has ended"))
    with pytest.raises(GoneError):
        await driven


async def test_it_is_not_waited_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driving, "_MOST_PATIENCE_S", 0.0)
    watch = Watch(1)
    watch.cpu_ms = 900.0
    subject, _ = runaway(watch)
    assert (await subject.drive(source_from_text("", "a.js"))).outcome is None
