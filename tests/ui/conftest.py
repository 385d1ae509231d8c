"""Widgets are tested offscreen, dressed as in the program; models with their own tester."""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import Iterator

import pytest

from tests.fixtures.gui_loop import gui_loop

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture
def themes(qapp: object) -> object:
    from ui.style import dress
    from ui.theme import Themes

    made = Themes()
    dress(qapp, made.current)
    return made


@pytest.fixture
def loop(qapp: object) -> Iterator[asyncio.AbstractEventLoop]:
    """The GUI's asyncio loop, run by whatever runs Qt's."""
    yield from gui_loop(qapp)


@pytest.fixture(scope="module", autouse=True)
def _widgets_end_here() -> Iterator[None]:
    """Widgets in cycles: a collection in a thread of a later test would end their timers there, which Qt forbids."""
    yield
    gc.collect()
