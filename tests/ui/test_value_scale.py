"""The y axis: round ticks, no flicker, the limit in view when it is near."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.models.value_scale import MIB, ValueScale, fit, limit_in_view


@pytest.mark.parametrize(
    ("highest", "texts"),
    [
        (37 * MIB, ["0", "10 MiB", "20 MiB", "30 MiB", "40 MiB"]),
        (3.3 * MIB, ["0", "1 MiB", "2 MiB", "3 MiB", "4 MiB"]),
        (0.9 * MIB, ["0", "0.2 MiB", "0.4 MiB", "0.6 MiB", "0.8 MiB", "1.0 MiB"]),
        (3_900 * MIB, ["0", "1,000 MiB", "2,000 MiB", "3,000 MiB", "4,000 MiB", "5,000 MiB"]),
    ],
)
def test_ticks_are_round(highest: float, texts: list[str]) -> None:
    assert [text for _, text in fit(highest, 0, None).ticks()] == texts


def test_the_limit_is_a_line_within_four_times_the_data() -> None:
    assert limit_in_view(16 * MIB, 64 * MIB)
    assert not limit_in_view(15 * MIB, 64 * MIB)
    assert not limit_in_view(15 * MIB, 0)
    assert fit(16 * MIB, 64 * MIB, None).top_bytes >= 64 * MIB
    assert fit(15 * MIB, 64 * MIB, None).top_bytes < 64 * MIB


def test_the_scale_grows_at_once_and_shrinks_late() -> None:
    first = fit(37 * MIB, 0, None)
    assert fit(30 * MIB, 0, first) is first
    assert fit(10 * MIB, 0, first).top_bytes < first.top_bytes
    assert fit(60 * MIB, 0, first).top_bytes > first.top_bytes


@given(st.floats(0, 2**45), st.integers(0, 2**45))
def test_every_heap_fits_with_few_ticks(highest: float, limit: int) -> None:
    scale = fit(highest, limit, None)
    assert isinstance(scale, ValueScale)
    assert scale.top_bytes >= highest
    assert 2 <= len(scale.ticks()) <= 8
    assert scale.ticks()[-1][0] == pytest.approx(scale.top_bytes)
