"""The frame of a dialog that asks for a few things: a form, and beneath it Cancel and the one button that does it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QPushButton, QVBoxLayout

from ui.style import SPACE

__all__ = ["form_layout", "put_form"]


def form_layout() -> QFormLayout:
    form = QFormLayout()
    form.setHorizontalSpacing(SPACE * 2)
    form.setVerticalSpacing(SPACE)
    form.setLabelAlignment(Qt.AlignmentFlag.AlignRight)
    return form


def put_form(dialog: QDialog, form: QFormLayout, does: str, accept: Callable[[], object], *, width: int) -> QPushButton:
    """Lay `dialog` out, at least `width` points wide. The default button, named `does`, calls `accept`."""
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    buttons.button(QDialogButtonBox.StandardButton.Cancel).setIcon(QIcon())
    button = buttons.addButton(does, QDialogButtonBox.ButtonRole.AcceptRole)
    button.setDefault(True)
    buttons.accepted.connect(accept)
    buttons.rejected.connect(dialog.reject)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(SPACE * 2, SPACE * 2, SPACE * 2, SPACE * 2)
    column.setSpacing(SPACE)
    column.addLayout(form)
    column.addWidget(buttons)
    dialog.setMinimumWidth(max(width, column.sizeHint().width()))
    return button
