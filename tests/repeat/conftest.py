"""Isolates of both engines, and files whose figures are known."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from inspector.sources import Source, read_source
from tests.pool.conftest import engine, pool

__all__ = ["engine", "pool"]


@pytest.fixture
def source(tmp_path: Path) -> Callable[[str, str], Source]:
    def write(name: str, text: str) -> Source:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return read_source(path)

    return write
