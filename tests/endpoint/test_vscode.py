"""What VS Code's JavaScript debugger says when it attaches to Node, replayed; VS Code itself was not run."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from inspector.pool import Isolate
from inspector.sources.reading import source_from_text
from tests.endpoint.client import PATIENCE_S, attached

pytestmark = pytest.mark.asyncio(loop_scope="module")

START = json.loads((Path(__file__).parents[1] / "data" / "vscode_start.json").read_text(encoding="utf-8"))


async def test_its_start_goes_through(isolate: Isolate, url: str) -> None:
    async with attached(url) as code:
        answers = [code.ask(method, **params) for method, params, _ in START]  # it does not wait for each
        for (method, _, expected), answer in zip(START, answers, strict=True):
            told = await asyncio.wait_for(answer, PATIENCE_S)
            if expected == "not found":
                assert told["error"]["code"] == -32601, method
            elif expected == "result":
                assert "result" in told, (method, told)
        run = asyncio.ensure_future(isolate.run(source_from_text("let a = 1;\na += 1;\na;", "vscode.js")))
        for _ in range(3):  # before the script, and at the breakpoint
            paused = await code.until(lambda: [one for one in code.heard if one.get("method") == "Debugger.paused"])
            code.heard.remove(paused[0])
            await code.call("Debugger.resume")
            if (
                paused[0]["params"].get("hitBreakpoints")
                and paused[0]["params"]["callFrames"][0]["location"]["lineNumber"] == 1
            ):
                break
        else:
            pytest.fail("it never stopped at the breakpoint")
        assert (await asyncio.wait_for(run, PATIENCE_S)).value == 2
