"""A window with everything open that it has, for tests that go through all of it."""

from __future__ import annotations

from tests.end_to_end.driver import Driver
from ui.features.sessions import Sessions

__all__ = ["open_all"]

_ACTIONS = (
    "sources", "scripts", "contain", "coldstart", "recordings", "messages", "send-value", "record-options",
    "new-isolate", "settings", "about", "glossary", "shortcuts", "heap-table", "palette",
)  # fmt: skip
_PROFILE = """{"nodes": [
  {"id": 1, "callFrame": {"functionName": "(root)", "scriptId": "0", "url": "", "lineNumber": -1, "columnNumber": -1},
   "hitCount": 0, "children": [2]},
  {"id": 2, "callFrame": {"functionName": "burn", "scriptId": "5", "url": "a.js", "lineNumber": 0, "columnNumber": 0},
   "hitCount": 9, "children": []}],
 "startTime": 0, "endTime": 1000, "samples": [2, 2, 2], "timeDeltas": [0, 300, 300]}"""


def open_all(driver: Driver, *more: str) -> Sessions:
    """Every dialog and panel, `more` of them by their actions, a profile, and what compares it with another."""
    for key in (*_ACTIONS, *more):
        driver.act(key)
    sessions = driver.all.feature(Sessions)
    driver.all.bridge.spawn(sessions.open_file(driver.file("a.cpuprofile", _PROFILE)))
    driver.until(lambda: len(sessions.views) == 1)
    sessions.compare(sessions.views[0])
    return sessions
