"""What the public API engine can't do is refused with its own reason, and the isolate goes on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from inspector.errors import InspectorError, ProtocolError, UnsupportedError
from inspector.pool import Isolate
from inspector.sources import source_from_text
from inspector.states import Capability, Outcome
from tests.fixtures.engines import only_portable

pytestmark = only_portable
Write = Callable[[str, str], Path]
Ask = Callable[[Isolate], Awaitable[object]]

ONE = source_from_text("1", "one.js")
REFUSED: dict[str, tuple[Capability, Ask]] = {
    "create a context": (Capability.CONTEXTS, lambda isolate: isolate.create_context()),
    "release a context": (Capability.CONTEXTS, lambda isolate: isolate.release_context(isolate.default_context_id)),
    "compile": (Capability.COMPILE, lambda isolate: isolate.compile_script(ONE)),
    "pause": (Capability.PAUSE, lambda isolate: isolate.pause()),
    "resume": (Capability.PAUSE, lambda isolate: isolate.resume()),
    "heap spaces": (Capability.HEAP_SPACES, lambda isolate: isolate.heap_spaces()),
    "memory of contexts": (Capability.CONTEXT_MEMORY, lambda isolate: isolate.context_memory()),
    "a CPU limit": (Capability.CPU_LIMIT, lambda isolate: isolate.run(ONE, cpu_limit_s=1)),
}


def reason(isolate: Isolate, capability: Capability) -> str:
    started = isolate.host.started
    assert started is not None
    return started.capabilities[capability.value]


async def test_refused_with_the_reason_of_the_engine(isolate: Isolate) -> None:
    for what, (capability, ask) in REFUSED.items():
        with pytest.raises(UnsupportedError) as refused:
            await ask(isolate)
        assert refused.value.cause == reason(isolate, capability) != "", what
        assert len(isolate.contexts) == 1, what
        assert (await isolate.evaluate("1 + 1")).value == 2, what


async def test_protocol_methods_that_it_does_not_know(isolate: Isolate) -> None:
    for method in ("Profiler.enable", "Debugger.pause", "HeapProfiler.takeHeapSnapshot"):
        with pytest.raises(ProtocolError, match="has no V8 inspector") as refused:
            await isolate.send(method)
        assert refused.value.code == -32601


async def test_a_file_can_not_run_again_in_a_fresh_context_but_here(isolate: Isolate, write: Write) -> None:
    await isolate.run_files([write("a.js", "globalThis.runs = (globalThis.runs ?? 0) + 1")])
    with pytest.raises(UnsupportedError) as refused:
        await isolate.run_again()
    assert refused.value.cause == reason(isolate, Capability.CONTEXTS)
    assert (await isolate.run_again_here()).value == 2


async def test_a_module_says_why_it_can_not_run(isolate: Isolate, write: Write) -> None:
    files = await isolate.run_files([write("a.mjs", "export const a = 1")])
    ((_, report),) = files.reports
    assert not isinstance(report, InspectorError)
    assert report.outcome is Outcome.THREW
    assert report.error is not None and reason(isolate, Capability.MODULES) in report.error.message


async def test_a_script_in_a_package_of_modules_runs(isolate: Isolate, write: Write) -> None:
    """As the UMD builds of d3 and marked do, whose packages say "type": "module"."""
    write("package.json", '{"type": "module"}')
    files = await isolate.run_files([write("umd.js", "(this ?? globalThis).library = { answer: 42 }")])
    assert files.failed is None, files.failed
    assert (await isolate.evaluate("library.answer")).value == 42
