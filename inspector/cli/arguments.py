"""Argument parsers that speak as the rest of the program: what was tried, why it failed, what to do."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from inspector.cli.exit_codes import ExitCode
from inspector.text import for_terminal, visible

__all__ = ["PROGRAM", "Parser", "add_engine", "add_log_level", "verb_parser"]

PROGRAM = "isolate-inspector"
_ENGINES = ("auto", "native", "portable")
_NEGATIVE = re.compile(r"-[0-9.]")
_LEVELS = ("debug", "info", "warning", "error")


class Parser(argparse.ArgumentParser):
    """Exits with 2 on bad usage; what was typed is shown as plain text, and a likely option is named."""

    def parse_args(self, args: Sequence[str], namespace: Any = None) -> Any:  # type: ignore[override]  # argparse has overloads for namespaces of other types; ours has one
        """As the base class, but `--timeout -5s` gives the option its value: whoever reads it says what is wrong."""
        return super().parse_args(self._with_negative_values(args), namespace)

    def _with_negative_values(self, words: Sequence[str]) -> list[str]:
        takes_value = {
            option for action in self._actions if action.nargs is None for option in action.option_strings if option
        }
        joined: list[str] = []
        for word in words:
            if joined and joined[-1] in takes_value and _NEGATIVE.match(word):
                joined[-1] += f"={word}"
            else:
                joined.append(word)
        return joined

    def error(self, message: str) -> NoReturn:
        stop = "" if message.endswith(("?", ".")) else "."
        sys.stderr.write(f"{self.prog}: {visible(message, 500)}{stop}{self._guess(message)} See {self.prog} --help.\n")
        raise SystemExit(ExitCode.USAGE)

    def _guess(self, message: str) -> str:
        """A known option that is close to an unrecognized one."""
        from difflib import get_close_matches  # 10 ms, for a slip only

        _, found, typed = message.partition("unrecognized arguments: ")
        options = [option for action in self._actions for option in action.option_strings if option.startswith("--")]
        close = get_close_matches(typed.split()[0].partition("=")[0], options, 1) if found and typed.split() else []
        return f" Did you mean {close[0]}?" if close else ""


def verb_parser(verb: str, docstring: str | None) -> Parser:
    """A parser whose help is the verb's docstring."""
    return Parser(
        prog=f"{PROGRAM} {verb}",
        description=for_terminal(docstring or ""),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def add_engine(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--engine",
        choices=_ENGINES,
        default="auto",
        help="native: V8's own inspector; portable: mini-racer's public API; auto (the default): native where its "
        "self-test passes",
    )


def add_log_level(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--log-level",
        choices=_LEVELS,
        default=None,
        metavar="LEVEL",
        help="debug, info, warning or error; the log is written to the folder that doctor names, and shown here",
    )
