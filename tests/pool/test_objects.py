"""Objects a level at a time: what DevTools would show, and what a million elements cost."""

from __future__ import annotations

from typing import Any

from inspector.pool import Isolate
from inspector.pool.objects import RANGE, members, read_getter
from inspector.states import Capability
from inspector.values import Member, preview_text
from tests.fixtures.engines import needs


async def opened(isolate: Isolate, source: str) -> list[Member]:
    report = await isolate.evaluate(source)
    assert report.result is not None, report
    return await members(isolate, report.result)


def texts(found: list[Member]) -> dict[str, Any]:
    return {one.name: preview_text(one.value) if one.value else one.kind for one in found}


async def test_properties_and_getters_on_demand(isolate: Isolate) -> None:
    source = "globalThis.reads = 0; ({a: 1, get b() { reads++; return {c: 'd'} }, get e() { throw new Error('no') }})"
    found = await opened(isolate, source)
    shown = texts(found)
    assert (shown["a"], shown["b"], shown["e"]) == ("1", "getter", "getter")
    assert (await isolate.evaluate("reads")).value == 0
    by_name = {one.name: one for one in found}
    assert preview_text(await read_getter(isolate, by_name["b"])) == "{c: 'd'}"
    assert "no" in preview_text(await read_getter(isolate, by_name["e"]))
    assert (await isolate.evaluate("reads")).value == 1


@needs(Capability.INSPECTOR)
async def test_internal_and_private_properties(isolate: Isolate) -> None:
    found = texts(await opened(isolate, "new Map([['k', 1]])"))
    assert "[[Entries]]" in found and "[[Prototype]]" in found
    assert "fulfilled" in texts(await opened(isolate, "({p: Promise.resolve(4)})"))["p"]
    assert texts(await opened(isolate, "new (class { #secret = 7 })"))["#secret"] == "7"
    assert "[[FunctionLocation]]" in texts(await opened(isolate, "(function named() {})"))


async def test_long_lists_come_in_ranges(isolate: Isolate) -> None:
    report = await isolate.evaluate("const long = Array.from({length: 1e6}, (_, i) => i * 2); delete long[7]; long")
    assert report.result is not None
    top = await members(isolate, report.result)
    ranges = [one for one in top if one.kind == "range"]
    assert len(ranges) == 100 and ranges[0].name == "[0 … 9,999]"
    assert not any(one.name == "5" for one in top)
    inner = await members(isolate, ranges[0].value, ranges[0].first, ranges[0].last)
    assert len(inner) == RANGE and inner[0].name == "[0 … 99]"
    last = await members(isolate, inner[0].value, inner[0].first, inner[0].last)
    shown = texts(last)
    assert shown["99"] == "198" and "7" not in shown and len([name for name in shown if name.isdigit()]) == 99
