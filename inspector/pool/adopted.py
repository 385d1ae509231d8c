"""A process that was started before there was a loop, with the face of asyncio's own, as far as that is needed here."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import threading

__all__ = ["AdoptedProcess"]


class AdoptedProcess:
    """Made by `adopt`, in the loop that looks after it from then on. POSIX alone. A thread waits for the process."""

    def __init__(self, process: subprocess.Popen[bytes], stderr: asyncio.StreamReader) -> None:
        self._process = process
        self.pid = process.pid
        self.stdin = _Input(process)
        self.stderr = stderr
        self._transport: asyncio.ReadTransport | None = None
        self._ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._thread = threading.Thread(target=self._reap, name=f"wait for host process {self.pid}", daemon=True)
        self._thread.start()

    @classmethod
    async def adopt(cls, process: subprocess.Popen[bytes]) -> AdoptedProcess:
        """Take over a process whose standard input and error are pipes; it may have ended already."""
        loop = asyncio.get_running_loop()
        stderr = asyncio.StreamReader()
        adopted = cls(process, stderr)
        adopted._transport, _ = await loop.connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(stderr), process.stderr
        )
        return adopted

    @property
    def returncode(self) -> int | None:
        """None until its end is known here."""
        return self._ended.result() if self._ended.done() else None

    async def wait(self) -> int:
        return await asyncio.shield(self._ended)

    def kill(self) -> None:
        self._process.kill()

    def close(self) -> None:
        """Give the pipe of its standard error back."""
        if self._transport is not None:
            self._transport.close()

    def _reap(self) -> None:
        loop = self._ended.get_loop()
        code = self._process.wait()
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody asks any more
            loop.call_soon_threadsafe(self._tell, code)

    def _tell(self, code: int) -> None:
        self._thread.join()  # it has only its return left: who waits for the process finds no thread of it either
        if not self._ended.done():
            self._ended.set_result(code)


class _Input:
    """Its standard input. One short line goes there, which the empty pipe takes at once."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None
        self._pipe = process.stdin

    def write(self, data: bytes) -> None:
        """BrokenPipeError when the process is gone."""
        self._pipe.write(data)

    async def drain(self) -> None:
        """The pipe is not buffered."""

    def close(self) -> None:
        self._pipe.close()
