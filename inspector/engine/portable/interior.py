"""What lives on the thread of one isolate, and how it is ended from outside."""

from __future__ import annotations

import time

from inspector.engine.port import IsolateSink, IsolateSpec
from inspector.engine.portable.agent import Agent
from inspector.engine.portable.clock import from_wall_ms, now_us
from inspector.engine.portable.console import Console
from inspector.engine.portable.evaluation import Evaluation
from inspector.engine.portable.racer import Racer
from inspector.engine.portable.ring import Ring
from inspector.engine.portable.run import Evaluated, Run, Verdict
from inspector.engine.portable.runs import Runs
from inspector.engine.portable.samples import Samples
from inspector.engine.portable.turns import Turns
from inspector.engine.portable.worker import Worker

__all__ = ["Interior"]


class Interior:
    """Made on the isolate's thread by `make`; belongs to it."""

    def __init__(self, spec: IsolateSpec, sink: IsolateSink, worker: Worker, agent: Agent, ring: Ring) -> None:
        racer = agent.racer
        self.spec = spec
        self.sink = sink
        self.worker = worker
        self.racer = racer
        self.agent = agent
        self.runs = Runs(sink)
        self.console = Console(worker.loop, sink, ring)
        self.samples = Samples(worker.loop, racer, sink, worker.post)
        self.turns = Turns(self, ring)
        self._evaluation = Evaluation(racer, agent, self.turns.fence)

    @classmethod
    async def make(cls, spec: IsolateSpec, sink: IsolateSink, worker: Worker, racer: Racer) -> Interior:
        """Installs our JavaScript, before any of the user's."""
        agent = Agent(racer)
        ring = Ring(await agent.install(web=spec.prelude != "bare"))
        return cls(spec, sink, worker, agent, ring)

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

    def stop(self, verdict: Verdict, run_id: int | None) -> None:
        """End a run (None: all that started) with `verdict`, whether it executes, waits, or is in line."""
        active = self.turns.active_number
        interrupts = run_id is None and self.turns.busy
        for run in self.runs.matching(run_id):
            if run.started and run.number == active:
                run.verdict = run.verdict or verdict
                interrupts = True
            else:
                self.runs.settle(run, Evaluated(verdict=verdict))
                if run.started:
                    self.worker.post(lambda number=run.number: self._abandon(number))  # type: ignore[misc]
        if interrupts:
            self.turns.interrupt()

    async def _abandon(self, number: int) -> None:
        """Drop the timers of a run that has settled, and tell what that leaves."""
        await self.turns.turn(lambda: self.agent.call("abandon", number))

    def close(self) -> None:
        """Free the isolate, whatever it does; what is open settles as cancelled."""
        self.samples.close()
        self.racer.close()
        self.console.rest()
        self.console.close()
        self.runs.close()
