"""Shared by all tests: no test may leave a thread, a child process or an open socket behind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fixtures import leftovers
from tests.fixtures.recorded import recorded

__all__ = ["recorded"]

PATIENCE_S = 3.0


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "leaves_behind(reason): the test may leave threads, processes or sockets; the reason says why"
    )


@pytest.fixture(autouse=True)
def nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test after which a thread, a child process or a socket lives that did not live before.

    What a fixture of a wider scope (module, session) opened before the test counts as "before".
    """
    before = leftovers.now()
    yield
    if request.node.get_closest_marker("leaves_behind"):
        return
    sentences = leftovers.since(before, PATIENCE_S).sentences()
    if sentences:
        pytest.fail("the test left something behind: " + "; ".join(sentences), pytrace=False)
