"""Smoke test of what was built: the program in dist/, where a user would have it, must prove itself.

    python packaging/smoke.py [FOLDER]      (default: dist/isolate-inspector, on macOS the .app)

It is copied to a folder with a space and a letter beyond ASCII in its path, made read-only, and started without Python
on the PATH, in a scrubbed environment, as a user without rights when this is root. Standard library alone.
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from release import NAME, ROOT, TITLE, version

__all__ = ["main"]

_PATIENCE_S = 240
_NOBODY = 65534
_FOLDER = "Prüf stand"
_HELLO = "setTimeout(() => console.log('hello from', 40 + 2), 10)\n"


def default_folder() -> Path:
    return ROOT / "dist" / (f"{TITLE}.app" if sys.platform == "darwin" else NAME)


def program_in(folder: Path) -> Path:
    """The executable of a built folder or .app."""
    if folder.suffix == ".app":
        return folder / "Contents" / "MacOS" / NAME
    return folder / (f"{NAME}.exe" if os.name == "nt" else NAME)


def bare_environment(home: Path) -> dict[str, str]:
    """Without Python, without a display, with a home of its own."""
    environment = {"HOME": str(home), "TMPDIR": str(home), "PATH": str(home), "LANG": "C.UTF-8"}
    if os.name == "nt":
        kept = ("SYSTEMROOT", "WINDIR", "COMSPEC")
        environment |= {name: os.environ[name] for name in kept if name in os.environ}
        environment |= {"LOCALAPPDATA": str(home), "APPDATA": str(home), "TEMP": str(home), "TMP": str(home)}
        environment |= {"USERPROFILE": str(home)}
    return environment


def make_read_only(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))


def make_writable(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | stat.S_IWUSR)


def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


class Bench:
    """The program in its place, and who starts it."""

    def __init__(self, program: Path, home: Path) -> None:
        self.program = program
        self.home = home
        self.environment: Mapping[str, str] = bare_environment(home)
        self.failures = 0

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        user = {"user": _NOBODY, "group": _NOBODY, "extra_groups": ()} if is_root() else {}
        return subprocess.run(  # type: ignore[call-overload, no-any-return]
            [str(self.program), *words],
            cwd=self.home,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=_PATIENCE_S,
            check=False,
            **user,
        )

    def check(self, name: str, words: Sequence[str], said: Sequence[str], code: int = 0, *, show: bool = False) -> None:
        """`said`: what must be in its output."""
        answer = self.run(*words)
        missing = [one for one in said if one not in answer.stdout]
        passed = answer.returncode == code and not missing
        self.failures += not passed
        print(f"{'ok' if passed else 'FAILED':<7} {name}", flush=True)
        if show or not passed:
            print(*(f"        {line}" for line in answer.stdout.splitlines()), sep="\n")
        if not passed:
            print(f"        exit code {answer.returncode}, expected {code}; missing in its output: {missing}")
            print(*(f"        {line}" for line in answer.stderr.splitlines()[-20:]), sep="\n")


def main(arguments: Sequence[str]) -> int:
    """Exit code: 0 when all checks passed, 1 when one failed, 2 when nothing was built."""
    built = Path(arguments[0]).resolve() if arguments else default_folder()
    if not program_in(built).exists():
        print(f"Smoke test: there is no {program_in(built)}. Build it: make build", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="smoke-") as base:
        place = Path(base) / _FOLDER
        home = Path(base) / "home"
        home.mkdir()
        shutil.copytree(built, place / built.name, symlinks=True)
        (home / "héllo wörld.js").write_text(_HELLO, encoding="utf-8")
        if is_root():
            Path(base).chmod(0o755)
            for path in (home, *home.iterdir()):
                os.chown(path, _NOBODY, _NOBODY)
        make_read_only(place)
        try:
            bench = Bench(program_in(place / built.name), home)
            prove(bench)
        finally:
            make_writable(place)
    who = "an unprivileged user" if is_root() or os.name != "nt" else "this user"
    print(f"{bench.failures} failed; read-only, in a folder called {_FOLDER!r}, as {who}, without Python.")
    return 1 if bench.failures else 0


def prove(bench: Bench) -> None:
    bench.check("its version", ["--version"], [version()])
    bench.check("self-test", ["--self-test"], ["The window", " 0 failed"], show=True)
    bench.check("self-test, public API engine", ["--self-test", "--engine", "portable"], [" 0 failed"])
    bench.check("runs a file", ["run", "héllo wörld.js"], ["hello from 42"])
    bench.check("doctor", ["doctor"], ["mini-racer", "PySide6-Essentials", "V8"])
    bench.check("refuses what is no file", ["run", "nowhere.js"], [], code=2)
    left = sorted(path.name for path in bench.home.glob("isolate-inspector-*"))
    print(f"{'ok' if not left else 'FAILED':<7} leaves no folder behind {' '.join(left)}".rstrip())
    bench.failures += bool(left)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
