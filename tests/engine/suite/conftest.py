"""One pool per engine and module; each test has an isolate of its own and hears what the pool tells meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import pytest_asyncio

from inspector.pool import Pool
from tests.engine.suite.bench import Bench
from tests.fixtures.engines import ENGINES


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def _loop_and_its_thread() -> None:
    """The loop of the module keeps the threads of its executor: one, begun here, or a test would seem to leave it."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(max_workers=1))
    await asyncio.to_thread(int)


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=ENGINES)
async def pool(request: pytest.FixtureRequest) -> AsyncIterator[Pool]:
    async with Pool(engine=request.param) as made:
        await made.warm_up()
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def bench(pool: Pool) -> AsyncIterator[Bench]:
    made = Bench(pool)
    yield made
    await made.close()
