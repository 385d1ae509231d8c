"""The selected file is run where it stands: what a folder brought, and what ran before."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from ui.features.feature import Feature
from ui.models.records import ScriptRecord
from ui.specs import Situation

__all__ = ["Folders"]


class Folders(Feature):
    keys = ("run-file",)

    def grant(self, key: str) -> None:
        script = self._script()
        if script is not None:
            parsed = script.parsed
            run = self.bench.commands.run_files(parsed.isolate_id, parsed.context_id, [Path(parsed.path)])
            self.bench.bridge.spawn(run, "run a file")

    def refine(self, now: Situation) -> Situation:
        script = self._script()
        return now if script is None else replace(now, file=script.parsed.path)

    def _script(self) -> ScriptRecord | None:
        """The selected script, when it is from a file and its context lives."""
        chosen = self.bench.selection
        record = self.bench.state.isolates.get(chosen.isolate_id or 0)
        context = record.contexts.get(chosen.context_id or 0) if record is not None else None
        script = context.scripts.get(chosen.script_id or "") if context is not None and not context.released else None
        return script if script is not None and script.parsed.path else None
