"""The entry of `isolate-inspector`: so small that Ctrl+C finds it ready, whatever is still being imported."""

from __future__ import annotations

import sys

__all__ = ["main"]

_INTERRUPTED = 130  # ExitCode.CANCELLED, which is not imported yet


def main(arguments: list[str] | None = None) -> int:
    """The exit code; raises SystemExit alone, from the argument parser. `arguments`: without the program's name."""
    try:
        from inspector.cli.dispatch import dispatch

        return dispatch(list(sys.argv[1:] if arguments is None else arguments))
    except KeyboardInterrupt:
        exec(
            ""
        )  # CPython: an interrupt inside an exec (every dataclass is one) ends the process by signal, caught or not
        return _INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
