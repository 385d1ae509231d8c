"""A flood of marks is counted, and told with the next one that is."""

from __future__ import annotations

import json

import pytest

from inspector.engine import marks


def test_a_flood_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    now_ns = 5_000_000_000
    monkeypatch.setattr(marks.time, "monotonic_ns", lambda: now_ns)
    teller = marks.MarkTeller()
    told = [teller.notification(f"m{i}") for i in range(700)]
    assert all(told[:500]) and not any(told[500:])
    now_ns += 1_000_000_000
    late = teller.notification("\0performance.mark 250.5 late\nname" + "x" * 1000)
    assert late is not None
    params = json.loads(late)["params"]
    assert params.pop("name").startswith("late\nname") and len(late) < 600
    assert params == {"atUs": 6_000_000 - 250_500, "source": "performance.mark", "leftOutBefore": 200}


@pytest.mark.parametrize("age", ["nan", "1e400", "-5", "9e99", "1..2"])
def test_a_time_of_another_clock_is_now(age: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marks.time, "monotonic_ns", lambda: 5_000_000_000)
    told = marks.MarkTeller().notification(f"\0performance.mark {age} name")
    assert told is not None
    assert json.loads(told)["params"]["atUs"] == 5_000_000
