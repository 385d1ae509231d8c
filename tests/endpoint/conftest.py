"""One pool of the V8 inspector engine and its endpoint for a whole module; a test makes the isolates it needs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import pytest_asyncio

from inspector.endpoint import Endpoint
from inspector.pool import Isolate, Pool
from tests.fixtures.engines import MAIN
from tests.pool.recorder import Recorder


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pool() -> AsyncIterator[Pool]:
    # one thread, started here: a second one, in a test, would pass for left behind
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
    async with Pool(engine=MAIN) as made:
        await made.warm_up()
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def endpoint(pool: Pool) -> AsyncIterator[Endpoint]:
    made = Endpoint(pool)
    await made.open()
    yield made
    await made.close()


@pytest.fixture
def events(pool: Pool) -> Recorder:
    recorder = Recorder()
    pool.subscribe(recorder)
    return recorder


@pytest_asyncio.fixture(loop_scope="module")
async def isolate(pool: Pool, events: Recorder) -> AsyncIterator[Isolate]:
    made = await pool.create_isolate(memory_limit="64 MiB")
    yield made
    await made.dispose()


@pytest.fixture
def url(endpoint: Endpoint, isolate: Isolate) -> str:
    """Where debuggers attach to the isolate."""
    return endpoint.allow(isolate.isolate_id)
