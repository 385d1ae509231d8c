"""What is recorded, and when it stops by itself: the dialog, and how the choice is remembered."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QWidget,
)

from inspector.errors import UsageError
from inspector.recording.options import Preset
from inspector.text import visible
from inspector.units import parse_seconds
from ui.settings import Settings
from ui.views.form_dialog import form_layout, put_form

__all__ = ["RecordChoice", "RecordOptionsDialog", "read_choice", "selection_words", "write_choice"]


_NAMED = 2


class RecordChoice(Struct, frozen=True):
    """As it was typed: `interval` and `duration` carry units, `duration` "" is none."""

    preset: str = "cpu"
    selection_only: bool = False
    interval: str = "1 ms"
    duration: str = ""
    stops_on_limit: bool = False
    stops_on_crash: bool = False
    black_box: bool = True

    def trouble(self) -> str:
        """Why it can't be taken, "" when it can."""
        try:
            if not 100 <= self.interval_us <= 10_000:
                return "The time between two stacks is 0.1 to 10 ms."
            _ = self.duration_s
        except UsageError as error:
            return f"{error.cause}. {error.remedy}".strip()
        return ""

    @property
    def interval_us(self) -> int:
        """UsageError when it is no time."""
        return round(parse_seconds(self.interval, action="Set the time between two stacks") * 1e6)

    @property
    def duration_s(self) -> float | None:
        """UsageError when it is no time."""
        return parse_seconds(self.duration, action="Set the length") if self.duration.strip() else None


def read_choice(settings: Settings) -> RecordChoice:
    """The last choice; the default where it can't be taken."""
    choice = RecordChoice(
        settings.text("record-preset", "cpu"),
        settings.flag("record-selection"),
        settings.text("record-interval", "1 ms"),
        settings.text("record-duration"),
        settings.flag("record-stops-on-limit"),
        settings.flag("record-stops-on-crash"),
        settings.flag("black-box", True),
    )
    known = choice.preset in [str(preset) for preset in Preset]
    return choice if known and not choice.trouble() else RecordChoice(black_box=choice.black_box)


def write_choice(settings: Settings, choice: RecordChoice) -> None:
    settings.put("record-preset", choice.preset)
    settings.put("record-selection", choice.selection_only)
    settings.put("record-interval", choice.interval)
    settings.put("record-duration", choice.duration)
    settings.put("record-stops-on-limit", choice.stops_on_limit)
    settings.put("record-stops-on-crash", choice.stops_on_crash)
    settings.put("black-box", choice.black_box)


def selection_words(names: Sequence[str]) -> str:
    """Which isolates a recording of the selection is about: "a, and what replaces it"."""
    if len(names) > _NAMED:
        return f"The {len(names):,} selected, and what replaces them"
    it = "it" if len(names) == 1 else "them"
    return f"{' and '.join(visible(name, 40 // len(names)) for name in names)}, and what replaces {it}"


class RecordOptionsDialog(QDialog):
    """`wished` carries a `RecordChoice` to record with now."""

    wished = Signal(object)

    def __init__(
        self, choice: RecordChoice, selected: Sequence[str], lacking: str, parent: QWidget | None = None
    ) -> None:
        """`selected`: names of the selected isolates that live; `lacking`: why stacks can't be sampled."""
        super().__init__(parent)
        self._lacking = lacking
        self.setWindowTitle("Record")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.scope = QComboBox()
        self.scope.addItem("All isolates, also those to come")
        if selected:
            self.scope.addItem(selection_words(selected))
        self.scope.setCurrentIndex(1 if choice.selection_only and selected else 0)
        self.preset = QComboBox()
        for preset in Preset:
            self.preset.addItem("CPU" if preset is Preset.CPU else str(preset).capitalize(), str(preset))
        self.preset.setCurrentIndex(max(0, self.preset.findData(choice.preset)))
        self.words = QLabel()
        self.interval = QLineEdit(choice.interval)
        self.duration = QLineEdit(choice.duration)
        self.duration.setPlaceholderText("until it is stopped")
        self.on_limit = QCheckBox("an isolate reaches its memory limit")
        self.on_limit.setChecked(choice.stops_on_limit)
        self.on_crash = QCheckBox("a host process is lost")
        self.on_crash.setChecked(choice.stops_on_crash)
        self.black_box = QCheckBox("save the last 60 s after a limit, a wedge or a lost host process")
        self.black_box.setChecked(choice.black_box)
        self._lay_out()
        self.preset.currentIndexChanged.connect(self._validate)
        for field in (self.interval, self.duration):
            field.textChanged.connect(self._validate)
        self._validate()

    @property
    def choice(self) -> RecordChoice:
        return RecordChoice(
            str(self.preset.currentData()),
            self.scope.currentIndex() == 1,
            self.interval.text().strip(),
            self.duration.text().strip(),
            self.on_limit.isChecked(),
            self.on_crash.isChecked(),
            self.black_box.isChecked(),
        )

    def _lay_out(self) -> None:
        names = ("Isolates", "Preset", "Time between two stacks", "Stop after")
        for field, name in zip((self.scope, self.preset, self.interval, self.duration), names, strict=True):
            field.setAccessibleName(name)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.words.setMinimumHeight(self.fontMetrics().height() * 2)
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        form = form_layout()
        form.addRow("Isolates", self.scope)
        form.addRow("Preset", self.preset)
        form.addRow("", self.words)
        form.addRow("A stack every", self.interval)
        form.addRow("Stop after", self.duration)
        form.addRow("Stop when", self.on_limit)
        form.addRow("", self.on_crash)
        form.addRow("Black box", self.black_box)
        self.record = put_form(self, form, "Record", self._accept, width=460)

    def _validate(self) -> None:
        choice = self.choice
        preset = Preset(choice.preset)
        trouble = choice.trouble()
        lacks = f" This engine can't sample stacks: {self._lacking}." if preset.samples_stacks and self._lacking else ""
        self.words.setText(trouble or f"{preset.sentence}{lacks}")
        self.words.setProperty("tone", "error" if trouble else "warn" if lacks else "muted")
        self.words.style().polish(self.words)
        self.interval.setEnabled(preset.samples_stacks)
        self.record.setEnabled(not trouble)

    def _accept(self) -> None:
        if not self.choice.trouble():
            self.wished.emit(self.choice)
            self.accept()
