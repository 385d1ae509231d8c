"""What lives on the thread of one isolate, and how it is ended from outside."""

from __future__ import annotations

import time
from contextlib import suppress
from functools import partial

from py_mini_racer import JSEvalException

from inspector.engine.host_calls import CallAnswer
from inspector.engine.port import IsolateSink, IsolateSpec
from inspector.engine.portable.agent import Agent
from inspector.engine.portable.clock import from_wall_ms, now_us
from inspector.engine.portable.console import CONTEXT_ID, Console
from inspector.engine.portable.evaluation import Evaluation, labelled
from inspector.engine.portable.racer import Interrupted, Racer, Unconvertible
from inspector.engine.portable.ring import Ring
from inspector.engine.portable.run import Evaluated, Run, Verdict
from inspector.engine.portable.runs import Runs
from inspector.engine.portable.samples import Samples
from inspector.engine.portable.scripts import Scripts
from inspector.engine.portable.turns import Turns
from inspector.engine.portable.values import Values
from inspector.engine.portable.worker import Worker
from inspector.engine.ports import Posted
from inspector.errors import EngineError, PreludeError

__all__ = ["Interior"]

PRELUDE_PATIENCE_S = 10.0


class Interior:
    """Made on the isolate's thread by `make`; belongs to it."""

    def __init__(self, spec: IsolateSpec, sink: IsolateSink, worker: Worker, agent: Agent, ring: Ring) -> None:
        racer = agent.racer
        self.spec = spec
        self.sink = sink
        self.worker = worker
        self.racer = racer
        self.agent = agent
        self.runs = Runs(sink, spec.memory_limit_bytes)
        self.console = Console(worker.loop, sink, ring)
        self.console.run_id_of = self.runs.id_of
        self.scripts = Scripts(self.console)
        self.samples = Samples(worker.loop, racer, sink, worker.post)
        self.turns = Turns(self, ring)
        self.values = Values(self)
        self._evaluation = Evaluation(racer, agent, self.turns.fence)

    @classmethod
    async def make(cls, spec: IsolateSpec, sink: IsolateSink, worker: Worker, racer: Racer) -> Interior:
        """Installs our JavaScript, before any of the user's."""
        agent = Agent(racer)
        ring = Ring(await agent.install(web=spec.prelude != "bare"))
        made = cls(spec, sink, worker, agent, ring)
        for url, source in spec.prelude_files:
            await made.run_prelude(url, source)
        return made

    async def run_prelude(self, url: str, source: str) -> None:
        """One of the user's own. EngineError when it throws or does not end."""
        watch = self.worker.loop.call_later(PRELUDE_PATIENCE_S, self.racer.interrupt)
        self.racer.arm(self.spec.memory_limit_bytes)
        remedy = "Mend it, or choose another."
        try:
            with suppress(Unconvertible):  # it has run
                await self.racer.evaluate(labelled(source, url))
            await self.racer.evaluate("0")  # V8 serves it behind the microtasks that the prelude left
        except Interrupted:
            cause = f"it was ended after {PRELUDE_PATIENCE_S:g} s"
            raise PreludeError(f"{PreludeError.ACTION} {url}", cause, remedy) from None
        except JSEvalException as error:
            cause = " ".join(str(error).strip().split("\n")[:1])
            raise PreludeError(f"{PreludeError.ACTION} {url}", cause, remedy) from None
        finally:
            watch.cancel()
            self.racer.resume()
            self.racer.arm(0)
            self.console.drain()

    async def execute(self, run: Run) -> None:
        """Run `run`'s source, unless it was stopped in line."""
        if not run.settled:
            self.runs.start(run, time.monotonic())
            await self.turns.turn(lambda: self._evaluation.run(run), run)

    async def fire_timers(self) -> None:
        """Fire the earliest timer, when it is due; its successor is told again."""
        if self.turns.deadline is not None and from_wall_ms(self.turns.deadline) <= now_us():
            await self.turns.turn(self.agent.fire)
        else:
            self.turns.tell_deadline(self.turns.deadline)

    async def expose(self, name: str, function: str) -> None:
        """Expose or withdraw a function of the host. Raises EngineError when the global object refuses."""
        try:
            await self.agent.call(function, name)
        except JSEvalException as error:
            cause = str(error).strip().split("\n")[0]
            raise EngineError(f"expose {name}", cause, "Choose another name.") from None

    async def answer_call(self, answer: CallAnswer) -> None:
        """Settle the promise of a call, and what follows from it."""
        await self.turns.turn(lambda: self.values.answer(answer))

    async def tell_posted(self) -> None:
        """What scripts did with ports in this turn."""
        for index, told in enumerate(await self.agent.call("outbox")):
            port, what = int(told["port"]), str(told["what"])
            data = b""
            if what == "post":
                data = bytes(await self.racer.evaluate(self.agent.source("message", index)))
            self.sink.posted(Posted(CONTEXT_ID, port, what, data, note=str(told["note"]), count=int(told["count"])))

    async def grant_port(self, port: int, messages: int, size: int) -> None:
        await self.agent.call("granted", port, messages, size)

    def stop(self, verdict: Verdict, run_id: int | None, *, in_line: bool = True) -> None:
        """End a run (None: all) with `verdict`, whether it executes, waits, or (unless told so) is `in_line`."""
        active = self.turns.active_number
        interrupts = run_id is None and self.turns.busy
        for run in self.runs.matching(run_id, in_line=in_line):
            if run.started and run.number == active:
                run.verdict = run.verdict or verdict
                interrupts = True
            else:
                self.runs.settle(run, Evaluated(verdict=verdict))
                if run.started:
                    self.worker.post(partial(self._abandon, run.number))
        if interrupts:
            self.values.stopped(verdict.evidence)
            self.turns.interrupt()

    async def _abandon(self, number: int) -> None:
        """Drop the timers of a run that has settled, and tell what that leaves."""
        await self.turns.turn(lambda: self.agent.call("abandon", number))

    def close(self) -> None:
        """Free the isolate, whatever it does; what is open settles as cancelled."""
        self.samples.close()
        self.console.close()
        self.racer.close()
        self.runs.close()
        self.values.close()
