"""What the process says when it ends."""

from __future__ import annotations

from enum import IntEnum

from inspector.errors import EngineError, GoneError, InspectorError, LinkError, PreludeError, UnsupportedError
from inspector.states import Outcome

__all__ = ["ExitCode", "code_of_error", "code_of_outcome"]


class ExitCode(IntEnum):
    COMPLETED = 0
    THREW = 1
    USAGE = 2  # also a file that can't be read
    LIMIT = 3  # also a timeout
    HOST_LOST = 4  # also an engine that does not start
    WORSE = 5  # diff: a condition of --fail-if was met
    CANCELLED = 130  # 128 + SIGINT, as shells say it
    BROKEN_PIPE = 141  # 128 + SIGPIPE: nobody reads the output any more
    TERMINATED = 143  # 128 + SIGTERM


_OF_OUTCOME = {
    Outcome.COMPLETED: ExitCode.COMPLETED,
    Outcome.THREW: ExitCode.THREW,
    Outcome.TIMED_OUT: ExitCode.LIMIT,
    Outcome.CPU_LIMIT: ExitCode.LIMIT,
    Outcome.HEAP_LIMIT: ExitCode.LIMIT,
    Outcome.EXTERNAL_LIMIT: ExitCode.LIMIT,
    Outcome.CANCELLED: ExitCode.CANCELLED,
    Outcome.HOST_LOST: ExitCode.HOST_LOST,
}


def code_of_outcome(outcome: Outcome) -> ExitCode:
    return _OF_OUTCOME[outcome]


def code_of_error(error: InspectorError) -> ExitCode:
    """Usage for what the caller can put right (a limit, a file, an engine that lacks something); else host lost."""
    if isinstance(error, UnsupportedError | PreludeError) or not isinstance(error, GoneError | LinkError | EngineError):
        return ExitCode.USAGE
    return ExitCode.HOST_LOST
