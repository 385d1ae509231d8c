"""The window of the self-test: a real one passes, a blank picture doesn't."""

from __future__ import annotations

import json
import subprocess
import sys

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter

from ui.self_test import picture_trouble


def test_the_window_paints_a_live_isolate():
    command = [sys.executable, "-m", "ui.self_test", "auto"]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=110, check=False, stdin=subprocess.DEVNULL)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    told = json.loads(answer.stdout.splitlines()[-1])
    assert told["trouble"] == ""
    assert "an isolate in its tree and its graph" in told["words"]


def test_an_empty_window_is_blank(qapp):
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.fillRect(0, 0, 400, 30, Qt.GlobalColor.lightGray)
    painter.fillRect(0, 30, 100, 270, Qt.GlobalColor.gray)
    painter.end()
    assert "blank" in picture_trouble(image)
