"""`serve`: its one line, a debugger on its port, its end."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import COMMAND, PATIENCE_S
from tests.endpoint.client import attached
from tests.fixtures.command import Ended
from tests.fixtures.engines import ENGINES

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")


async def look(url: str) -> tuple[object, bool]:
    """What the isolate evaluates, and whether it has a debugger."""
    async with attached(url) as one:
        value = (await one.call("Runtime.evaluate", expression="globalThis.n"))["result"]["value"]
        return value, "result" in await asyncio.wait_for(one.ask("Debugger.enable"), PATIENCE_S)


@pytest.mark.parametrize("engine", ENGINES)
def test_serves_until_ctrl_c(
    engine: str, write: Callable[[str, str], Path], environment: dict[str, str], tmp_path: Path
) -> None:
    write("a.js", "console.log('up'); globalThis.n = 41;")
    write("b.js", "n += 1; throw new Error('told, and survived');")
    words = ["serve", "a.js", "b.js", "--json", "--port", "0", "--engine", engine]
    process = subprocess.Popen(
        [*COMMAND, *words], cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        assert told["host"] == "127.0.0.1"
        (isolate,) = told["isolates"]
        assert isolate["webSocketDebuggerUrl"].startswith(f"ws://127.0.0.1:{told['port']}/")
        assert asyncio.run(look(isolate["webSocketDebuggerUrl"])) == (42, engine == "native")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE_S)
    finally:
        process.kill()
        process.communicate()
    assert (process.returncode, out) == (0, b"")
    assert b"up\n" in err and b"told, and survived" in err and b"attached" in err


def test_what_can_t_be_served(cli: Callable[..., Ended]) -> None:
    assert cli("serve", "missing.js").code == 2
    assert cli("serve", "--port", "70000").code == 2
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = cli("serve", "--port", str(taken.getsockname()[1]))
    assert ended.code == 2 and "in use" in ended.err
