"""The log tells the pool's life, and nothing of a user's."""

from __future__ import annotations

import logging
import os
import signal

import pytest

from inspector.events import IsolateEnded
from inspector.pool import Pool
from tests.fixtures.engines import on_main
from tests.pool.recorder import Recorder


@on_main
async def test_hosts_and_isolates_that_come_and_go_are_in_the_log(
    pool: Pool, events: Recorder, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, "inspector.pool"):
        isolate = await pool.create_isolate(name="a private name", memory_limit="64 MiB")
        await isolate.evaluate("'a private value'")
        pid = pool.hosts[isolate.host_id].pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        await events.heard(IsolateEnded)
    text = caplog.text
    for words in (
        f"(pid {pid}) said hello after",
        "Isolate 1 was born in host process 1, memory limit 64 MiB",
        "in isolate 1: completed after",
        "Host process 1 was lost: killed by SIGKILL",
        "Isolate 1 ended: crashed",
    ):
        assert words in text, words
    assert "private" not in text
    assert [one.levelname for one in caplog.records if "lost" in one.message] == ["WARNING"]
