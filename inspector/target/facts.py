"""What the translation of a message may look up: the isolate's contexts, runs, scripts and state."""

from __future__ import annotations

from inspector.states import IsolateState
from inspector.target.active_runs import ActiveRuns
from inspector.target.contexts import ContextTable

__all__ = ["INTERNAL_PREFIX", "Facts"]

INTERNAL_PREFIX = "inspector:"  # urls of our preludes
_URLS_KEPT = 10_000


class Facts:
    """Learnt from the messages of one isolate, in their order."""

    def __init__(self, isolate_id: int) -> None:
        self.isolate_id = isolate_id
        self.contexts = ContextTable(isolate_id)
        self.runs = ActiveRuns()
        self.state = IsolateState.STARTING
        self.paths: dict[str, str] = {}  # url of a module -> its file
        self._urls: dict[str, str] = {}  # script id -> url: V8 leaves the url out of some call frames

    def remember_url(self, script_id: str, url: str) -> bool:
        """Whether the script is new."""
        if script_id in self._urls:
            return False
        if len(self._urls) >= _URLS_KEPT:
            del self._urls[next(iter(self._urls))]
        self._urls[script_id] = url
        return True

    def url_of(self, script_id: str) -> str:
        """The url under which V8 parsed a script; "" when unknown."""
        return self._urls.get(script_id, "")
