"""How often lines ran, as V8 counts; also while a loop without end runs."""

from __future__ import annotations

import asyncio

import pytest

from inspector.errors import ProtocolError, UnsupportedError
from inspector.events import RunStarted, ScriptParsed
from inspector.pool import Isolate
from inspector.sources.line_hits import line_hits
from inspector.sources.reading import source_from_text
from tests.pool.recorder import Recorder

TEXT = "function third(n) {\n  if (n % 3 === 0) {\n    return 1;\n  }\n  return 0;\n}\nlet sum = 0;\n" + (
    "for (let i = 0; i < 300; i++) {\n  sum += third(i);\n}\nfunction never() {\n  return 3;\n}\n"
)
ENDLESS = "let n = 0;\nfunction more() {\n  n++;\n}\nfor (;;) {\n  more();\n}\n"


async def test_lines_are_counted(isolate: Isolate, events: Recorder, engine: str) -> None:
    if engine == "portable":
        with pytest.raises(UnsupportedError):
            await isolate.start_counting_hits()
        return
    await isolate.start_counting_hits()
    await isolate.run(source_from_text(TEXT, "third.js"))
    script = await events.heard(ScriptParsed, lambda event: event.url == "third.js")
    steps = await isolate.take_hits()
    lines = line_hits(TEXT, steps[script.script_id])
    assert lines == {1: 300, 2: 300, 3: 100, 5: 200, 7: 1, 8: 300, 9: 300, 11: 0, 12: 0}
    assert not (await isolate.take_hits()).get(script.script_id)  # since the last reading
    run = asyncio.ensure_future(isolate.run(source_from_text(ENDLESS, "endless.js")))
    script = await events.heard(ScriptParsed, lambda event: event.url == "endless.js")
    await events.heard(RunStarted, lambda event: event.run_id > 1)
    steps = {}
    while script.script_id not in steps:
        steps = await isolate.take_hits()
    assert line_hits(ENDLESS, steps[script.script_id])[3] > 0
    await isolate.stop_counting_hits()
    with pytest.raises(ProtocolError):
        await isolate.take_hits()
    await isolate.stop()
    await run
