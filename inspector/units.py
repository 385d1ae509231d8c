"""Sizes and times as people write and read them. Sizes are bytes, MiB is 2**20; times carry their unit."""

from __future__ import annotations

import re

from inspector.errors import UsageError
from inspector.text import visible

__all__ = ["format_bytes", "format_ms", "format_us", "parse_bytes", "parse_seconds"]

_QUANTITY = re.compile(r"\s*([+-]?)([0-9]{1,15}(?:\.[0-9]{1,15})?)\s*([A-Za-zµ]*)\s*", re.ASCII)
_BYTES = {"b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "kib": 2**10, "mib": 2**20, "gib": 2**30}
_SECONDS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "sec": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}
_NONE = "\u2013"
_SHORTEST_S = 1e-3
_LONGEST_S = 365 * 86400.0


def parse_bytes(text: str | int, *, action: str = "Read a size") -> int:
    """Bytes of "64 MiB", "1.5GiB", "64MB" (10**6); an int is bytes already.

    UsageError when it is no positive size with a unit.
    """
    if isinstance(text, int) and not isinstance(text, bool):
        return _positive(text, str(text), action)
    match = _QUANTITY.fullmatch(str(text))
    if match is None:
        remedy = "Write a number and a unit, such as 64 MiB."
        raise UsageError(action, f'"{visible(str(text), 40)}" is not a size', remedy)
    sign, number, unit = match.groups()
    _above_zero(sign, number, str(text), action, "Write a size such as 64 MiB.")
    if not unit or unit.lower() in ("k", "m", "g"):
        meant = f"{number} {unit.upper() or 'M'}iB"
        cause = f'"{visible(str(text), 40)}" has no unit' if not unit else f'"{unit}" is not a unit of size'
        raise UsageError(action, cause, f"Did you mean {meant}?")
    factor = _BYTES.get(unit.lower())
    if factor is None:
        known = "B, kB, MB, GB, KiB, MiB, GiB"
        raise UsageError(action, f'"{visible(unit, 20)}" is not a unit of size', f"Known units: {known}.")
    return _positive(round(_exact(number, factor)), str(text), action)


def parse_seconds(text: str, *, action: str = "Read a time") -> float:
    """Seconds of "5s", "250ms", "2min". UsageError when it has no unit, is below a millisecond or above a year."""
    match = _QUANTITY.fullmatch(text)
    if match is None:
        remedy = "Write a number and a unit, such as 5s or 250ms."
        raise UsageError(action, f'"{visible(text, 40)}" is not a time', remedy)
    sign, number, unit = match.groups()
    _above_zero(sign, number, text, action, "Leave the option out for no limit.")
    if not unit:
        raise UsageError(action, f'"{visible(text, 40)}" has no unit', f"Did you mean {number}s?")
    factor = _SECONDS.get(unit.lower().replace("µ", "u"))
    if factor is None:
        raise UsageError(action, f'"{visible(unit, 20)}" is not a unit of time', "Known units: us, ms, s, min, h.")
    seconds = float(number) * factor
    if seconds < _SHORTEST_S:
        raise UsageError(action, f'"{visible(text, 40)}" is less than a millisecond', "Write 1ms or more.")
    if seconds > _LONGEST_S:
        raise UsageError(action, f'"{visible(text, 40)}" is longer than a year', "Leave the option out for no limit.")
    return seconds


def format_bytes(count: float | None) -> str:
    """A size with three digits: "512 B", "1.5 MiB", "64 MiB"; a dash for None."""
    if count is None:
        return _NONE
    size = abs(count)
    for unit, factor in (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10)):
        if size >= factor * 0.9995:
            return f"{_digits(count / factor)} {unit}"
    return f"{count:.0f} B"


def format_ms(ms: float | None) -> str:
    """A time with three digits: "0.25 ms", "12.3 ms", "1.5 s", "2 min 5 s"; a dash for None."""
    if ms is None:
        return _NONE
    if abs(ms) < 999.5:
        return f"{_digits(ms)} ms"
    if abs(ms) < 59_950:
        return f"{_digits(ms / 1000)} s"
    minutes, seconds = divmod(round(abs(ms) / 1000), 60)
    hours, minutes = divmod(minutes, 60)
    sign = "-" if ms < 0 else ""
    return f"{sign}{hours} h {minutes} min" if hours else f"{sign}{minutes} min {seconds} s"


def format_us(us: float | None) -> str:
    """A time given in microseconds: "450 µs", then as `format_ms`; a dash for None."""
    if us is None:
        return _NONE
    return f"{_digits(us)} µs" if abs(us) < 999.5 else format_ms(us / 1000)


def _digits(value: float) -> str:
    size = abs(value)
    places = 0 if size >= 99.95 else 1 if size >= 9.995 else 2
    shown = f"{value:.{places}f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def _exact(number: str, factor: int) -> float | int:
    return int(number) * factor if number.isdigit() else float(number) * factor


def _above_zero(sign: str, number: str, text: str, action: str, remedy: str) -> None:
    if sign == "-" or not float(number):
        raise UsageError(action, f'"{visible(text, 40)}" is not above zero', remedy)


def _positive(count: int, text: str, action: str) -> int:
    if count <= 0:
        raise UsageError(action, f'"{visible(text, 40)}" is not above zero', "Write a size such as 64 MiB.")
    return count
