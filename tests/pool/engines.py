"""Which engine a test of the pool is about; without a mark it runs on both."""

from __future__ import annotations

import pytest

__all__ = ["only_native", "only_portable"]

# What the public API can't do is refused, with its reason: tests/pool/test_refusals.py.
only_native = pytest.mark.parametrize("engine", ["native"])
only_portable = pytest.mark.parametrize("engine", ["portable"])
