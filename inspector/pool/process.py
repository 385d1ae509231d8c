"""One host process as the operating system sees it: started behind walls, its last words kept, ended for good.

Walls at the start: an environment of a few harmless names, an empty working directory of its own (removed afterwards),
no inherited descriptors but the three standard ones, a session and process group of its own.
"""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from inspector.pool.adopted import AdoptedProcess
from inspector.pool.folders import make_folder, remove_folder
from inspector.pool.host_start import EarlyHost, creation_flags, scrubbed_environment
from inspector.pool.last_words import Tail
from inspector.system.signals import end_process

__all__ = ["HostProcess"]

log = logging.getLogger(__name__)

_REAP_PATIENCE_S = 10.0  # a process that was killed is gone in milliseconds, unless the machine is very busy
_LAST_WORDS_PATIENCE_S = 0.5  # for standard error to reach its end after the process did


class HostProcess:
    """A child that reads one line from its standard input and lives until that closes, or it is killed."""

    def __init__(self, process: asyncio.subprocess.Process | AdoptedProcess, folder: Path) -> None:
        self._process = process
        self._folder = folder
        self._tail = Tail()
        self._reader = asyncio.create_task(self._read_stderr(), name=f"stderr of host {process.pid}")

    @classmethod
    async def start(cls, command: list[str]) -> HostProcess:
        """Start `command`. OSError when the system can't."""
        folder = make_folder()
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
                cwd=folder,
                env=scrubbed_environment(folder),
                close_fds=True,
                start_new_session=True,
                creationflags=creation_flags(),
            )
        except BaseException:
            remove_folder(folder)
            raise
        return cls(process, folder)

    @classmethod
    async def adopt(cls, early: EarlyHost) -> HostProcess:
        """Take over one that was started ahead of the pool."""
        return cls(await AdoptedProcess.adopt(early.process), early.folder)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """None while it lives; negative: the signal's number."""
        return self._process.returncode

    @property
    def last_words(self) -> str:
        """The bounded tail of its standard error, so far."""
        return self._tail.text()

    async def tell(self, line: bytes) -> None:
        """Write one line to its standard input, which stays open. A process that is gone already hears nothing."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(line + b"\n")
            await self._process.stdin.drain()
        except ConnectionError as error:  # its exit code says more
            log.debug("Host process %d did not take its start order: %s", self.pid, error)

    async def ended(self) -> int:
        """Wait for its end; gives its exit code."""
        return await self._process.wait()

    def kill(self) -> None:
        """End it and whatever it started, now. Harmless when it has ended."""
        if self._process.returncode is not None:
            return
        end_process(self._process.pid, self._process.kill)  # it leads a session: start_new_session

    async def clean_up(self) -> None:
        """Kill it when it still lives, reap it, hear its last words out, remove its folder."""
        self.kill()
        try:
            async with asyncio.timeout(_REAP_PATIENCE_S):
                await self._process.wait()
            await asyncio.wait([self._reader], timeout=_LAST_WORDS_PATIENCE_S)
        except TimeoutError:
            log.error("Host process %d was killed and is still there after %g s", self._process.pid, _REAP_PATIENCE_S)
        finally:
            self._reader.cancel()
            if self._process.stdin is not None:
                self._process.stdin.close()
            _close_transport(self._process)
            remove_folder(self._folder)

    async def _read_stderr(self) -> None:
        assert self._process.stderr is not None
        while data := await self._process.stderr.read(16384):
            self._tail.feed(data)


def _close_transport(process: asyncio.subprocess.Process | AdoptedProcess) -> None:
    if isinstance(process, AdoptedProcess):
        process.close()
        return
    # asyncio keeps a pipe's transport open when a grandchild holds its other end; there is no public name for it.
    transport = getattr(process, "_transport", None)
    if transport is not None:
        transport.close()
