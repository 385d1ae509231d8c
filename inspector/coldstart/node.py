"""The same file in Node, where it is installed: a Worker in a process that is warm, and `node FILE` from nothing.

Node sees the file itself; what it prints is thrown away. Memory is measured in rounds of their own, so that measuring
costs no time.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import time
from pathlib import Path
from typing import Any

import resources
from inspector.coldstart.records import NODE, WORKER, Round
from inspector.errors import InspectorError

__all__ = ["Node"]

_PATIENCE_S = 60.0
_MARK = b"coldstart-memory "


class Node:
    """`open` it, measure, `close` it. `version` is "" when Node is not installed."""

    def __init__(self, file: Path, *, wanted: bool = True) -> None:
        self._file = file.resolve()
        self._program = (shutil.which("node") or "") if wanted else ""
        self._server: asyncio.subprocess.Process | None = None
        self._memory: int | None = None  # of `node FILE`
        self.version = ""
        self.worker_unavailable = self.process_unavailable = "Node is not installed" if wanted else "not asked for"

    async def open(self) -> None:
        """Look what works. Never raises for what the file does in Node."""
        if not self._program:
            return
        self.version = (await self._output("--version")).decode().strip()
        try:
            self._memory = await self._memory_of_process()
            self.process_unavailable = ""
        except InspectorError as error:
            self.process_unavailable = error.cause
        self._server = await asyncio.create_subprocess_exec(
            self._program,
            str(resources.path("js/coldstart/worker.cjs")),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            await self.worker()
            self.worker_unavailable = ""
        except InspectorError as error:
            self.worker_unavailable = error.cause

    async def close(self) -> None:
        if self._server is not None:
            assert self._server.stdin is not None
            self._server.stdin.close()
            if self._server.returncode is None:
                self._server.kill()
            await self._server.wait()

    async def worker(self) -> Round:
        """A Worker from `new` until its exit, timed inside Node. InspectorError when it fails."""
        assert self._server is not None and self._server.stdin is not None and self._server.stdout is not None
        try:
            self._server.stdin.write(json.dumps({"file": str(self._file)}).encode() + b"\n")
            async with asyncio.timeout(_PATIENCE_S):
                answer = json.loads(await self._server.stdout.readline())
        except (OSError, ValueError, TimeoutError) as error:
            raise InspectorError("Start a Worker", f"Node did not answer ({type(error).__name__})") from None
        if answer["error"]:
            raise InspectorError("Start a Worker", f"it failed in Node: {answer['error'][:200]}")
        stages = {"start": float(answer["onlineMs"]), "run and exit": float(answer["totalMs"] - answer["onlineMs"])}
        return Round(WORKER, float(answer["totalMs"]), stages, int(answer["addedBytes"]))

    async def process(self) -> Round:
        """`node FILE` from its start until it is reaped. InspectorError when it fails."""
        began = time.perf_counter()
        await self._run(str(self._file))
        return Round(NODE, (time.perf_counter() - began) * 1e3, {}, self._memory)

    async def _memory_of_process(self) -> int | None:
        """Highest resident memory of one `node FILE`; None when the file ends the process in its own way."""
        preload = str(resources.path("js/coldstart/memory.cjs"))
        errors = await self._run("--require", preload, str(self._file), stderr=asyncio.subprocess.PIPE)
        line = next((line for line in errors.splitlines() if line.startswith(_MARK)), b"")
        return int(line.removeprefix(_MARK)) if line else None

    async def _run(self, *arguments: str, stderr: int = asyncio.subprocess.DEVNULL) -> bytes:
        process = await asyncio.create_subprocess_exec(
            self._program,
            *arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=stderr,
        )
        try:
            async with asyncio.timeout(_PATIENCE_S):
                _, errors = await process.communicate()
        except TimeoutError:
            raise InspectorError("Run node FILE", f"it did not end within {_PATIENCE_S:g} s") from None
        finally:
            if process.returncode is None:  # out of patience, or cancelled
                process.kill()
                await process.wait()
        if process.returncode:
            raise InspectorError("Run node FILE", f"it ended with exit code {process.returncode}")
        return errors or b""

    async def _output(self, *arguments: str) -> bytes:
        pipe: Any = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(self._program, *arguments, stdout=pipe)
        return (await process.communicate())[0]
