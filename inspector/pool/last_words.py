"""Why a host process ended, in words: its exit code or signal, and the bounded tail of its standard error."""

from __future__ import annotations

import re
import signal

__all__ = ["KEPT_BYTES", "Tail", "blames_engine", "reason_of"]

KEPT_BYTES = 64 * 1024
# Sent by people and systems; every other signal (SIGSEGV, SIGTRAP, SIGILL, ...) V8 or its adapter brought on itself.
_FROM_OUTSIDE = {"SIGKILL", "SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGPIPE", "SIGXCPU", "SIGSTOP"}
_FATAL = re.compile(
    r"^#? ?(Fatal [^\n]*)", re.MULTILINE
)  # V8's "# Fatal error in ...", Python's "Fatal Python error: ..."
_OUT_OF_MEMORY = re.compile(r"[^\n]*(?:out of memory|OOM)[^\n]*", re.IGNORECASE)


class Tail:
    """The last `KEPT_BYTES` of a stream."""

    def __init__(self) -> None:
        self._kept = bytearray()

    def feed(self, data: bytes) -> None:
        self._kept += data
        if len(self._kept) > KEPT_BYTES:
            del self._kept[:-KEPT_BYTES]

    def text(self) -> str:
        return self._kept.decode("utf-8", "replace").strip()


def reason_of(exit_code: int | None, last_words: str) -> str:
    """One sentence without a stop: "killed by SIGKILL ...", "V8 ran out of memory: ...", "ended with exit code 3"."""
    memory = _OUT_OF_MEMORY.search(last_words)
    if exit_code is None:
        return "its connection ended while the process went on; it was killed"
    if exit_code == 0:
        return "ended in order (exit code 0), but not on the pool's request"
    if exit_code > 0:
        return f"ended with exit code {exit_code}{_telling(last_words)}"
    name = _signal_name(-exit_code)
    if name == "SIGKILL":
        return "killed by SIGKILL (by someone, or by the system when memory ran short)"
    if name in _FROM_OUTSIDE:
        return f"ended by {name}"
    if memory:
        return f"V8 ran out of memory ({name}): {memory[0].strip(' #')}"
    return f"crashed with {name}{_telling(last_words)}"


def blames_engine(exit_code: int | None) -> bool:
    """Whether the engine's self-test is worth running again."""
    return exit_code is not None and exit_code < 0 and _signal_name(-exit_code) not in _FROM_OUTSIDE


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _telling(text: str) -> str:
    """The line that says most, after a colon: the fatal one, else the last; "" when there is none."""
    fatal = _FATAL.search(text)
    line = fatal[1] if fatal else text.rstrip().rsplit("\n", 1)[-1]
    return f": {line.strip()[:300]}" if line.strip() else ""
