"""What the web prelude gives, by the behaviours that docs/web-globals.md lists; and what `bare` leaves out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from inspector.engine.preludes import WEB_GLOBALS
from inspector.events import ScriptParsed
from inspector.states import Capability, Outcome
from tests.engine.suite.bench import Bench

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "tests" / "data" / "prelude"
NAMES = sorted(path.stem for path in FOLDER.glob("*.js") if path.stem != "harness")


def listed() -> set[str]:
    """The behaviours that the document lists."""
    text = (ROOT / "docs" / "web-globals.md").read_text(encoding="utf-8")
    return set(re.findall(r"^- (.*)$", text, re.MULTILINE))


async def test_behaviours(bench: Bench) -> None:
    isolate = await bench.isolate()
    await bench.run(isolate, (FOLDER / "harness.js").read_text(encoding="utf-8"))
    for name in NAMES:
        made = await bench.run(isolate, (FOLDER / f"{name}.js").read_text(encoding="utf-8"), f"{name}.js")
        assert made.outcome is Outcome.COMPLETED, made
    report = await bench.run(isolate, "results()", timeout_s=60)
    assert report.outcome is Outcome.COMPLETED, report
    assert report.value["failed"] == []
    assert set(report.value["names"]) == listed()


async def test_globals(bench: Bench) -> None:
    names = sorted(name for group in WEB_GLOBALS.values() for name in group)
    text = f"{names}.filter(name => !(name in globalThis))"
    web, bare = await bench.isolate(), await bench.isolate(prelude="bare")
    assert (await bench.run(web, text)).value == []
    assert (await bench.run(bare, text)).value == names
    assert (await bench.run(bare, "console.log(1); typeof console.log")).value == "function"


async def test_what_ours_throw_seems_to_come_from_v8(bench: Bench) -> None:
    """Neither place nor stack lead into our JavaScript, and the scripts are told as internal."""
    isolate = await bench.isolate()
    report = await bench.run(isolate, "\n  new TextDecoder('klingon')", "mine.js")
    assert report.error is not None and (report.error.name, report.error.line) == ("RangeError", 2)
    thrown = "var t = new EventTarget(); t.addEventListener('x', () => { throw new Error('boom') });\n"
    thrown += "t.dispatchEvent(new Event('x'))"
    error = (await bench.run(isolate, thrown, "mine.js")).error
    assert error is not None and error.message == "boom" and "mine.js:1" in error.stack
    assert "inspector:" not in error.stack + report.error.stack
    parsed = [event for event in bench.events.of(ScriptParsed) if event.isolate_id == isolate.isolate_id]
    assert {event.url for event in parsed if not event.internal} == {"mine.js"}


async def test_frames_of_ours_are_not_seen_by_scripts(bench: Bench) -> None:
    """Also in a second isolate, whose prelude comes from the code cache. The public API engine can't hide them."""
    text = "const seen = []; const t = new EventTarget();\n"
    text += "t.addEventListener('x', () => seen.push(new Error('inner').stack));\nt.dispatchEvent(new Event('x'));\n"
    text += "try { atob('?') } catch (error) { seen.push(error.stack) }\n"
    text += "new Promise((done) => setTimeout(() => {"
    text += " seen.push(new Error('late').stack, String(EventTarget)); done(seen) }))"
    for _ in range(2):
        inner, thrown, late, shown = (await bench.run(await bench.isolate(), text, "mine.js")).value
        assert "mine.js:2" in inner and "mine.js:3" in inner and "mine.js:4" in thrown and "mine.js:5" in late
        if bench.reason(Capability.INSPECTOR):
            assert "inspector:prelude/web.js" in inner
        else:
            assert "inspector:" not in inner + thrown + late
            assert shown == "function EventTarget() { [native code] }"
