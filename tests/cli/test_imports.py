"""The package is cheap to import, and its names load on first use."""

from __future__ import annotations

import subprocess
import sys

import pytest

import inspector


def loaded_by(statement: str) -> set[str]:
    """The modules that a fresh interpreter has after `statement`, beyond those it starts with."""
    program = f"import sys; before = set(sys.modules); {statement}; print(*(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    return set(done.stdout.split())


def test_every_public_name_is_there() -> None:
    for name in inspector.__all__:
        assert getattr(inspector, name) is not None
        assert name in dir(inspector)
    with pytest.raises(AttributeError, match="no attribute 'Pol'"):
        inspector.Pol  # noqa: B018


def test_the_package_alone_loads_next_to_nothing() -> None:
    loaded = loaded_by("import inspector")
    assert not loaded & {"asyncio", "orjson", "picows", "inspector.pool", "inspector.events"}


def test_the_entry_is_ready_for_ctrl_c_at_once() -> None:
    loaded = loaded_by("import inspector.cli.main")
    assert not loaded & {"argparse", "pathlib", "asyncio", "inspector.errors"}


def test_the_sources_need_no_engine_and_no_network_library() -> None:
    loaded = loaded_by("import inspector.sources")
    assert not loaded & {"py_mini_racer", "ctypes", "urllib.request", "http.client", "ssl"}
