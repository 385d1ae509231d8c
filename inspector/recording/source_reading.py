"""The sources of scripts, by V8's hash: from the run that brought them, else asked of V8.

What a run brought is known before V8 answers anything, also when its host is lost in the next moment. Bounded: a script
that evaluates text in a loop parses thousands of sources a second.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from inspector.errors import InspectorError
from inspector.events import Event, IsolateEnded, RunQueued, ScriptParsed
from inspector.recording.facts import SourceRead
from inspector.states import Capability
from inspector.target.clock import now_us

if TYPE_CHECKING:
    from inspector.pool import Isolate

__all__ = ["SourceReading"]

_LONGEST = 16 << 20  # UTF-16 units of one source
_MOST_BYTES = 256 << 20  # of all
_MOST_ASKED = 8  # at a time, of one isolate
_MOST_SCRIPTS = 2_000  # of one isolate
_RUNS_KEPT = 200

log = logging.getLogger(__name__)


class SourceReading:
    """Belongs to the pool's loop. `find` gives the isolate of an id that is in scope, else None."""

    def __init__(
        self,
        find: Callable[[int], Isolate | None],
        put: Callable[[Event], None],
        *,
        asks: bool,
        most_bytes: int = _MOST_BYTES,
    ) -> None:
        """`asks`: whether V8 is asked for what no run brought."""
        self._most_bytes = most_bytes
        self._find = find
        self._put = put
        self._asks = asks
        self._brought: OrderedDict[tuple[int, str], str] = OrderedDict()  # (isolate_id, url) -> text
        self._known: set[str] = set()
        self._bytes = 0
        self._seen: dict[int, int] = {}  # isolate_id -> scripts
        self._asked: dict[int, int] = {}  # isolate_id -> answers that are due

    def hear(self, event: Event) -> None:
        if isinstance(event, RunQueued):
            self._keep(event)
        elif isinstance(event, ScriptParsed):
            self._parsed(event)
        elif isinstance(event, IsolateEnded):
            self._seen.pop(event.isolate_id, None)
            self._asked.pop(event.isolate_id, None)

    def _keep(self, event: RunQueued) -> None:
        isolate = self._find(event.isolate_id)
        source = None if isolate is None else isolate.run_source(event.run_id)
        if source is None:
            return
        self._brought[(event.isolate_id, source.url)] = source.text
        if len(self._brought) > _RUNS_KEPT:
            self._brought.popitem(last=False)

    def _parsed(self, event: ScriptParsed) -> None:
        if event.internal or not event.hash or event.hash in self._known or event.length > _LONGEST:
            return
        text = self._brought.get((event.isolate_id, event.url))
        if text is not None and _units(text) == event.length:
            self._read(event.hash, text)
        elif self._asks:
            self._ask(event)

    def _ask(self, event: ScriptParsed) -> None:
        isolate = self._find(event.isolate_id)
        key = event.isolate_id
        seen = self._seen[key] = self._seen.get(key, 0) + 1
        if isolate is None or isolate.refusal(Capability.INSPECTOR):
            return
        if seen > _MOST_SCRIPTS or self._asked.get(key, 0) >= _MOST_ASKED:
            return
        self._asked[key] = self._asked.get(key, 0) + 1
        try:
            isolate.ask("Debugger.getScriptSource", {"scriptId": event.script_id}, partial(self._came, event))
        except InspectorError as error:
            log.debug("No source of %s: %s", event.url, error)

    def _came(self, event: ScriptParsed, answer: Mapping[str, Any] | InspectorError) -> None:
        self._asked[event.isolate_id] = max(0, self._asked.get(event.isolate_id, 0) - 1)
        if not isinstance(answer, InspectorError):
            self._read(event.hash, str(answer.get("scriptSource", "")))

    def _read(self, script_hash: str, text: str) -> None:
        if script_hash in self._known or self._bytes + len(text) > self._most_bytes:
            return
        self._known.add(script_hash)
        self._bytes += len(text)
        self._put(SourceRead(now_us(), script_hash, text))


def _units(text: str) -> int:
    """UTF-16 code units, as V8 counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
