"""Which host takes an isolate, when a lost one is replaced, what names and limits are taken: all without a process."""

from __future__ import annotations

import signal

import pytest

from inspector.errors import UsageError
from inspector.pool.last_words import KEPT_BYTES, Tail, blames_engine, reason_of
from inspector.pool.names import checked_name, free_name, letter_of, memory_limit_bytes, next_version
from inspector.pool.placement import BUMP_BYTES, CAGE_BUDGET_BYTES, LARGEST_LIMIT_BYTES, Load, choose, refusal
from inspector.pool.restarts import RestartPolicy

MIB = 1 << 20


def load(host_id: int = 1, isolates: int = 0, used: int = 0, headroom: int = 0) -> Load:
    return Load(host_id, isolates, used, headroom)


def test_hosts_are_filled_one_after_another() -> None:
    assert choose([load(1, 64), load(2, 63), load(3, 0)], 128 * MIB, 64) == 2
    assert choose([load(1, 64)], 128 * MIB, 64) is None
    assert choose([], 128 * MIB, 64) is None


def test_measured_use_decides_not_the_sum_of_limits() -> None:
    assert refusal(load(isolates=63, used=63 * MIB, headroom=1024 * MIB), 1024 * MIB, 64) == ""
    assert "4 GB cage" in refusal(load(isolates=2, used=2000 * MIB, headroom=600 * MIB), 64 * MIB, 64)


def test_the_largest_headroom_counts_whoever_has_it() -> None:
    room = CAGE_BUDGET_BYTES - BUMP_BYTES
    assert refusal(load(headroom=room), 64 * MIB, 64) == ""
    assert refusal(load(headroom=room + 1), 64 * MIB, 64)
    assert refusal(load(), LARGEST_LIMIT_BYTES, 64) == ""
    assert refusal(load(used=1), LARGEST_LIMIT_BYTES, 64)


def test_three_losses_in_thirty_seconds_stop_the_restarts() -> None:
    policy = RestartPolicy()
    assert [policy.lost(second * 1_000_000) for second in (0, 10, 20)] == [0, 500, None]
    assert policy.stopped
    assert policy.lost(100_000_000) is None
    policy.allow()
    assert policy.lost(101_000_000) == 0


def test_losses_far_apart_are_each_replaced_at_once() -> None:
    policy = RestartPolicy()
    assert [policy.lost(second * 1_000_000) for second in (0, 31, 62, 93)] == [0, 0, 0, 0]


@pytest.mark.parametrize(("given", "size"), [("64 MiB", 64 * MIB), ("8MiB", 8 * MIB), (128 * MIB, 128 * MIB)])
def test_memory_limits_are_read(given: str | int, size: int) -> None:
    assert memory_limit_bytes(given) == size


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("lots", "not a size"),
        ("64", "Did you mean 64 MiB?"),
        (64, "Did you mean 64 MiB?"),
        ("0", "0 MiB|above zero|no unit"),
        ("0 MiB", "above zero"),
        (0, "above zero"),
        ("-5 MiB", "above zero"),
        (-1, "above zero"),
        ("7 MiB", "8 MiB"),
        ("1 B", "8 MiB"),
        (3, "8 MiB"),
        ("3 GiB", "at most 2.5 GiB"),
        (10**15, "at most 2.5 GiB"),
        (True, "not a size"),
        (64.5, "not a size"),
        (None, "not a size"),
        ("", "not a size"),
    ],
)
def test_other_limits_are_refused_with_a_remedy(given: object, words: str) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        memory_limit_bytes(given)  # type: ignore[arg-type]
    assert caught.value.remedy


@pytest.mark.parametrize("name", ["", "   ", "x" * 201, "a\nb", "\u202eevil", "\ud800", "taken"])
def test_names_that_cannot_be_shown_or_are_in_use_are_refused(name: str) -> None:
    with pytest.raises(UsageError):
        checked_name(name, {"taken"}, "isolate")


def test_names_of_our_choice() -> None:
    assert checked_name("  größe 1 ", set(), "isolate") == "größe 1"
    assert free_name("isolate", 2, {"isolate 2", "isolate 3"}) == "isolate 4"
    assert [next_version(name, set()) for name in ("main", "main (2)", "f (x)", "(3)")] == [
        "main (2)",
        "main (3)",
        "f (x) (2)",
        "(3) (2)",
    ]
    assert next_version("main", {"main (2)"}) == "main (3)"
    assert [letter_of(number) for number in (1, 2, 26, 27, 52, 53, 703)] == ["A", "B", "Z", "AA", "AZ", "BA", "AAA"]


@pytest.mark.parametrize(
    ("exit_code", "words", "expected", "engine"),
    [
        (-signal.SIGKILL, "", "killed by SIGKILL", False),
        (-signal.SIGTERM, "bye", "ended by SIGTERM", False),
        (-signal.SIGSEGV, "a\nlast line\n", "crashed with SIGSEGV: last line", True),
        (-signal.SIGTRAP, "x\nFatal: heap out of memory in y\n", "V8 ran out of memory (SIGTRAP): Fatal", True),
        (
            -signal.SIGSEGV,
            "Fatal Python error: Segfault\n\nThread 1\n",
            "crashed with SIGSEGV: Fatal Python error",
            True,
        ),
        (3, "ValueError: no", "ended with exit code 3: ValueError: no", False),
        (0, "", "ended in order", False),
        (None, "", "its connection ended", False),
        (-200, "", "crashed with signal 200", True),
    ],
)
def test_an_end_has_words(exit_code: int | None, words: str, expected: str, engine: bool) -> None:
    assert reason_of(exit_code, words).startswith(expected)
    assert blames_engine(exit_code) is engine


def test_last_words_are_bounded_and_keep_the_end() -> None:
    tail = Tail()
    for number in range(3000):
        tail.feed(b"%063d\n" % number)
    assert len(tail.text()) <= KEPT_BYTES
    assert tail.text().endswith("2999")
