"""Memory that is in none of V8's figures: what the process grows by ends the run that works alone, and no other."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator

import pytest

from tests.host.driver import HostProcess, running_host

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells resident memory of now")

MIB = 1 << 20
# Slowly, so that it is seen: 4 MiB a turn, each byte touched
TAKES = (
    "const kept = []; for (let n = 0; n < {count}; n++) kept.push(new Uint8Array(new {kind}(4 << 20)).fill(1)); 'took'"
)


@pytest.fixture
async def host() -> AsyncIterator[HostProcess]:
    async with running_host() as host:
        yield host


async def test_it_ends_what_v8_does_not_count(host: HostProcess) -> None:
    _, session, context = await host.isolate(limit=32 * MIB)
    report = await host.report(session, context, TAKES.format(count=2000, kind="SharedArrayBuffer"))
    assert report["outcome"] == "external-limit"
    assert "The host process grew by" in report["evidence"] and "limit 32 MiB" in report["evidence"]
    told = (await host.event("Isolate.limitHit", session))["params"]
    assert told["residentBytes"] > 4 * 32 * MIB
    assert told["usedBytes"] + told["externalBytes"] < 32 * MIB
    assert (await host.report(session, context, "1 + 1", run_id=2))["value"] == 2


async def test_it_leaves_alone_what_is_within_the_limit(host: HostProcess) -> None:
    _, session, context = await host.isolate(limit=512 * MIB)
    report = await host.report(session, context, TAKES.format(count=100, kind="ArrayBuffer"))
    assert (report["outcome"], report["value"]) == ("completed", "took")


async def test_it_blames_nobody_when_two_work(host: HostProcess) -> None:
    """GIVEN another isolate that loops without end WHEN memory grows THEN nobody can say whose it is."""
    _, loops, looping = await host.isolate(limit=32 * MIB)
    host.run(loops, looping, "for (;;);", 7)
    await host.event("Isolate.runStarted", loops)
    _, session, context = await host.isolate(limit=32 * MIB)
    until = "const end = Date.now() + 700; while (Date.now() < end);"
    source = f"{until} {TAKES.format(count=75, kind='SharedArrayBuffer')}; {until.replace('end', 'later')} 'took'"
    report = await host.report(session, context, source)
    assert (report["outcome"], report["value"]) == ("completed", "took")
    assert not [event for event in host.events if event["method"] == "Isolate.limitHit"]
