"""Isolates of both engines, and files whose figures are known."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from inspector.pool import Pool
from inspector.sources import Source, read_source
from tests.fixtures.engines import ENGINES


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def pool(engine: str) -> AsyncIterator[Pool]:
    async with Pool(engine=engine) as made:
        yield made


@pytest.fixture
def source(tmp_path: Path) -> Callable[[str, str], Source]:
    def write(name: str, text: str) -> Source:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return read_source(path)

    return write
