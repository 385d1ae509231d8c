"""Every branch that is taken on Windows alone, forced here: paths, signals, process groups, pipes.

Nobody has seen the program on Windows; this holds the branches to what they say, and a new one to having a test.
"""

from __future__ import annotations

import asyncio
import builtins
import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from inspector.cdp import connection
from inspector.cdp.connection import Closed, Connection, Receiver
from inspector.cli import interrupts
from inspector.cli.exit_codes import ExitCode
from inspector.engine import library
from inspector.engine.native.abi import scopes
from inspector.errors import EngineError
from inspector.host import death, walls
from inspector.host import main as host_main
from inspector.pool import Pool, folders, host_start
from inspector.sources import urls
from inspector.system import paths as places
from inspector.system import signals

ROOT = Path(__file__).parents[1]
BRANCHING = {
    "inspector/cdp/connection.py",
    "inspector/engine/library.py",
    "inspector/engine/native/abi/scopes.py",
    "inspector/host/death.py",
    "inspector/host/main.py",
    "inspector/host/walls.py",
    "inspector/pool/folders.py",
    "inspector/pool/host_start.py",
    "inspector/sources/urls.py",
    "inspector/system/paths.py",
    "inspector/system/signals.py",
    "ui/app.py",  # tests/packaging/test_bootstrap.py: a display is asked for elsewhere alone
}


def posing(module: ModuleType, without: tuple[str, ...] = (), **changed: Any) -> Any:
    """A module with some names changed, for one user of it: changing the real one would break pathlib and the like."""
    made = ModuleType(module.__name__)
    made.__dict__.update({name: value for name, value in vars(module).items() if name not in without})
    made.__dict__.update(changed)
    return made


WINDOWS = posing(sys, platform="win32")
NT = posing(os, ("killpg", "getuid"), name="nt")


def test_every_file_that_branches_is_known() -> None:
    branch = re.compile(r"win32|os\.name\b|hasattr\(os, \"(?:killpg|geteuid)\"\)")
    files = [*(ROOT / "inspector").rglob("*.py"), *(ROOT / "ui").rglob("*.py")]
    found = {path.relative_to(ROOT).as_posix() for path in files if branch.search(path.read_text(encoding="utf-8"))}
    assert found == BRANCHING


def test_paths(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    for module in (places, library):
        monkeypatch.setattr(module, "sys", WINDOWS)
    made = [places.state_folder(), places.cache_folder(), places.recordings_folder()]
    assert [path.name for path in made] == ["Logs", "Cache", "Recordings"]
    assert all(tmp_path in path.parents for path in made)
    with pytest.raises(EngineError, match=r"mini_racer\.dll"):
        library.find()


def test_file_urls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(urls, "os", NT)
    monkeypatch.setattr("urllib.request.url2pathname", lambda path: f"by url2pathname: {path}")
    assert urls.path_of_url("file:///C:/a%20b.js") == "by url2pathname: /C:/a%20b.js"


def test_a_folder_is_never_swept_by_asking_its_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """os.kill(pid, 0) would end the process there."""

    def kill(*_: object) -> None:
        raise AssertionError("asked")

    monkeypatch.setattr(folders, "os", posing(NT, kill=kill))
    assert folders._alive(1) is True


def test_starting_a_host(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(host_start, "os", NT)
    monkeypatch.setattr(host_start, "sys", WINDOWS)
    numbers = {"CREATE_NO_WINDOW": 0x08000000, "BELOW_NORMAL_PRIORITY_CLASS": 0x4000}
    monkeypatch.setattr(host_start, "subprocess", posing(subprocess, (), **numbers))
    assert host_start.start_early_host() is None
    assert host_start.creation_flags() == 0x08004000
    environment = host_start.scrubbed_environment(tmp_path)
    assert environment["TEMP"] == str(tmp_path) and "TMPDIR" not in environment
    assert not any("setpriv" in word for word in host_start.host_command())


def test_walls(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without_resource(name: str, *more: Any) -> Any:
        if name == "resource":
            raise ImportError(name)
        return real(name, *more)

    monkeypatch.setattr(walls, "sys", WINDOWS)
    monkeypatch.setattr(builtins, "__import__", without_resource)
    assert walls._forbid_core_dumps() == "this system has no core dumps to forbid"
    assert walls.step_back() == "the pool starts it below normal priority"


def test_a_host_hears_the_end_of_its_pipe_without_sigterm(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[int] = []
    monkeypatch.setattr(death, "sys", WINDOWS)
    monkeypatch.setattr(death, "signal", posing(signal, signal=lambda number, _: taken.append(number)))
    monkeypatch.setattr(death, "die_after", lambda *_: None)
    reading, writing = os.pipe()
    ended = threading.Event()
    reasons: list[str] = []

    def ask_to_end(reason: str) -> None:
        reasons.append(reason)
        ended.set()

    death.watch_parent(ask_to_end, reading)
    os.close(writing)
    assert ended.wait(20) and reasons and taken == [signal.SIGINT]
    os.close(reading)


def test_a_buffered_host_does_not_replace_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """os.execv starts another process there, whom nobody knows."""

    def execv(*_: object) -> None:
        raise AssertionError("replaced")

    class Buffered:
        write_through = False

    monkeypatch.setattr(host_main, "os", posing(NT, execv=execv))
    monkeypatch.setattr(host_main, "sys", posing(sys, stdout=Buffered(), orig_argv=["python"]))
    host_main._unbuffer()


def test_memory_for_scopes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scopes, "sys", WINDOWS)
    before = len(scopes._blocks)
    assert scopes._low_block() > 0 and len(scopes._blocks) == before + 1


async def test_interrupts_without_signal_handlers_of_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = asyncio.get_running_loop()

    def refuse(*_: object) -> None:
        raise NotImplementedError

    monkeypatch.setattr(loop, "add_signal_handler", refuse)
    monkeypatch.setattr(loop, "remove_signal_handler", refuse)
    came: asyncio.Future[ExitCode] = loop.create_future()
    before = signal.getsignal(signal.SIGINT)
    with interrupts.interrupts(came.set_result):
        signal.raise_signal(signal.SIGINT)
        async with asyncio.timeout(20):
            assert await came is ExitCode.CANCELLED
    assert signal.getsignal(signal.SIGINT) is before


async def test_a_pool_without_process_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole way: the public API engine, as Windows has it; a host that loops is killed alone."""
    monkeypatch.setattr(signals, "os", NT)
    async with Pool(engine="portable") as pool:
        isolate = await pool.create_isolate(memory_limit="64 MiB")
        assert await isolate.default_context.evaluate("6 * 7", timeout=20) == 42
        host = next(iter(pool.hosts.values()))
        pool._hosts._supervisors[host.host_id]._process.kill()  # type: ignore[union-attr]
        with pytest.raises(Exception, match=r"lost|killed|ended"):
            await isolate.default_context.evaluate("for (;;);", timeout=20)


async def test_no_other_thread_writes_to_a_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    """GIVEN a connection on Windows, where a socket's number is none of a file THEN nothing goes past its loop."""
    monkeypatch.setattr(connection, "os", posing(os, name="nt"))
    closed = asyncio.get_running_loop().create_future()

    def ended(how: Closed) -> None:
        closed.set_result(how)

    listener = await connection.listen("secret", Receiver(lambda _: None, lambda _: None, ended))
    host: Connection = await connection.dial(listener.port, "secret", Receiver(*[lambda _: None] * 3))
    pool = await listener.accept(5)
    assert not host.send_text_at_once(b"{}")
    for end in (host, pool):
        end.abort()
        await end.wait_closed()
    await closed
