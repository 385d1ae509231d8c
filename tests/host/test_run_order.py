"""A run is known before its engine has it: V8's thread may answer it at once."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest

from inspector.engine.port import RunRequest
from inspector.host.isolate import Isolate
from inspector.host.isolate_commands import IsolateCommands
from inspector.host.params import Params
from inspector.host.runs import Runs

ASKED = {"runId": 5, "contextId": 1, "source": "1", "url": "", "kind": "script"}


def commands() -> IsolateCommands:
    return IsolateCommands(cast(Any, None), cast(Any, None), cast(Any, None))


async def test_an_engine_that_answers_at_once_finds_its_run() -> None:
    runs = Runs(asyncio.get_running_loop(), lambda *_: None, lambda _: None)
    found: list[int | None] = []

    def run(request: RunRequest) -> None:
        known = runs.find(request.run_id)
        found.append(None if known is None else known.command_id)

    isolate = cast(Isolate, SimpleNamespace(runs=runs, engine=SimpleNamespace(run=run)))
    commands().table["Isolate.run"](isolate, 77, Params("Isolate.run", ASKED))
    assert found == [77]


async def test_a_run_that_the_engine_refuses_is_forgotten() -> None:
    runs = Runs(asyncio.get_running_loop(), lambda *_: None, lambda _: None)

    def run(_request: RunRequest) -> None:
        raise RuntimeError("no")

    isolate = cast(Isolate, SimpleNamespace(runs=runs, engine=SimpleNamespace(run=run)))
    with pytest.raises(RuntimeError):
        commands().table["Isolate.run"](isolate, 77, Params("Isolate.run", ASKED))
    assert 5 not in runs
