"""A prelude of the user's own that never ends, or throws: no isolate, a reason, and nothing left of it."""

from __future__ import annotations

import queue
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from inspector.engine.native import context
from inspector.engine.native.recorder import Recorder
from inspector.engine.port import IsolateSpec
from inspector.errors import PreludeError
from tests.engine.native.child import in_child
from tests.engine.native.lab import MIB, WAIT_S, Lab
from tests.engine.suite.own_preludes import BAD_PRELUDES

TASKS = Path("/proc/self/task")


@pytest.mark.skipif(not TASKS.exists(), reason="counts threads in /proc")
@in_child
def test_what_does_not_complete_is_no_isolate(lab: Lab) -> None:
    assert context.FILE_PATIENCE_S == 10
    context.FILE_PATIENCE_S = 0.2  # this process is the test's own
    lab.bench()
    threads = len(list(TASKS.iterdir()))  # V8's too
    for number, (source, words) in enumerate(BAD_PRELUDES.items(), 100):
        answers: queue.SimpleQueue[Any] = queue.SimpleQueue()
        spec = IsolateSpec(number, "bad", 64 * MIB, "web", prelude_files=(("mine.js", source),))
        lab.engine.create_isolate(spec, Recorder(), answers.put)
        refused = answers.get(timeout=WAIT_S)
        assert isinstance(refused, PreludeError), (source, refused)
        assert "mine.js" in str(refused) and words in str(refused), (source, refused)
    assert lab.bench().run("1 + 1").value == 2
    until = time.monotonic() + WAIT_S
    while len(list(TASKS.iterdir())) > threads + 1 and time.monotonic() < until:  # the one bench more
        threading.Event().wait(0.01)
    assert len(list(TASKS.iterdir())) <= threads + 1
