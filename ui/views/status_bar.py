"""The line at the bottom: what just happened at the left, totals of the pool at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLabel, QSizePolicy, QStatusBar, QWidget

from inspector.text import visible
from inspector.units import format_bytes
from ui.models.jobs import Jobs
from ui.models.pool_state import PoolState, Totals
from ui.models.tip import plain_tip
from ui.views.elided_label import ElidedLabel

__all__ = ["StatusBar"]

_MESSAGE_MS = 8_000
_FIELDS = {
    "debuggers": "Debuggers that are attached, or may attach; the isolates' rows tell which.",
    "isolates": "Isolates that live now, and the host processes that hold them.",
    "heap": "Sum of V8's used heap bytes over all live isolates.",
    "off_heap": "Sum of the memory outside V8's heap that V8 accounts to the isolates (external).",
    "resident": "Physical memory of all host processes, as the operating system counts it.",
    "engine": "The engine that speaks to V8, and V8's version.",
}
_GIVES_WAY = ("engine", "off_heap", "resident", "heap")  # to what just happened, in this order
_NEEDS_WIDTH = {"engine": 900, "off_heap": 640}  # points of the window


class StatusBar(QStatusBar):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self._labels: dict[str, QLabel] = {}
        self._strip: QWidget | None = None  # of long work; made with the first
        self._shown: tuple[Totals, str] | None = None
        self._message = ElidedLabel(self)  # Qt's own message is cut in the middle of a letter
        self._message.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._message.setAccessibleName("What just happened")
        self._message.setContentsMargins(8, 0, 0, 0)
        self.addWidget(self._message, 1)
        self._forget = QTimer(self)
        self._forget.setSingleShot(True)
        self._forget.setInterval(_MESSAGE_MS)
        self._forget.timeout.connect(lambda: self._say(""))
        for name, meaning in _FIELDS.items():
            made = QLabel(self)
            made.setTextFormat(Qt.TextFormat.PlainText)
            made.setProperty("tone", "muted")
            made.setContentsMargins(8, 2, 8, 2)
            made.setToolTip(plain_tip(meaning))
            made.setAccessibleName(name.replace("_", "-"))
            made.setProperty("helpWords", meaning)  # for ui.views.help_target
            self._labels[name] = made
            self.addPermanentWidget(made)
        self._labels["engine"].setText("starting…")
        self.jobs = Jobs(self)
        self.jobs.changed.connect(self._show_jobs)

    def fit(self, width: int) -> None:
        """Leave out what a window of this width has no room for; the facts of the pool have it too."""
        for name, label in self._labels.items():
            label.setVisible(width >= _NEEDS_WIDTH.get(name, 0) and bool(label.text() or name != "debuggers"))
        room = width - self._message.fontMetrics().horizontalAdvance(self._message.text() + "  ")
        if self._strip is not None and not self._strip.isHidden():
            room -= self._strip.sizeHint().width()
        for name in _GIVES_WAY if self._message.text() else ():
            if sum(label.sizeHint().width() for label in self._labels.values() if not label.isHidden()) > room:
                self._labels[name].hide()

    def _show_jobs(self) -> None:
        if self._strip is None:
            from ui.views.jobs import JobsStrip

            self._strip = JobsStrip(self.jobs, self)
            self.insertWidget(1, self._strip)
        self.fit(self.width())

    def tell(self, words: str) -> None:
        """Say something for a few seconds; plain text, one line. Totals that leave it no room step aside meanwhile."""
        self._say(visible(words, 200))
        self._forget.start()

    def show_debuggers(self, words: str) -> None:
        """Who may debug, or does; "" while no port is open."""
        self._labels["debuggers"].setText(words)
        self._labels["debuggers"].setProperty("tone", "warn")
        self._labels["debuggers"].style().polish(self._labels["debuggers"])
        self.fit(self.width())

    def said(self) -> str:
        """What just happened; "" when that was a while ago."""
        return self._message.text()

    def _say(self, words: str) -> None:
        self._message.setText(words)
        self.fit(self.width())

    def show_totals(self, state: PoolState) -> None:
        totals = state.totals()
        engine = _engine_words(state)
        if (totals, engine) == self._shown:
            return
        self._shown = (totals, engine)
        isolates = "1 isolate" if totals.isolates == 1 else f"{totals.isolates} isolates"
        hosts = "1 host process" if totals.hosts == 1 else f"{totals.hosts} host processes"
        self._labels["isolates"].setText(f"{isolates} in {hosts}")
        self._labels["heap"].setText(f"JS heap {format_bytes(totals.heap_bytes)}")
        self._labels["off_heap"].setText(f"off-heap {format_bytes(totals.off_heap_bytes)}")
        self._labels["resident"].setText(f"resident {format_bytes(totals.resident_bytes or None)}")
        self._labels["engine"].setText(engine)

    def text(self) -> str:
        """All fields as one line, for tests and for reading aloud."""
        return " · ".join(label.text() for label in self._labels.values() if label.text())


def _engine_words(state: PoolState) -> str:
    if state.trouble:
        return "no engine: see Problems"
    if state.stopped:
        return "stopped: no host process is started any more"
    host = next(reversed(state.hosts.values()), None)
    if host is None:
        return "starting…"
    name = "V8 inspector engine" if host.started.engine == "native" else "public API engine"
    return f"{name} · V8 {visible(host.started.v8_version, 30)}"
