"""A real host process with its link, driven by a test: commands out, events and batches in."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import secrets
import struct
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from inspector.cdp.connection import Closed, Connection, Receiver, listen
from inspector.errors import LinkError, ProtocolError
from inspector.wire import FRAME_HEADER, GC, KIND_SAMPLES, LINK_VERSION, SAMPLE
from tests.fixtures.engines import MAIN

REPOSITORY = Path(__file__).resolve().parents[2]
PATIENCE_S = 30.0
PYTHON_PATH = str(REPOSITORY)
_MIB = 1 << 20
_ARGUMENTS = ("-m", "inspector.host")


class HostProcess:
    """One host, its connection, and everything it has said so far."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.unasked: list[dict[str, Any]] = []  # answers that nobody waits for, or no more
        self.samples: list[tuple[int, ...]] = []
        self.collections: list[tuple[int, ...]] = []
        self.frames: list[int] = []  # how many messages each text frame held
        self.hello: dict[str, Any] = {}
        self.errors = ""
        self.grants = True
        self._ids = itertools.count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._changed = asyncio.Event()
        self._isolate_ids = itertools.count(1)
        self._stderr: asyncio.Task[None] | None = None
        self.connection: Connection
        self.process: asyncio.subprocess.Process

    async def start(
        self, engine: str = MAIN, *, arguments: Sequence[str] = _ARGUMENTS, unbuffered: bool = True, **order: Any
    ) -> None:
        """Spawn it, write its start order, wait for its hello."""
        secret = secrets.token_hex(32)
        listener = await listen(secret, Receiver(self._on_text, self._on_binary, self._on_closed))
        self._folder = tempfile.TemporaryDirectory()
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            *arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            cwd=self._folder.name,
            env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": PYTHON_PATH}
            | ({"PYTHONUNBUFFERED": "1"} if unbuffered else {}),
            start_new_session=True,
        )
        self._stderr = asyncio.create_task(self._read_errors())
        line = {"port": listener.port, "secret": secret, "hostId": 1, "letter": "A", "engine": engine}
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(line | {"linkVersion": LINK_VERSION} | order).encode() + b"\n")
        self.connection = await listener.accept(PATIENCE_S)
        self.hello = (await self.event("Host.hello"))["params"]

    async def end(self) -> None:
        """Kill it if it lives, and collect it."""
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()
        if self._stderr is not None:
            await self._stderr
        if hasattr(self, "connection"):
            self.connection.abort()
            await self.connection.wait_closed()
        assert self.process.stdin is not None
        self.process.stdin.close()
        self._folder.cleanup()

    async def command(self, method: str, params: Mapping[str, Any] | None = None, session: str = "") -> dict[str, Any]:
        """Ask and wait. Raises ProtocolError for an error answer."""
        answer = await asyncio.wait_for(self.ask(method, params, session), PATIENCE_S)
        if "error" in answer:
            raise ProtocolError(method, answer["error"]["message"], code=answer["error"]["code"])
        return dict(answer["result"])

    def ask(
        self, method: str, params: Mapping[str, Any] | None = None, session: str = ""
    ) -> asyncio.Future[dict[str, Any]]:
        """Ask; the future is the whole answer."""
        command_id = next(self._ids)
        message: dict[str, Any] = {"id": command_id, "method": method, "params": dict(params or {})}
        if session:
            message["sessionId"] = session
        return self.raw(json.dumps(message).encode(), command_id)

    def raw(self, text: bytes, command_id: int) -> asyncio.Future[dict[str, Any]]:
        """Send any bytes; the future is the answer to `command_id`."""
        future = self._answers[command_id] = asyncio.get_running_loop().create_future()
        self.connection.send_text(text)
        return future

    async def isolate(self, limit: int = 128 * _MIB, **params: Any) -> tuple[int, str, int]:
        """A new isolate: its id, its session, its default context."""
        isolate_id = params.pop("isolateId", None) or next(self._isolate_ids)
        given = {"isolateId": isolate_id, "name": f"isolate {isolate_id}", "memoryLimitBytes": limit, **params}
        born = await self.command("Host.createIsolate", given)
        return isolate_id, born["sessionId"], born["contextId"]

    def run(
        self, session: str, context: int, source: str, run_id: int = 1, **params: Any
    ) -> asyncio.Future[dict[str, Any]]:
        """Start a run; the future is the whole answer."""
        given = {"runId": run_id, "contextId": context, "source": source, "url": "test.js", "kind": "script", **params}
        return self.ask("Isolate.run", given, session)

    async def report(self, session: str, context: int, source: str, **params: Any) -> dict[str, Any]:
        """Run to the end; the report."""
        answer = await asyncio.wait_for(self.run(session, context, source, **params), PATIENCE_S)
        return dict(answer["result"]["report"])

    async def event(
        self, method: str, session: str = "", where: Callable[[dict[str, Any]], bool] = lambda _: True
    ) -> dict[str, Any]:
        """The first event of this method (and session) whose params satisfy `where`, now or later."""

        def found() -> dict[str, Any] | None:
            for event in self.events:
                if event["method"] == method and event.get("sessionId", "") == session and where(event["params"]):
                    return event
            return None

        return dict(await self.until(found))

    async def state(self, session: str, state: str) -> dict[str, Any]:
        return await self.event("Isolate.stateChanged", session, lambda params: params["state"] == state)

    async def until(self, found: Callable[[], Any], patience_s: float = PATIENCE_S) -> Any:
        """Wait until `found()` is true; looked at whenever something arrived."""
        async with asyncio.timeout(patience_s):
            while not (result := found()):
                self._changed.clear()
                await self._changed.wait()
            return result

    def samples_of(self, isolate_id: int) -> list[tuple[int, ...]]:
        """Its records: (isolate_id, mode, at_us, window_us, 15 words)."""
        return [sample for sample in self.samples if sample[0] == isolate_id]

    def _on_text(self, frame: bytes) -> None:
        texts = frame.split(b"\n")
        self.frames.append(len(texts))
        for text in texts:
            self._on_message(text)

    def _on_message(self, text: bytes) -> None:
        message = json.loads(text)
        if "sessionId" in message and self.grants:
            grant = {"method": "Host.grantCredit", "params": {"bytes": len(text)}}
            if self.connection.is_open:
                self.connection.send_text(json.dumps(grant).encode())
        if "method" in message:
            self.events.append(message)
        else:
            future = self._answers.pop(message.get("id"), None)
            if future is not None and not future.done():
                future.set_result(message | {"eventsBefore": len(self.events)})
            elif message.get("id") is None:
                self.events.append({"method": "", "params": message})
            else:
                self.unasked.append(message)
        self._changed.set()

    def _on_closed(self, closed: Closed) -> None:
        for future in self._answers.values():
            if not future.done():
                future.set_exception(LinkError("Wait for an answer", f"the link closed ({closed.by}: {closed.reason})"))
                future.exception()  # looked at: a test that does not await it does not fail
        self._changed.set()

    def _on_binary(self, data: bytes) -> None:
        kind, version, _, count = FRAME_HEADER.unpack_from(data)
        assert version == LINK_VERSION
        layout: struct.Struct = SAMPLE if kind == KIND_SAMPLES else GC
        records = list(layout.iter_unpack(data[FRAME_HEADER.size :]))
        assert len(records) == count
        (self.samples if kind == KIND_SAMPLES else self.collections).extend(records)
        self._changed.set()

    async def _read_errors(self) -> None:
        assert self.process.stderr is not None
        while line := await self.process.stderr.readline():
            self.errors += line.decode(errors="replace")
            self._changed.set()


@asynccontextmanager
async def running_host(engine: str = MAIN, **order: Any) -> AsyncIterator[HostProcess]:
    """A host that is killed at the end, whatever happened."""
    host = HostProcess()
    try:
        await host.start(engine, **order)
        yield host
    finally:
        await host.end()
