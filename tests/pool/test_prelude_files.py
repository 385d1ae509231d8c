"""Preludes of the user's own: before everything else in each context, or no isolate at all, with the reason."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from inspector.errors import PreludeError, SourceError
from inspector.events import IsolateCreated, ScriptParsed
from inspector.pool import Pool
from inspector.states import Capability
from tests.pool.recorder import Recorder

Write = Callable[[str, str], Path]


async def test_files_run_first_in_each_context_in_their_order(pool: Pool, events: Recorder, write: Write) -> None:
    first = write("first.js", "globalThis.seen = [typeof setTimeout]; globalThis.greet = (name) => `hello ${name}`;")
    second = write("second.js", "seen.push(typeof greet)")
    isolate = await pool.create_isolate(prelude=["bare", first, second])
    contexts = [isolate.default_context]
    if not isolate.refusal(Capability.CONTEXTS):
        contexts.append(await isolate.create_context())
    for context in contexts:
        assert await context.evaluate("[...seen, greet('you')]") == ["undefined", "function", "hello you"]
    with_web = await pool.create_isolate(prelude=first)
    assert await with_web.default_context.evaluate("seen[0]") == "function"
    if not isolate.refusal(Capability.SCRIPTS):
        assert str(first.resolve()) in {event.path for event in events.of(ScriptParsed)}


async def test_one_that_fails_leaves_no_isolate(pool: Pool, events: Recorder, write: Write) -> None:
    for name, text, words in (
        ("throws.js", "\nthrow new TypeError('on purpose')", "on purpose"),
        ("spoilt.js", "let = ;", "SyntaxError"),
        ("grows.js", "const kept = []; for (;;) kept.push([1, 2, 3])", "memory limit"),
    ):
        with pytest.raises(PreludeError, match=rf"(?s){name}.*{words}"):
            await pool.create_isolate(memory_limit="16 MiB", prelude=write(name, text))
    with pytest.raises(SourceError, match=r"gone\.js"):
        await pool.create_isolate(prelude=Path("gone.js"))
    assert not events.of(IsolateCreated) and not pool.isolates
    assert await (await pool.create_isolate()).default_context.evaluate("1 + 1") == 2
