"""What VS Code's JavaScript debugger says when it attaches to Node, replayed; VS Code itself was not run."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from inspector.pool import Isolate
from inspector.sources.reading import source_from_text
from inspector.states import Capability
from tests.endpoint.client import PATIENCE_S, Client, attached
from tests.fixtures.engines import skip_without

pytestmark = pytest.mark.asyncio(loop_scope="module")

START = json.loads((Path(__file__).parents[1] / "data" / "vscode_start.json").read_text(encoding="utf-8"))


def at_breakpoint(event: dict[str, Any]) -> bool:
    frames = event["params"]["callFrames"]
    return bool(event["params"].get("hitBreakpoints")) and frames[0]["location"]["lineNumber"] == 1


async def resume_before_scripts(code: Client) -> None:
    """It sets what breakpoints a script needs, then goes on: also in the middle of its start, where its own evaluation
    pauses, since what it asks of the debugger may overtake that.
    """
    while True:
        paused = await code.until(lambda: [one for one in code.pauses() if not at_breakpoint(one)])
        code.heard.remove(paused[0])
        await code.call("Debugger.resume")


@skip_without(Capability.PAUSE)
async def test_its_start_goes_through(isolate: Isolate, url: str) -> None:
    async with attached(url) as code:
        resuming = asyncio.ensure_future(resume_before_scripts(code))
        answers = [code.ask(method, **params) for method, params, _ in START]  # it does not wait for each
        for (method, _, expected), answer in zip(START, answers, strict=True):
            told = await asyncio.wait_for(answer, PATIENCE_S)
            if expected == "not found":
                assert told["error"]["code"] == -32601, method
            elif expected == "result":
                assert "result" in told, (method, told)
        run = asyncio.ensure_future(isolate.run(source_from_text("let a = 1;\na += 1;\na;", "vscode.js")))
        await code.until(lambda: [one for one in code.pauses() if at_breakpoint(one)])
        await code.call("Debugger.resume")
        assert (await asyncio.wait_for(run, PATIENCE_S)).value == 2
        resuming.cancel()
        await asyncio.wait([resuming])
