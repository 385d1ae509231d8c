"""How often each script of an isolate ran, and for how long: counted from the reports of runs."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from inspector.records import RunReport

__all__ = ["ScriptFigures", "ScriptLedger"]

_SCRIPTS_KEPT = 10_000


class ScriptFigures(Struct, frozen=True):
    """Totals over all runs that began with a script; `cpu_ms` leaves out runs whose CPU time the engine can't tell."""

    runs: int = 0
    run_ms: float = 0.0
    cpu_ms: float = 0.0
    compile_ms: float = 0.0


class ScriptLedger:
    """script_id -> figures, of one isolate. The scripts that have not run for longest are forgotten first."""

    def __init__(self) -> None:
        self._figures: dict[str, ScriptFigures] = {}

    def ran(self, report: RunReport) -> None:
        """A run settled."""
        if not report.script_id:
            return
        before = self._figures.pop(report.script_id, ScriptFigures())
        if len(self._figures) >= _SCRIPTS_KEPT:
            del self._figures[next(iter(self._figures))]
        timings = report.timings
        self._figures[report.script_id] = ScriptFigures(
            before.runs + 1,
            before.run_ms + timings.run_ms,
            before.cpu_ms + (timings.cpu_ms or 0.0),
            before.compile_ms + (timings.compile_ms or 0.0),
        )

    def compiled(self, script_id: str, compile_ms: float) -> None:
        """A script was compiled apart from its runs."""
        before = self._figures.get(script_id, ScriptFigures())
        self._figures[script_id] = replace(before, compile_ms=before.compile_ms + compile_ms)

    def of(self, script_id: str) -> ScriptFigures:
        """Zeros for a script that never ran."""
        return self._figures.get(script_id, ScriptFigures())
