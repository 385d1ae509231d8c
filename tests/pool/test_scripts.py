"""Scripts compiled once: run in any context, counted, listed, kept as V8's code cache."""

from __future__ import annotations

import pytest

from inspector.errors import CompileError, GoneError, UsageError
from inspector.events import ScriptCompiled, ScriptParsed
from inspector.pool import Isolate, Pool
from inspector.sources import source_from_text
from inspector.states import Capability, Outcome
from tests.fixtures.engines import needs
from tests.pool.recorder import Recorder

pytestmark = needs(Capability.COMPILE)

COUNTS = source_from_text("globalThis.count = (globalThis.count ?? 0) + 1; count", "counts.js")
LARGE = source_from_text(
    "\n".join(f"function f{i}(n) {{ let s = 0; for (let j = 0; j < n; j++) s += j * {i}; return s }} f{i}(3);"
              for i in range(3000)),
    "large.js",
)  # fmt: skip


async def test_compiled_once_run_in_many_contexts(isolate: Isolate, events: Recorder) -> None:
    script = await isolate.compile_script(COUNTS)
    parsed = [event for event in events.of(ScriptParsed) if event.script_id == script.script_id]
    assert [(one.url, one.length) for one in parsed] == [("counts.js", script.length)] and parsed[0].hash
    assert parsed[0] in isolate.scripts
    second = await isolate.create_context()
    values = [(await script.run_report(context_id=each)).value for each in [None, None, second.context_id]]
    assert values == [1, 2, 1]
    assert (script.figures.runs, script.figures.run_ms > 0, script.figures.compile_ms > 0) == (3, True, True)
    assert await isolate.script_source(script.script_id) == COUNTS.text
    assert len([event for event in events.of(ScriptParsed) if event.url == "counts.js"]) == 1


async def test_a_script_obeys_limits_like_a_file(isolate: Isolate) -> None:
    loop = await isolate.compile_script(source_from_text("for (;;);", "loop.js"))
    assert (await loop.run_report(timeout_s=0.1)).outcome is Outcome.TIMED_OUT
    assert (await loop.run_report(cpu_limit_s=0.1)).outcome is Outcome.CPU_LIMIT
    assert loop.figures.runs == 2


async def test_released_it_can_not_be_run(isolate: Isolate) -> None:
    script = await isolate.compile_script(COUNTS)
    await script.release()
    await script.release()
    with pytest.raises(GoneError, match="released"):
        await script.run_report()
    with pytest.raises(GoneError):
        await script.code_cache()


async def test_what_can_not_be_compiled(isolate: Isolate) -> None:
    with pytest.raises(CompileError) as caught:
        await isolate.compile_script(source_from_text("let a;\nlet b = ;", "bad.js"))
    error = caught.value.error
    assert (error.name, error.file, error.line, error.column) == ("SyntaxError", "bad.js", 2, 9)
    with pytest.raises(UsageError, match="module"):
        await isolate.compile_script(source_from_text("export const a = 1", "module.js"))


async def test_a_code_cache_serves_another_isolate(pool: Pool, isolate: Isolate, events: Recorder) -> None:
    first = await isolate.compile_script(LARGE)
    await first.run_report()
    cache = await first.code_cache()
    other = await pool.create_isolate(host="own")
    again = await other.compile_script(LARGE, code_cache=cache)
    assert again.cache_refusal == "" and (await again.run_report()).outcome is Outcome.COMPLETED
    assert again.compile_ms < first.compile_ms
    told = [(one.isolate_id, one.compile_ms, one.cached, one.cache_refusal) for one in events.of(ScriptCompiled)]
    assert told == [
        (isolate.isolate_id, first.compile_ms, False, ""), (other.isolate_id, again.compile_ms, True, "")
    ]  # fmt: skip


async def test_a_code_cache_that_does_not_fit_is_left_out(isolate: Isolate) -> None:
    first = await isolate.compile_script(COUNTS)
    await first.run_report()
    cache = await first.code_cache()
    for bad, why in (
        (b"", "no code cache"),
        (cache[:40], "damaged"),
        (cache[:-1] + bytes([cache[-1] ^ 1]), "damaged"),
        (cache.replace(b'"v8": "', b'"v8": "9'), "V8 9"),
        (cache.replace(b'"--', b'"--no-'), "flags"),
    ):
        script = await isolate.compile_script(COUNTS, code_cache=bad)
        assert why in script.cache_refusal and (await script.run_report()).outcome is Outcome.COMPLETED
    other = await isolate.compile_script(source_from_text("2", "two.js"), code_cache=cache)
    assert "another source" in other.cache_refusal and (await other.run_report()).value == 2
