"""A prelude of the user's own that never ends, or throws: no isolate, a reason, and nothing left of it."""

from __future__ import annotations

import threading

from inspector.engine.port import IsolateSpec
from inspector.engine.portable import interior
from inspector.errors import PreludeError
from tests.engine.portable.child import in_child
from tests.engine.portable.lab import MIB, Lab, Subject
from tests.engine.suite.own_preludes import BAD_PRELUDES


@in_child
def test_what_does_not_complete_is_no_isolate(lab: Lab) -> None:
    assert interior.PRELUDE_PATIENCE_S == 10
    interior.PRELUDE_PATIENCE_S = 0.2  # this process is the test's own
    for number, (source, words) in enumerate(BAD_PRELUDES.items(), 100):
        spec = IsolateSpec(number, "bad", 64 * MIB, "web", prelude_files=(("mine.js", source),))
        refused = Subject(lab.engine, spec).born
        assert isinstance(refused, PreludeError), (source, refused)
        assert "mine.js" in str(refused) and words in str(refused), (source, refused)
    assert lab.isolate().run("1 + 1").value == 2
    assert threading.active_count() < 10, threading.enumerate()
