"""Long work in the status bar: what goes on, how far it is, a button that cancels it; a menu when there are several."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QMenu, QProgressBar, QSizePolicy, QToolButton, QWidget

from inspector.text import visible
from ui.models.jobs import Jobs
from ui.style import SPACE
from ui.views.elided_label import ElidedLabel
from ui.views.progress import show_progress

__all__ = ["JobsStrip"]

_SHOWN_AFTER_MS = 300  # shorter work would only flicker
_LOOK_EVERY_MS = 200
_WIDE = 280


class JobsStrip(QWidget):
    """The oldest job; the others are counted, and listed by a click on the words' button."""

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self.setAccessibleName("Work under way")
        self.words = ElidedLabel(self)
        self.words.setMaximumWidth(_WIDE)
        self.bar = QProgressBar(self)
        self.bar.setAccessibleName("Progress")
        self.bar.setTextVisible(False)
        self.bar.setFixedSize(80, 6)
        self.cancel = QToolButton(self)
        self.cancel.setText("Cancel")
        self.cancel.setAccessibleName("Cancel the work under way")
        self.cancel.clicked.connect(self._cancel)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE, 0, 0, 0)
        row.setSpacing(SPACE)
        for widget in (self.words, self.bar, self.cancel):
            row.addWidget(widget)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(_SHOWN_AFTER_MS)
        self._wait.timeout.connect(self._show)
        jobs.changed.connect(self._changed)
        self._look = QTimer(self)  # what a job said within 100 ms of its last word is not announced
        self._look.setInterval(_LOOK_EVERY_MS)
        self._look.timeout.connect(self._show)
        self.hide()

    def _changed(self) -> None:
        if not self._jobs.running:
            self._wait.stop()
            self._look.stop()
            self.hide()
        elif self.isHidden():
            if not self._wait.isActive():
                self._wait.start()
        else:
            self._show()

    def _show(self) -> None:
        if not self._jobs.running:
            return
        job, more = self._jobs.running[0], len(self._jobs.running) - 1
        self.words.setText(visible(job.words, 200) + (f" (+{more})" if more else ""))
        show_progress(self.bar, job.done, job.of)
        self.cancel.setEnabled(any(one.can_cancel for one in self._jobs.running))
        self.cancel.setToolTip("" if self.cancel.isEnabled() else "This can't be cancelled; it ends by itself.")
        self.show()
        if not self._look.isActive():
            self._look.start()

    def _cancel(self) -> None:
        jobs = [one for one in self._jobs.running if one.can_cancel]
        if len(jobs) == 1:
            jobs[0].cancel()
        elif jobs:
            menu = QMenu(self)
            for one in jobs:
                menu.addAction(visible(one.words, 80).replace("&", "&&")).triggered.connect(one.cancel)
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(self.mapToGlobal(self.rect().topLeft()))
