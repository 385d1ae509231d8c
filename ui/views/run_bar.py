"""The run of the selected isolate: what runs and for how long with Stop; then how it ended, with what comes next."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from inspector.states import Outcome
from inspector.text import visible
from inspector.units import format_ms
from ui.icons import icon
from ui.models.labels import short_label
from ui.models.records import RunRecord
from ui.models.runs import elapsed_ms, run_state
from ui.models.tip import plain_tip
from ui.style import SPACE, say
from ui.theme import Theme, Themes
from ui.views.elided_label import ElidedLabel

__all__ = ["RunBar"]


class RunBar(QFrame):
    """`stop_requested` and `cancel_requested` carry a run id; `rest_requested` asks for the files that did not run."""

    stop_requested = Signal(int)
    cancel_requested = Signal(int)
    again_requested = Signal()
    rest_requested = Signal()

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bar")
        self._themes = themes
        self._run: RunRecord | None = None
        self._drawn: tuple[object, ...] = ()
        self.what = _label()
        self.state = _label()
        self.words = ElidedLabel(self)
        self.words.setProperty("tone", "muted")
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.stop = QPushButton("Stop")
        self.cancel = QPushButton("Cancel")
        self.again = QPushButton("Run again")
        self.rest = QPushButton("Run the rest")
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE + 4, 6, SPACE + 4, 6)
        row.setSpacing(SPACE + 4)
        for label in (self.what, self.state):
            row.addWidget(label)
        row.addWidget(self.words, 1)
        for button in (self.rest, self.again, self.cancel, self.stop):
            row.addWidget(button)
        self.stop.clicked.connect(lambda: self._run and self.stop_requested.emit(self._run.run_id))
        self.cancel.clicked.connect(lambda: self._run and self.cancel_requested.emit(self._run.run_id))
        self.again.clicked.connect(self.again_requested)
        self.rest.clicked.connect(self.rest_requested)
        themes.changed.connect(self._dress)
        self._dress(themes.current)
        self.show_run(None, 0)

    def show_run(
        self, run: RunRecord | None, at_us: int, *, not_run: int = 0, alive: bool = True, paused: bool = False
    ) -> None:
        """Draw a run as it stands; None hides the bar. `not_run`: files that a failure left out. `alive`: its isolate
        can run something again. `paused`: it stands still, and so does its time; the pause has a bar of its own.
        """
        self._run = run
        self.setVisible(run is not None)
        if run is None:
            return
        elapsed = format_ms(round(elapsed_ms(run, at_us), -2) if run.active else elapsed_ms(run, at_us))
        paused = paused and run.active
        elapsed = "" if paused else elapsed
        drawn = (run.run_id, run_state(run), elapsed, not_run, alive, paused)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        self.what.setText(visible(run.queued.label, 40))
        self.what.setToolTip(plain_tip(visible(run.queued.path or run.queued.label, 400)))
        self._put_state(run, elapsed)
        if paused and not run.waits:
            say(self.state, "paused", "warn")
        running = run.active and not run.waits and not paused
        self.stop.setVisible(running)
        self.cancel.setVisible(run.waits)
        self.again.setVisible(alive and not run.active and bool(run.queued.path))
        self.rest.setVisible(alive and not_run > 0)
        self.rest.setText(f"Run the rest ({not_run})")

    def _put_state(self, run: RunRecord, elapsed: str) -> None:
        report = run.report
        tone = "muted"
        why = f" ({visible(run.queued.kind_reason, 200)})" if run.queued.kind_reason else ""
        words = f"{run.queued.kind}{why}"
        state = (
            run_state(run)
            if run.waits
            else f"{run_state(run)} {elapsed}"
            if report is None
            else f"{run_state(run)} in {elapsed}"
        )
        if report is not None:
            tone = _TONES.get(report.outcome, "error")
            words = f"→ {report.preview}" if report.preview else report.evidence
            if report.error is not None:
                place = f" ({short_label(report.error.file)}:{report.error.line})" if report.error.line else ""
                words = f"{report.error.name}: {report.error.message}{place}"
        say(self.state, state, tone)
        self.words.setText(visible(words, 500))

    def _dress(self, theme: Theme) -> None:
        self.stop.setIcon(icon("stop", theme.error, theme.faint))
        self.again.setIcon(icon("run-again", theme.text, theme.faint))
        self.rest.setIcon(icon("play", theme.text, theme.faint))


_TONES = {Outcome.COMPLETED: "ok", Outcome.CANCELLED: "warn"}


def _label(tone: str = "") -> QLabel:
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("tone", tone)
    return made
