from __future__ import annotations

import random

import pytest

from inspector.errors import UsageError
from inspector.repeat.figures import growth, percentile, summarise
from inspector.repeat.records import Call, GcPoint, Plan
from inspector.states import Outcome


def test_percentiles_by_nearest_rank() -> None:
    ordered = [float(n) for n in range(1, 101)]
    assert [percentile(ordered, share) for share in (0.5, 0.95, 0.99, 1.0)] == [50, 95, 99, 100]
    assert percentile([7.0], 0.95) == 7.0


def test_a_growth_has_its_noise_beside_it() -> None:
    exact = growth([GcPoint(n * 100, 1_000_000 + n * 100 * 3_100, 0) for n in range(5)])
    assert exact is not None and exact.grows
    assert (exact.bytes_per_call, exact.low, exact.high) == pytest.approx((3_100, 3_100, 3_100))
    dice = random.Random(4)
    flat = growth([GcPoint(n * 100, 1_000_000 + dice.randrange(20_000), 0) for n in range(10)])
    assert flat is not None and not flat.grows and not flat.shrinks
    assert growth([GcPoint(0, 1, 0), GcPoint(1, 2, 0)]) is None
    assert growth([GcPoint(1, 1, 0)] * 3) is None


def test_what_v8_keeps_at_first_is_no_leak() -> None:
    """GIVEN the heap of a handler that keeps nothing, as it was seen, and of one that keeps an object a call."""
    seen = [413924, 413924, 419712, 419712, 424208, 424920, 425572, 425572, 425572, 426232, 426232]
    harmless = growth([GcPoint(n * 100, used, 0) for n, used in enumerate(seen)])
    assert harmless is not None and harmless.low > 0 and harmless.levels_off and not harmless.grows
    assert harmless.verdict.startswith("it grew at first and levels off")
    seen = [406328, 408508, 410632, 412232, 414616, 417372, 420148, 421748, 425112, 427372, 428972]
    leak = growth([GcPoint(n * 100, used, 0) for n, used in enumerate(seen)])
    assert leak is not None and leak.grows and not leak.levels_off and leak.verdict == "it grows"


def test_the_interval_holds_the_slope_in_19_of_20_cases() -> None:
    dice = random.Random(7)
    inside = 0
    for _ in range(400):
        found = growth([GcPoint(n, round(50_000 + 200 * n + dice.gauss(0, 3_000)), 0) for n in range(0, 110, 10)])
        inside += found is not None and found.low <= 200 <= found.high
    assert 365 <= inside <= 395


def test_failed_calls_count_and_say_why() -> None:
    calls = [Call(1, 0, ms, ms / 2, None, Outcome.COMPLETED) for ms in (1.0, 2.0, 3.0)]
    calls.append(Call(1, 0, 9.0, 9.0, None, Outcome.THREW, "TypeError: no"))
    figures = summarise(1, "one", calls, (), seconds=2.0, allocated_per_call=500.0, overhead_per_call=100.0)
    assert (figures.calls, figures.failed, figures.first_error) == (4, 1, "TypeError: no")
    assert (figures.p50_ms, figures.most_ms, figures.per_second, figures.allocated_per_call) == (2.0, 9.0, 2.0, 400.0)


@pytest.mark.parametrize(
    "wrong",
    [{"times": 0}, {"seconds": 1.0}, {"times": None}, {"callers": 0}, {"rate_hz": 0}, {"warm_up": -1},
     {"collections": 2}, {"fresh_context": True}, {"times": None, "seconds": 1e9}],
)  # fmt: skip
def test_a_plan_that_can_not_be(wrong: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        Plan(**wrong)  # type: ignore[arg-type]
