"""Pools with real hosts of both engines, and files for them to run."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from inspector.pool import Isolate, Pool
from tests.fixtures.engines import ENGINES
from tests.pool.recorder import Recorder


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def pool(engine: str) -> AsyncIterator[Pool]:
    async with Pool(engine=engine) as made:
        yield made


@pytest.fixture
def events(pool: Pool) -> Recorder:
    recorder = Recorder()
    pool.subscribe(recorder)
    return recorder


@pytest.fixture
async def isolate(pool: Pool, events: Recorder) -> Isolate:
    return await pool.create_isolate(memory_limit="64 MiB")


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    """Writes a file into the test's folder and gives its path."""

    def write_file(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write_file
