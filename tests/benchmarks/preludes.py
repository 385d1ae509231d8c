"""What the web globals cost an isolate: births with the prelude `web` beside births with `bare`, in turn, in one host.

Run it with `python -m tests.benchmarks.preludes`. The limit is a ratio of 1.25, timed by the host (heap, inspector,
context, prelude); and a script from the code cache beside the same script compiled.
"""

from __future__ import annotations

import asyncio
import json
import statistics

from inspector.pool import Pool
from inspector.sources import source_from_text

BIRTHS = 40
LIMIT = 1.25
MEMORY_LIMIT = 2.0
FUNCTIONS = 3000


async def main() -> None:
    async with Pool() as pool:
        await births(pool)
        await code_cache(pool)


async def births(pool: Pool) -> None:
    took: dict[str, list[float]] = {"bare": [], "web": []}
    memory: dict[str, list[float]] = {"bare": [], "web": []}
    for number in range(2 * BIRTHS):
        prelude = ("bare", "web")[number % 2]
        isolate = await pool.create_isolate(prelude=prelude)
        assert isolate._created is not None
        birth = isolate._created.birth
        took[prelude].append(birth.isolate_ms + (birth.inspector_ms or 0.0) + birth.context_ms + birth.prelude_ms)
        memory[prelude].append(float((await isolate.heap_statistics()).used_bytes))
        await isolate.dispose()
    rows = (("birth with web globals, ms", took, LIMIT), ("heap used after it, bytes", memory, MEMORY_LIMIT))
    for what, figures, limit in rows:
        ours, peer = (statistics.median(figures[name]) for name in ("web", "bare"))
        say(what, ours, peer, limit, BIRTHS)


async def code_cache(pool: Pool) -> None:
    """A script that was compiled and run once, compiled in the next isolate."""
    text = "\n".join(f"function f{i}(a) {{ return a.map((n) => n * {i}); }} f{i}([1, 2]);" for i in range(FUNCTIONS))
    source = source_from_text(text, "many.js")
    first = await pool.create_isolate()
    script = await first.compile_script(source)
    await script.run()
    cache = await script.code_cache()
    plain, cached = [], []
    for _ in range(5):
        for figures, data in ((plain, None), (cached, cache)):
            isolate = await pool.create_isolate()
            made = await isolate.compile_script(source, code_cache=data)
            report = await made.run_report()
            figures.append(made.compile_ms + report.timings.run_ms)
            await isolate.dispose()
    say("first run from the code cache, ms", statistics.median(cached), statistics.median(plain), 1.0, 5)


def say(name: str, ours: float, peer: float, limit: float, count: int) -> None:
    line = {
        "name": name,
        "ours": round(ours, 3),
        "peer": round(peer, 3),
        "ratio": round(ours / peer, 3),
        "limit": limit,
        "n": count,
    }
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
