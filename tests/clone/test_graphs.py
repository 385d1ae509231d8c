"""Random graphs through V8: from isolate to isolate they come out as they went in, and so they do in Node."""

from __future__ import annotations

import base64
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, reject, settings

from inspector.clone import decode, encode
from inspector.pool import PoolDoor
from tests.clone.graphs import graphs, same
from tests.fixtures.engines import ENGINES

SCRIPT = Path(__file__).parent.parent / "data" / "values" / "structured_clone.cjs"
EXAMPLES = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@given(graphs())
@settings(deadline=None)
def test_python_alone(value: Any) -> None:
    assert same(value, decode(encode(value)))


@pytest.fixture(scope="module", params=ENGINES)
def through_isolates(request: pytest.FixtureRequest) -> Iterator[Callable[[Any], Any]]:
    """A value into one isolate, from there into another, in another process, and out again."""
    door = PoolDoor(engine=request.param)
    door.open(lambda _: None, warm_up=False).result(60)

    async def isolates() -> list[Any]:
        made = [await door.pool.create_isolate(), await door.pool.create_isolate(host="own")]
        return [isolate.contexts[isolate.default_context_id] for isolate in made]

    first, second = door.submit(isolates()).result(60)

    async def go(value: Any) -> Any:
        made: list[Any] = [door.pool.external_copy(value)]
        try:
            made.append(await made[-1].into(first))
            made.append(await made[-1].copy())
            made.append(await made[-1].into(second))
            return await made[-1].value()
        finally:
            for one in made:
                one.release()
            assert door.pool.total_external_bytes == 0

    yield lambda value: door.submit(go(value)).result(60)
    door.close()


@EXAMPLES
@given(value=graphs())
def test_from_isolate_to_isolate(through_isolates: Callable[[Any], Any], value: Any) -> None:
    assert same(value, through_isolates(value))


@pytest.fixture(scope="module")
def through_node() -> Iterator[Callable[[Any], Any]]:
    if shutil.which("node") is None:
        pytest.skip("Node is not installed: its structuredClone can't be compared")
    pipe = subprocess.PIPE
    with subprocess.Popen(["node", str(SCRIPT)], stdin=pipe, stdout=pipe) as node:

        def go(value: Any) -> Any:
            assert node.stdin is not None and node.stdout is not None
            node.stdin.write(base64.b64encode(encode(value)) + b"\n")
            node.stdin.flush()
            answer = base64.b64decode(node.stdout.readline())
            return decode(answer) if answer else reject()  # Node's V8 is another: it can't take this one

        yield go
        assert node.stdin is not None
        node.stdin.close()
        node.wait(30)


@EXAMPLES
@given(value=graphs())
def test_as_structured_clone_in_node(
    through_node: Callable[[Any], Any], through_isolates: Callable[[Any], Any], value: Any
) -> None:
    assert same(through_isolates(value), through_node(value))
