"""Everything at once, from a fixed seed: every command gets an answer, and the host lives."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest

from tests.host.driver import HostProcess, running_host

MIB = 1 << 20
_SOURCES = (
    "1 + 1",
    "for (let i = 0; i < 20; i++) console.log({i})",
    "for (;;);",
    "const a = []; for (;;) a.push([1, 2, 3])",
    "(function again() { Promise.resolve().then(again) })()",
    "setTimeout(() => console.log('late'), 5)",
    "new Promise(() => {})",
    "throw new Error('on purpose')",
    "this is no JavaScript",
    "debugger; 'went on'",
    "setInterval(() => {}, 1)",
    "new Uint8Array(5e6).fill(1).length",
)


class Chaos:
    """Random commands on a few isolates; remembers every answer that is due."""

    def __init__(self, host: HostProcess, seed: int) -> None:
        self.host = host
        self.random = random.Random(seed)
        self.alive: dict[int, tuple[str, int]] = {}
        self.due: list[asyncio.Future[dict[str, Any]]] = []
        self.runs = 0

    async def step(self) -> None:
        if len(self.alive) < 6:
            isolate_id, session, context = await self.host.isolate(limit=self.random.choice([16, 32, 64]) * MIB)
            self.alive[isolate_id] = (session, context)
            return
        isolate_id = self.random.choice(list(self.alive))
        session, context = self.alive[isolate_id]
        choice = self.random.randrange(10)
        if choice < 5:
            self._run(session, context)
        elif choice < 9:
            method, params = self.random.choice(self._commands())
            self.due.append(self.host.ask(method, params, session))
        else:
            del self.alive[isolate_id]
            self.due += [self.host.ask("Host.disposeIsolate", {"isolateId": isolate_id}) for _ in range(2)]
            self.due.append(self.host.ask("Runtime.evaluate", {"expression": "1"}, session))
        if self.random.random() < 0.3:
            self.due.append(self.host.ask("Host.ping"))
            await self.due[-1]

    def _run(self, session: str, context: int) -> None:
        self.runs += 1
        limits = self.random.choice([{"timeoutMs": 30}, {"cpuLimitMs": 20}, {"timeoutMs": 200}])
        source = self.random.choice(_SOURCES)
        kind = self.random.choice(["script", "module"])
        run = self.host.run(session, context, source, run_id=self.runs, kind=kind, **limits)
        self.due.append(run)

    def _commands(self) -> list[tuple[str, dict[str, Any]]]:
        return [
            ("Isolate.collectGarbage", {}),
            ("Isolate.createContext", {"name": "another"}),
            ("Isolate.releaseContext", {"contextId": self.random.randrange(1, 4)}),
            ("Isolate.stop", {"runId": self.random.randrange(1, self.runs + 2)}),
            ("Isolate.stop", {"outcome": "cancelled", "evidence": "chaos"}),
            ("Isolate.setPausing", {"enabled": self.random.random() < 0.5}),
            ("Isolate.setSampleRate", {"hz": self.random.randrange(1, 101)}),
            ("Isolate.provideModule", {"requestId": 3, "url": "x.js", "source": "1"}),
            ("Runtime.evaluate", {"expression": "({a: [1, 2]})", "generatePreview": True}),
            ("Runtime.getHeapUsage", {}),
            ("Debugger.pause", {}),
            ("Debugger.resume", {}),
            ("Runtime.fly", {"to": "the moon"}),
        ]


@pytest.mark.parametrize("seed", [1, 2])
async def test_every_command_is_answered(seed: int) -> None:
    async with running_host() as host:
        chaos = Chaos(host, seed)
        for _ in range(250):
            await chaos.step()
        for isolate_id in list(chaos.alive):
            chaos.due.append(host.ask("Host.disposeIsolate", {"isolateId": isolate_id}))
        answers = await asyncio.wait_for(asyncio.gather(*chaos.due), 60)
        assert all("result" in answer or answer["error"]["message"] for answer in answers)
        assert await host.command("Host.close") == {}
        assert await asyncio.wait_for(host.process.wait(), 10) == 0
        assert host.errors == ""
