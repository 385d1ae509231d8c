"""What a host process is started with, and one that is started ahead of its pool. Imports little.

A host needs 0.15 s to import what it is made of; a window uses the time in which it imports Qt. The process then waits
for its start order, holds no JavaScript and no secret, and ends when its standard input does.
"""

from __future__ import annotations

import os
import site
import subprocess
import sys
import time
from pathlib import Path

from msgspec import Struct

from inspector.engine.child import child_command
from inspector.pool.folders import make_folder, remove_folder

__all__ = ["EarlyHost", "creation_flags", "host_command", "scrubbed_environment", "start_early_host"]

_FOR_PYTHON = ("SYSTEMROOT", "LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONUSERBASE")  # without them it may not start
_SETPRIV = ("/usr/bin/setpriv", "/bin/setpriv")
_FOR_SCRIPTS = ("LANG", "LC_ALL", "LC_CTYPE", "LC_MESSAGES", "TZ")  # the language and time zone that they see


class EarlyHost(Struct, frozen=True):
    """A process that waits for its start order. Owner: whoever holds it; it is given to one pool, or discarded."""

    process: subprocess.Popen[bytes]
    folder: Path  # its working directory
    began_s: float  # time.perf_counter()

    def discard(self) -> None:
        """End it and remove its folder; blocks for a moment. Harmless when it has ended."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stderr):
            if pipe is not None:
                pipe.close()
        remove_folder(self.folder)


def start_early_host() -> EarlyHost | None:
    """Start a host process for a pool to adopt; None where the system can't, or no loop could take it over."""
    if os.name != "posix":
        return None
    began_s = time.perf_counter()
    try:
        folder = make_folder()
    except OSError:
        return None  # the pool tries again, and says why
    try:
        process = subprocess.Popen(
            host_command(),
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd=folder,
            env=scrubbed_environment(folder),
            close_fds=True,
            start_new_session=True,
        )
    except OSError:
        remove_folder(folder)
        return None
    return EarlyHost(process, folder, began_s)


def host_command() -> list[str]:
    """The command line of a host: through setpriv where there is one (util-linux), which becomes our program.

    It sets no_new_privs, so that nothing a host could start gains rights; Python itself has no prctl.
    """
    own = child_command("inspector.host")
    if sys.platform == "linux":
        for place in _SETPRIV:
            if os.access(place, os.X_OK):
                return [place, "--no-new-privs", "--", *own]
    return own


def scrubbed_environment(folder: Path) -> dict[str, str]:
    """What a host sees of the environment: nothing of the user's but language and time zone."""
    environment = {name: os.environ[name] for name in _FOR_PYTHON + _FOR_SCRIPTS if name in os.environ}
    environment["TMPDIR" if os.name != "nt" else "TEMP"] = str(folder)
    environment["PYTHONUTF8"] = "1"
    environment["PYTHONUNBUFFERED"] = "1"  # V8's trace lines go through C's standard output: else they come 4 kB late
    root = Path(__file__).resolve().parents[2]
    if not getattr(sys, "frozen", False) and root not in _places_python_looks():
        environment["PYTHONPATH"] = str(root)  # run from a checkout: the child's own folder is empty
    return environment


def creation_flags() -> int:
    """For Windows: no console window, below normal priority."""
    if sys.platform != "win32":
        return 0
    return subprocess.CREATE_NO_WINDOW | subprocess.BELOW_NORMAL_PRIORITY_CLASS


def _places_python_looks() -> set[Path]:
    return {Path(place).resolve() for place in (*site.getsitepackages(), site.getusersitepackages())}
