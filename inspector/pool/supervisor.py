"""Watches over one host process from its start to its end, and says how that came.

One task lives as long as the process: spawn, hello, heartbeat; then either a graceful close that was asked for, or a
loss with its evidence. Whatever happens the process is reaped, its folder removed, and all that waited is resolved.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import orjson

from inspector.cdp.connection import listen
from inspector.cdp.message import Notification
from inspector.errors import GoneError, HostLostError, InspectorError, LinkError
from inspector.events import (
    GcBatchArrived,
    HostLost,
    HostMeasured,
    HostStarted,
    HostStateChanged,
    ProblemReported,
    SampleBatchArrived,
)
from inspector.pool import starvation
from inspector.pool.event_stream import EventStream
from inspector.pool.host import Host
from inspector.pool.host_start import EarlyHost, host_command
from inspector.pool.last_words import blames_engine, reason_of
from inspector.pool.link import HostLink
from inspector.pool.process import HostProcess
from inspector.states import HostState, IsolateState
from inspector.target.clock import now_us
from inspector.target.host_domain import Hello, read_hello, translate_host
from inspector.wire import KIND_GC, KIND_SAMPLES, LINK_VERSION

if TYPE_CHECKING:
    from inspector.engine.choice import EngineChoice

__all__ = ["Supervisor"]

HELLO_PATIENCE_S = 30.0
PING_EVERY_S = 2.0
PING_WARN_S = 5.0  # after this long without an answer a problem is told
PING_PATIENCE_S = 30.0  # after this long the host is killed: its loop is stuck
STARVED_PATIENCE_S = 300.0  # unless the machine leaves it no processor: then after this long
CLOSE_GRACE_S = 3.0
_EXIT_PATIENCE_S = 1.0  # for a process to end after its connection did

T = TypeVar("T")

log = logging.getLogger(__name__)


class Supervisor:
    """Of one host. `lost` is called at once when it is lost, and answers in how many ms its replacement starts."""

    def __init__(
        self,
        host: Host,
        engine: EngineChoice,
        events: EventStream,
        lost: Callable[[Supervisor], int | None],
        early: EarlyHost | None = None,
    ) -> None:
        """`early`: a process that waits for its start order already."""
        loop = asyncio.get_running_loop()
        self.host = host
        self.link = HostLink()
        self._engine = engine
        self._events = events
        self._lost = lost
        self._early = early
        self._process: HostProcess | None = None
        self._hello: asyncio.Future[Hello] = loop.create_future()
        self._link_over: asyncio.Future[None] = loop.create_future()
        self._stop = asyncio.Event()
        self._ready: asyncio.Future[HostStarted] = loop.create_future()
        self._ready.add_done_callback(lambda future: future.cancelled() or future.exception())  # may have no waiter
        self._last_words = ""  # V8's own, by the link
        self.link.on_host = self._heard
        self.link.on_records = self._records
        self.link.on_problem = self._problem
        self.link.on_closed = self._link_closed
        self._task = asyncio.create_task(self._live(), name=f"supervisor of host {host.letter}")

    async def ready(self) -> HostStarted:
        """Wait until it takes isolates. HostLostError when it never will."""
        return await asyncio.shield(self._ready)

    async def close(self) -> None:
        """End it in order, by force after a grace time; returns when nothing of it is left."""
        self._stop.set()
        await asyncio.wait([self._task])

    def on_over(self, tell: Callable[[], None]) -> None:
        """`tell` is called when nothing of the host is left and all was told."""
        self._task.add_done_callback(lambda _: tell())

    def kill(self) -> None:
        """End it now; that is a loss."""
        if self._process is not None:
            self._process.kill()

    # --- its life ---

    async def _live(self) -> None:
        reason = ""
        try:
            await self._until_ready()
            reason = await self._watch()
        except (InspectorError, OSError) as error:
            reason = error.cause if isinstance(error, InspectorError) else f"it could not be started: {error}"
        except asyncio.CancelledError:
            self._stop.set()
            raise
        except Exception as error:
            log.exception("The supervisor of host %s failed", self.host.letter)
            reason = f"its supervisor failed ({type(error).__name__}: {error})"
        finally:
            await self._finish(reason)

    async def _until_ready(self) -> None:
        if self._early is not None:
            began = self._early.began_s
            self._process = await HostProcess.adopt(self._early)
        else:
            began = time.perf_counter()
            self._process = await HostProcess.start(host_command())
        try:
            async with asyncio.timeout(HELLO_PATIENCE_S):
                hello = await self._first(self._called_back())
        except TimeoutError:
            raise LinkError("Start a host process", f"it did not say hello within {HELLO_PATIENCE_S:g} s") from None
        if hello is None:
            return  # it ended, or was told to, before
        if hello.link_version != LINK_VERSION:
            cause = f"it speaks version {hello.link_version} of the link, not {LINK_VERSION}"
            raise LinkError("Start a host process", cause)
        self._announce(hello, (time.perf_counter() - began) * 1000)

    async def _called_back(self) -> Hello:
        assert self._process is not None
        secret = secrets.token_hex(32)
        listener = await listen(secret, self.link.receiver())
        try:
            line = {
                "port": listener.port,
                "secret": secret,
                "hostId": self.host.host_id,
                "letter": self.host.letter,
                "engine": self._engine.name,
                "linkVersion": LINK_VERSION,
                "ownsDirectory": True,
            }
            await self._process.tell(orjson.dumps(line))
            self.link.attach(await listener.accept(HELLO_PATIENCE_S))
        finally:
            listener.close()
        return await self._hello

    def _announce(self, hello: Hello, start_ms: float) -> None:
        host = self.host
        host.state = HostState.READY
        host.started = HostStarted(
            at_us=now_us(),
            host_id=host.host_id,
            letter=host.letter,
            pid=hello.pid,
            engine=hello.engine,
            engine_reason=hello.engine_reason or self._engine.reason,
            v8_version=hello.v8_version,
            v8_flags=hello.v8_flags,
            capabilities=hello.capabilities,
            walls=hello.walls,
            start_ms=start_ms,
            alone=host.alone,
        )
        self._events.publish(host.started)
        self._publish_state()
        self._ready.set_result(host.started)

    async def _watch(self) -> str:
        """Until it ends or is to end; gives why, "" when the process itself will tell."""
        if not self._ready.done():
            return ""
        why = await self._first(self._heartbeat())
        if self._stop.is_set():
            await self._close_in_order()
        return why or ""

    async def _first(self, work: Coroutine[Any, Any, T]) -> T | None:
        """`work`'s result; None when the process ended, the link closed or a stop was asked for before."""
        assert self._process is not None
        task = asyncio.create_task(work)
        ended = asyncio.create_task(self._process.ended())
        stop = asyncio.create_task(self._stop.wait())
        try:
            waited: list[asyncio.Future[Any]] = [task, ended, stop, self._link_over]
            await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
            return task.result() if task.done() else None
        finally:
            for one in (task, ended, stop):
                one.cancel()
            await asyncio.gather(task, ended, stop, return_exceptions=True)

    async def _heartbeat(self) -> str:
        while True:
            await asyncio.sleep(PING_EVERY_S)
            answer = asyncio.ensure_future(self.link.command("Host.ping"))
            try:
                silent_s = await self._silence(answer)
                if silent_s:
                    return f"did not answer for {silent_s:g} s and was killed"
                answer.result()
            except GoneError:
                await self._link_over
            finally:
                answer.cancel()

    async def _silence(self, answer: asyncio.Future[Any]) -> float:
        """Wait for an answer; 0.0 when it came, else after how many seconds patience is over."""
        done, _ = await asyncio.wait([answer], timeout=PING_WARN_S)
        if done:
            return 0.0
        self._problem(f"it has not answered for {PING_WARN_S:g} s", "It is ended if it goes on like that.")
        looked_s, silent_s = PING_PATIENCE_S - PING_WARN_S, PING_PATIENCE_S
        share = starvation.look_at(self._pid)
        done, _ = await asyncio.wait([answer], timeout=looked_s)
        while not done and silent_s < STARVED_PATIENCE_S:
            before, share = share, starvation.look_at(self._pid)
            if not starvation.starved(before, share, looked_s):
                break
            self._problem(f"it has not answered for {silent_s:g} s: other programs leave it no processor")
            looked_s, silent_s = PING_PATIENCE_S, silent_s + PING_PATIENCE_S
            done, _ = await asyncio.wait([answer], timeout=looked_s)
        return 0.0 if done else silent_s

    @property
    def _pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def _close_in_order(self) -> None:
        assert self._process is not None
        self.host.state = HostState.STOPPING
        self._publish_state()
        try:
            async with asyncio.timeout(CLOSE_GRACE_S):
                await self.link.command("Host.close")
                await self._process.ended()
        except InspectorError as error:
            log.debug("Host %s did not answer Host.close: %s", self.host.letter, error)
        except TimeoutError:
            log.warning("Host %s did not close within %g s and is killed", self.host.letter, CLOSE_GRACE_S)

    async def _finish(self, reason: str) -> None:
        """Reap it, gather the evidence, tell, and resolve everything that waited."""
        asked = self._stop.is_set()
        restart_in_ms = None
        if not asked:
            self.host.state = HostState.LOST
            restart_in_ms = self._lost(self)  # before the evidence is in: a replacement must not wait for it
        exit_code = None
        if self._process is not None:
            if not asked and not reason:
                await asyncio.wait([asyncio.ensure_future(self._process.ended())], timeout=_EXIT_PATIENCE_S)
            exit_code = self._process.exit_code
            await self._process.clean_up()
        if asked:
            self._tell_closed()
        else:
            self._tell_lost(exit_code, reason, restart_in_ms)

    def _tell_closed(self) -> None:
        reason = "its host process was closed"
        self.host.state = HostState.CLOSED
        self._resolve(GoneError(f"Use host process {self.host.letter}", reason), IsolateState.DISPOSED, reason)
        self._publish_state()

    def _tell_lost(self, exit_code: int | None, reason: str, restart_in_ms: int | None) -> None:
        host = self.host
        words = "" if self._process is None else self._process.last_words
        if self._last_words and self._last_words not in words:
            words = f"{words}\n{self._last_words}".strip()
        reason = reason or reason_of(exit_code, words)
        if blames_engine(exit_code):
            from inspector.engine.choice import forget

            forget()
        self._publish_state()
        self._events.publish(HostLost(now_us(), host.host_id, exit_code, reason, words, restart_in_ms))
        error = HostLostError(f"Use host process {host.letter}", reason, _remedy(words, reason))
        self._resolve(error, IsolateState.CRASHED, f"host process {host.letter}: {reason}")

    def _resolve(self, error: GoneError, state: IsolateState, reason: str) -> None:
        if not self._ready.done():
            self._ready.set_exception(error)
        self.link.fail(error)
        for isolate in list(self.host.isolates.values()):
            isolate.end(state, reason)

    # --- what it says ---

    def _heard(self, notification: Notification) -> None:
        method, params = notification.method, notification.params
        if method == "Host.hello":
            self._hear_hello(params)
        elif method == "Host.isolateDisposed":
            isolate = self.host.isolates.get(int(params["isolateId"]))
            if isolate is not None:
                isolate.disposed(str(params.get("reason") or "disposed"))
        elif method == "Host.lastWords":
            self._last_words = str(params.get("text") or "")
        else:
            event = translate_host(notification, self.host.host_id, now_us())
            if event is None:
                raise LinkError(f"Read {method}", "the host told something that this version does not know")
            if isinstance(event, HostMeasured):
                self._measured(event)
            self._events.publish(event)

    def _measured(self, event: HostMeasured) -> None:
        self.host.measured = event
        for isolate_id, cpu_us, executing_us in event.isolates:
            isolate = self.host.isolates.get(isolate_id)
            if isolate is not None:
                isolate.note_times(cpu_us, executing_us)

    def _hear_hello(self, params: Mapping[str, Any]) -> None:
        if self._hello.done():
            return
        try:
            self._hello.set_result(read_hello(params))
        except LinkError as error:
            self._hello.set_exception(error)

    def _records(self, kind: int, records: bytes) -> None:
        if kind == KIND_SAMPLES:
            self.host.note_samples(records)
            self._events.publish(SampleBatchArrived(now_us(), self.host.host_id, records))
        elif kind == KIND_GC:
            self._events.publish(GcBatchArrived(now_us(), self.host.host_id, records))
        else:
            raise LinkError("Read a batch", f"kind 0x{kind:02x} is unknown")

    def _link_closed(self, reason: str) -> None:
        log.debug("The link to host %s closed: %s", self.host.letter, reason)
        if not self._link_over.done():
            self._link_over.set_result(None)

    def _problem(self, cause: str, remedy: str = "") -> None:
        host = self.host
        action = f"Hear host process {host.letter}"
        self._events.publish(ProblemReported(now_us(), "warning", action, cause, remedy, host_id=host.host_id))

    def _publish_state(self) -> None:
        if self.host.started is not None:
            self._events.publish(HostStateChanged(now_us(), self.host.host_id, self.host.state))


def _remedy(words: str, reason: str) -> str:
    line = words.rsplit("\n", 1)[-1].strip()[:300]
    return f"Its last words: {line}" if line and line not in reason else ""
