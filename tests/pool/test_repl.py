"""Completion and preview while typing: right, and without side effects."""

from __future__ import annotations

import asyncio

import pytest

from inspector.events import IsolateStateChanged
from inspector.pool import Isolate
from inspector.states import Capability, IsolateState, Outcome
from tests.fixtures.engines import needs, on_main
from tests.pool.recorder import Recorder

SETTING = """
globalThis.hits = 0;
globalThis.shop = {
  items: [{name: 'tea', priceCents: 300}],
  get trap() { hits++; return 1 },
  total() { return this.items.length },
  'not a name': 1,
  [Symbol('s')]: 2,
};
let local = new Map([['k', {deep: 1}]]);
const endless = {get loop() { for (;;); }};
"""


async def names(isolate: Isolate, text: str) -> list[str]:
    return [one.name for one in (await isolate.complete(text)).names]


@pytest.fixture
async def shop(isolate: Isolate) -> Isolate:
    assert (await isolate.evaluate(SETTING)).outcome is Outcome.COMPLETED
    return isolate


async def test_names_of_plain_paths_on_both_engines(shop: Isolate) -> None:
    assert {"items", "trap", "total", "toString"} <= set(await names(shop, "shop."))
    assert "not a name" not in await names(shop, "shop.")
    assert (await names(shop, "1 + shop.to"))[:2] == ["total", "toLocaleString"]
    assert "push" in await names(shop, "shop.items.pu")
    assert "shop" in await names(shop, "sho")
    assert "return" in await names(shop, "retu")
    assert await names(shop, "'shop.") == []
    assert await names(shop, "missing.") == []
    kinds = {one.name: (one.kind, one.own) for one in (await shop.complete("shop.")).names}
    assert kinds["total"] == ("function", True) and kinds["toString"][1] is False
    assert (await shop.evaluate("hits")).value == 0


@needs(Capability.PROBES)
async def test_expressions_are_evaluated_without_side_effects(shop: Isolate) -> None:
    assert "deep" in await names(shop, "local.get('k').")
    assert await names(shop, "loca") == ["local"]
    assert "priceCents" in await names(shop, "shop.items[0].")
    assert "toUpperCase" in await names(shop, "'text'.")
    assert "toFixed" in await names(shop, "(5).")
    assert await names(shop, "(hits++, shop).") == []
    assert await names(shop, "endless.loop.") == []
    assert (await shop.evaluate("hits")).value == 0


@needs(Capability.PROBES)
async def test_a_preview_has_no_side_effects_and_ends(shop: Isolate) -> None:
    assert await shop.preview("1 + 1") == "2"
    assert await shop.preview("shop.items[0]") == "{name: 'tea', priceCents: 300}"
    assert await shop.preview("{a: 1}") == "{a: 1}"
    for text in ("hits++", "shop.trap", "shop.items.push(1)", "let fresh = 1", "globalThis.made = 1", "for (;;);",
                 "endless.loop", "await new Promise(() => {})", "1 +", "console.log(1)", "undefined"):  # fmt: skip
        assert await shop.preview(text) == "", text
    after = await shop.evaluate("[hits, shop.items.length, typeof fresh, typeof made].join()")
    assert after.value == "0,1,undefined,undefined"
    assert (await shop.evaluate("let fresh = 2; fresh")).value == 2


async def test_nothing_is_asked_of_a_busy_isolate(shop: Isolate, events: Recorder) -> None:
    running = asyncio.ensure_future(shop.evaluate("for (;;);"))
    try:
        await events.heard(IsolateStateChanged, lambda event: event.state is IsolateState.RUNNING)
        assert await names(shop, "shop.") == []
        assert await shop.preview("1 + 1") == ""
    finally:
        await shop.stop()
        await running


async def test_what_can_not_be_previewed_says_so(isolate: Isolate, engine: str) -> None:
    if engine == "portable":
        assert "side effects" in isolate.refusal(Capability.PROBES)
        assert await isolate.preview("1 + 1") == ""
    else:
        assert isolate.refusal(Capability.PROBES) == ""


@on_main
async def test_the_last_result_has_a_name(shop: Isolate) -> None:
    for text, last in (("6 * 7", 42), ("$_ + 1", 43), ("'text'", "text"), ("({a: {b: 5}})", None), ("$_.a.b", 5)):
        report = await shop.evaluate(text)
        assert report.outcome is Outcome.COMPLETED and (last is None or report.value == last), report
    assert (await shop.evaluate("-0; NaN")).preview == "NaN"
    assert (await shop.evaluate("Object.is($_, NaN)")).value is True
    assert (await shop.evaluate("missing")).outcome is Outcome.THREW
    assert (await shop.evaluate("typeof $_")).preview == "'boolean'"
