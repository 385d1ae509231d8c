"""The time axis of a session: round steps from a microsecond to hours, told from the recording's start."""

from __future__ import annotations

from math import floor, log10

from ui.views.time_axis import Tick

__all__ = ["since_text", "ticks_since"]

_MINUTE_STEPS = (60e6, 120e6, 300e6, 600e6, 1800e6, 3600e6, 7200e6, 18000e6)


def ticks_since(zero_us: float, from_us: float, to_us: float, most: int) -> list[Tick]:
    """At most about `most` ticks of a view; each says how long after `zero_us` it is."""
    span = max(to_us - from_us, 1e-3)
    step = _step(span / max(1, most))
    first = -floor(-(from_us - zero_us) / step)
    last = floor((to_us - zero_us) / step)
    return [Tick((zero_us + i * step - from_us) / span, since_text(i * step, step)) for i in range(first, last + 1)]


def since_text(us: float, step_us: float) -> str:
    """ "1.25 s", "3 min 20 s", "12.5 ms": with the decimals that steps of `step_us` need."""
    if step_us >= 1e6 and abs(us) >= 60e6:
        minutes, seconds = divmod(round(us / 1e6), 60)
        return f"{minutes} min {seconds:02d} s" if step_us % 60e6 else f"{minutes} min"
    if step_us >= 1e3 or abs(us) >= 1e6:
        return f"{us / 1e6:.{_places(step_us / 1e6)}f} s"
    if step_us >= 1 or abs(us) >= 1e3:
        return f"{us / 1e3:.{_places(step_us / 1e3)}f} ms"
    return f"{us:.{_places(step_us)}f} µs"


def _step(rough_us: float) -> float:
    if rough_us > 20e6:
        return next((step for step in _MINUTE_STEPS if step >= rough_us), _MINUTE_STEPS[-1])
    power = 10.0 ** floor(log10(rough_us))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough_us * 0.999)


def _places(step: float) -> int:
    return max(0, -floor(log10(step) + 1e-9))
