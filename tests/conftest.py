"""Shared by all tests: no test may leave a thread, a child process or an open socket behind."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.fixtures import leftovers
from tests.fixtures.engines import FORCED
from tests.fixtures.recorded import recorded

__all__ = ["recorded"]

# The same examples in every run, so that a change is judged by itself; SEARCH=1 looks for new ones.
settings.register_profile("the same each time", derandomize="SEARCH" not in os.environ)
settings.load_profile("the same each time")

PATIENCE_S = 3.0
_NATIVE = Path(__file__).parent / "engine" / "native"


_data = pytest.StashKey[tempfile.TemporaryDirectory[str]]()


def pytest_configure(config: pytest.Config) -> None:
    # windows of tests keep black boxes like any other: not among the user's own
    config.stash[_data] = tempfile.TemporaryDirectory(prefix="isolate-inspector-tests-")
    os.environ["XDG_DATA_HOME"] = config.stash[_data].name
    config.addinivalue_line(
        "markers", "leaves_behind(reason): the test may leave threads, processes or sockets; the reason says why"
    )


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[_data].cleanup()


def pytest_report_header() -> str:
    return "the public API engine alone (ISOLATE_INSPECTOR_ENGINE)" if FORCED else "both engines"


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    return True if FORCED and collection_path == _NATIVE else None


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
