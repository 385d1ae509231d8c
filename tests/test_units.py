"""Sizes and times: read strictly, with the likely meaning named; written with three digits."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.errors import UsageError
from inspector.units import format_bytes, format_ms, format_us, parse_bytes, parse_seconds


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("64 MiB", 64 << 20),
        ("64MiB", 64 << 20),
        ("1.5 GiB", 3 << 29),
        ("8mib", 8 << 20),
        ("64MB", 64_000_000),
        ("1 kB", 1000),
        (" 512 B ", 512),
        (4096, 4096),
    ],
)
def test_sizes(text: str | int, count: int) -> None:
    assert parse_bytes(text) == count


@pytest.mark.parametrize(
    "text",
    [
        "",
        "lots",
        "MiB",
        "0 MiB",
        "0",
        "-64",
        "-5 MiB",
        "64 furlongs",
        "1e3 MiB",
        "nan MiB",
        "1,000 MiB",
        "٣ MiB",
        "9" * 5000,
        -1,
        0,
    ],
)
def test_bad_sizes(text: str | int) -> None:
    with pytest.raises(UsageError):
        parse_bytes(text)


@pytest.mark.parametrize(("text", "meant"), [("64", "64 MiB"), ("64M", "64 MiB"), ("2g", "2 GiB"), ("1.5", "1.5 MiB")])
def test_a_size_without_its_unit_names_the_likely_one(text: str, meant: str) -> None:
    with pytest.raises(UsageError, match=f"Did you mean {meant}"):
        parse_bytes(text)


@pytest.mark.parametrize(
    ("text", "seconds"), [("5s", 5), ("250ms", 0.25), ("2 min", 120), ("1h", 3600), ("0.5 s", 0.5), ("5000µs", 5e-3)]
)
def test_times(text: str, seconds: float) -> None:
    assert parse_seconds(text) == pytest.approx(seconds)


@pytest.mark.parametrize(
    "text", ["", "soon", "s", "0", "-1", "0s", "999us", "-1s", "5 parsecs", "inf s", "1e9s", "9" * 400 + "s", "9000h"]
)
def test_bad_times(text: str) -> None:
    with pytest.raises(UsageError):
        parse_seconds(text)


def test_a_time_without_its_unit_names_the_likely_one() -> None:
    with pytest.raises(UsageError, match="Did you mean 5s"):
        parse_seconds("5")


def test_errors_show_what_was_typed_as_plain_text() -> None:
    with pytest.raises(UsageError, match=r"\\x1b") as caught:
        parse_bytes("\x1b[31m")
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1048575, "1 MiB"),
        (1536, "1.5 KiB"),
        (64 << 20, "64 MiB"),
        (1 << 30, "1 GiB"),
        (123456789, "118 MiB"),
    ],
)
def test_sizes_as_shown(count: int, shown: str) -> None:
    assert format_bytes(count) == shown


@pytest.mark.parametrize(
    ("ms", "shown"),
    [(0, "0 ms"), (0.254, "0.25 ms"), (12.34, "12.3 ms"), (999.6, "1 s"), (1500, "1.5 s"), (125_000, "2 min 5 s")],
)
def test_times_as_shown(ms: float, shown: str) -> None:
    assert format_ms(ms) == shown


def test_unknown_figures_are_a_dash() -> None:
    assert format_bytes(None) == format_ms(None) == format_us(None) == "\u2013"
    assert format_us(450) == "450 µs"
    assert format_us(4500) == "4.5 ms"


@settings(deadline=None)
@given(st.integers(1, 2**50))
def test_what_is_shown_reads_back_within_one_percent(count: int) -> None:
    assert parse_bytes(format_bytes(count)) == pytest.approx(count, rel=0.01)
