"""The real window, offscreen, over a real pool with real host processes."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.fixtures.gui_loop import gui_loop

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.end_to_end.driver import Driver

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture
def loop(qapp: object) -> Iterator[asyncio.AbstractEventLoop]:
    yield from gui_loop(qapp)


@pytest.fixture
def driver(
    qtbot: QtBot, loop: asyncio.AbstractEventLoop, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Driver]:
    """A window with one idle isolate; `indirect` parameter: the engine's name."""
    from PySide6.QtWidgets import QApplication

    from tests.end_to_end.driver import Driver

    made = Driver(QApplication.instance(), qtbot, loop, tmp_path, engine=getattr(request, "param", "auto"))
    try:
        made.until(
            lambda: made.isolate("isolate 1").state.alive and made.all.actions["new-isolate"].isEnabled(), 20_000
        )
        made.all.features.complete()
        yield made
    finally:
        made.close()
