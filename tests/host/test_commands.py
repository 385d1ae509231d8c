"""Every wrong message gets an error answer that helps, and the host lives on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from inspector.errors import ProtocolError
from inspector.states import Capability
from tests.fixtures.engines import skip_without
from tests.host.driver import HostProcess, running_host


@pytest.fixture
async def host() -> AsyncIterator[HostProcess]:
    async with running_host() as host:
        yield host


async def refusal(host: HostProcess, method: str, params: Any = None, session: str = "") -> tuple[int, str]:
    with pytest.raises(ProtocolError) as caught:
        await host.command(method, params, session)
    return caught.value.code, caught.value.cause


async def test_garbage_is_answered_and_survived(host: HostProcess) -> None:
    garbage = (b"", b"\x00\xff", b"[]", b"3", b'"x"', b"{", b"[" * 100_000, b'{"method":5}', b'{"id":{},"method":"x"}')
    for text in garbage:
        host.connection.send_text(text)
    host.connection.send_binary(b"what is this")
    assert await host.command("Host.ping") == {}
    answers = [event for event in host.events if event["method"] == ""]
    assert len(answers) == len(garbage) + 1
    assert {answer["params"]["error"]["code"] for answer in answers} == {-32700, -32602, -32601, -32600}


async def test_unknown_methods_name_the_known_ones(host: HostProcess) -> None:
    code, words = await refusal(host, "Host.fly")
    assert code == -32601
    assert "Host.createIsolate" in words
    _, session, _ = await host.isolate()
    code, words = await refusal(host, "Isolate.fly", session=session)
    assert code == -32601
    assert "Isolate.run" in words
    assert (await refusal(host, "Runtime.fly", session=session))[0] == -32601  # V8's own answer


@pytest.mark.parametrize("session", ["i99", "x1", "i", "i-1", "i1.5", "i٣", "i" + "9" * 30])
async def test_unknown_sessions(host: HostProcess, session: str) -> None:
    code, words = await refusal(host, "Isolate.run", {}, session)
    assert code == -32602
    assert "isolate" in words or "session" in words


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("Host.createIsolate", {}),
        ("Host.createIsolate", {"isolateId": -1, "name": "x", "memoryLimitBytes": 1 << 27}),
        ("Host.createIsolate", {"isolateId": 1 << 40, "name": "x", "memoryLimitBytes": 1 << 27}),
        ("Host.createIsolate", {"isolateId": 1, "name": 5, "memoryLimitBytes": 1 << 27}),
        ("Host.createIsolate", {"isolateId": 1, "name": "x", "memoryLimitBytes": "lots"}),
        ("Host.createIsolate", {"isolateId": 1, "name": "x", "memoryLimitBytes": 1 << 27, "prelude": "node"}),
        ("Host.createIsolate", {"isolateId": 1, "name": "x", "memoryLimitBytes": 1 << 27, "sampleRateHz": 0}),
        ("Host.disposeIsolate", {"isolateId": True}),
        ("Host.disposeIsolate", {"isolateId": 7}),
        ("Host.grantCredit", {"bytes": -1}),
    ],
)
async def test_bad_parameters_of_the_host(host: HostProcess, method: str, params: dict[str, Any]) -> None:
    assert (await refusal(host, method, params))[0] == -32602


async def test_bad_parameters_of_an_isolate(host: HostProcess) -> None:
    _, session, context = await host.isolate()
    run = {"runId": 1, "contextId": context, "source": "1", "url": "x", "kind": "script"}
    bad: list[tuple[str, dict[str, Any]]] = [
        ("Isolate.run", run | {"kind": "poem"}),
        ("Isolate.run", run | {"source": None}),
        ("Isolate.run", run | {"timeoutMs": -5}),
        ("Isolate.run", run | {"cpuLimitMs": "1s"}),
        ("Isolate.stop", {"outcome": "completed"}),
        ("Isolate.provideModule", {"requestId": "x", "url": ""}),
        ("Isolate.setSampleRate", {"hz": 101}),
        ("Isolate.setPausing", {"enabled": 1}),
        ("Isolate.createContext", {"name": None}),
    ]
    for method, params in bad:
        assert (await refusal(host, method, params, session))[0] == -32602, method
    host.connection.send_text(
        json.dumps({"id": 5, "method": "Isolate.run", "params": [], "sessionId": session}).encode()
    )
    assert (await host.report(session, context, "1 + 1", run_id=1))["value"] == 2


async def test_an_id_is_never_used_twice(host: HostProcess) -> None:
    isolate_id, session, _ = await host.isolate()
    again = {"isolateId": isolate_id, "name": "x", "memoryLimitBytes": 1 << 27}
    assert (await refusal(host, "Host.createIsolate", again))[0] == -32602
    await host.command("Host.disposeIsolate", {"isolateId": isolate_id})
    assert (await refusal(host, "Host.createIsolate", again))[0] == -32602
    code, words = await refusal(host, "Isolate.collectGarbage", {}, session)
    assert (code, words) == (-32000, f"isolate {isolate_id} has ended.")


async def test_two_orders_to_dispose_get_the_same_answer(host: HostProcess) -> None:
    isolate_id, session, _ = await host.isolate()
    orders = [host.ask("Host.disposeIsolate", {"isolateId": isolate_id}) for _ in range(3)]
    answers = await asyncio.wait_for(asyncio.gather(*orders), 10)
    results = [answer["result"] for answer in answers if "result" in answer]
    late = [
        answer["error"] for answer in answers if "error" in answer
    ]  # it ended before they came, within a millisecond
    assert results and all(result == results[0] for result in results)
    assert all(error["code"] == -32000 and "has ended" in error["message"] for error in late)
    ledger = results[0]["ledger"]
    assert ledger["residentBeforeBytes"] > 0
    assert ledger["usedBytes"] > 0
    code, words = await refusal(host, "Host.disposeIsolate", {"isolateId": isolate_id})
    assert code == -32000
    assert "has ended" in words
    assert len([event for event in host.events if event["method"] == "Host.isolateDisposed"]) == 1
    assert (await refusal(host, "Runtime.enable", {}, session))[0] == -32000


async def test_what_waits_when_an_isolate_ends_is_refused(host: HostProcess) -> None:
    """GIVEN an isolate in an endless loop with commands in line WHEN it is disposed THEN each command is answered."""
    isolate_id, session, context = await host.isolate()
    running = host.run(session, context, "for (;;);", run_id=1)
    await host.event("Isolate.runStarted", session)
    waiting = host.run(session, context, "1", run_id=2)
    evaluated = host.ask("Runtime.evaluate", {"expression": "1"}, session)
    made = host.ask("Isolate.createContext", {"name": "x"}, session)
    await host.command("Host.disposeIsolate", {"isolateId": isolate_id})
    for run in (running, waiting):
        assert (await asyncio.wait_for(run, 5))["result"]["report"]["outcome"] == "cancelled"
    for command in (evaluated, made):
        assert (await asyncio.wait_for(command, 5))["error"]["code"] == -32000


async def test_a_run_id_under_way_is_refused(host: HostProcess) -> None:
    _, session, context = await host.isolate()
    running = host.run(session, context, "for (;;);", run_id=7)
    await host.event("Isolate.runStarted", session)
    answer = await host.run(session, context, "1", run_id=7)
    assert answer["error"]["code"] == -32602
    await host.command("Isolate.stop", {"runId": 7}, session)
    assert (await asyncio.wait_for(running, 5))["result"]["report"]["outcome"] == "cancelled"


async def test_v8_answers_what_is_its_own(host: HostProcess) -> None:
    _, session, context = await host.isolate()
    params = {"expression": "({a: 1})", "contextId": context, "returnByValue": True}
    assert (await host.command("Runtime.evaluate", params, session))["result"]["value"] == {"a": 1}
    usage = await host.command("Runtime.getHeapUsage", {}, session)
    assert usage["usedSize"] > 0


async def test_an_answer_travels_with_what_was_said_before_it() -> None:
    async with running_host() as host:
        _, session, _ = await host.isolate()
        before, asked = len(host.frames), {"expression": "console.log('said'); 6 * 7"}
        for _ in range(10):
            assert (await host.command("Runtime.evaluate", asked, session))["result"]["value"] == 42
        assert any(count > 1 for count in host.frames[before:])  # the line and the answer
        source = "for (let i = 0; i < 3000; i++) console.log('line', i); 'said'"
        report = await host.command("Runtime.evaluate", {"expression": source}, session)
        assert report["result"]["value"] == "said"
        lines = [event for event in host.events if event["method"] == "Runtime.consoleAPICalled"][10:]
        assert [event["params"]["args"][1]["value"] for event in lines] == list(range(3000))


@skip_without(Capability.COMPILE)
async def test_compiled_scripts_behind_the_link() -> None:
    async with running_host() as host:
        _, session, context = await host.isolate()
        made = await host.command("Isolate.compileScript", {"source": "6 * 7", "url": "a.js"}, session)
        report = await host.report(session, context, "", script=made["script"])
        assert (report["value"], report["scriptId"]) == (42, made["scriptId"])
        cache = (await host.command("Isolate.codeCache", {"script": made["script"]}, session))["data"]
        again = {"source": "6 * 7", "url": "b.js", "codeCache": cache}
        assert not (await host.command("Isolate.compileScript", again, session))["cacheRejected"]
        for bad in ({**again, "codeCache": "?"}, {"source": 1, "url": ""}):
            with pytest.raises(ProtocolError):
                await host.command("Isolate.compileScript", bad, session)
        await host.command("Isolate.releaseScript", {"script": made["script"]}, session)
        with pytest.raises(ProtocolError, match="released"):
            await host.command("Isolate.releaseScript", {"script": made["script"]}, session)
        gone = await host.report(session, context, "", script=made["script"], run_id=2)
        assert (gone["outcome"], gone["error"]["message"]) == ("threw", "The compiled script was released.")
        assert (await host.report(session, context, "1", run_id=3))["value"] == 1
