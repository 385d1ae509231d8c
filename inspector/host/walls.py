"""The walls around a host process: raised at its start, each reported with "" or the reason why it doesn't stand.

The second wall behind V8 itself. Environment and working directory are the pool's work at the start of the process;
this end only looks. What a flaw in V8 could still reach is said as plainly as what it can't.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from pathlib import Path

__all__ = ["NICENESS", "raise_walls", "step_back", "step_back_as_group"]

NICENESS = 10
GROUP_NICENESS = 19  # among sessions; the weaker, the more surely the window gets its processor
_GROUP = Path("/proc/self/autogroup")
_GROUPS_ENABLED = Path("/proc/sys/kernel/sched_autogroup_enabled")
_FIRST_FREE_DESCRIPTOR = 3
_NEEDED = {  # what an interpreter needs to start and to find its modules; none holds a user's secret
    "PATH", "PYTHONPATH", "PYTHONHOME", "PYTHONUTF8", "PYTHONHASHSEED", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED",
    "PYTHONFAULTHANDLER", "PYTHONWARNINGS", "PYTHONNOUSERSITE", "PYTHONSAFEPATH", "PYTHONPYCACHEPREFIX", "VIRTUAL_ENV",
    "LANG", "LC_ALL", "LC_CTYPE", "TZ", "SYSTEMROOT", "WINDIR", "TEMP", "TMP", "TMPDIR", "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH", "PWD", "OLDPWD", "SHLVL", "_", "__CF_USER_TEXT_ENCODING", "__PYVENV_LAUNCHER__",
}  # fmt: skip


def raise_walls() -> dict[str, str]:
    """Raise what this process can raise by itself; wall -> "" when it stands, else the reason why not.

    Call it before anything is opened: every descriptor above standard error is closed. "priority" is `step_back`'s.
    """
    return {
        "descriptors": _close_inherited(),
        "core-dumps": _forbid_core_dumps(),
        "environment": _look_at_environment(),
        "working-directory": _look_at_directory(),
        "privileges": _look_at_privileges(),
        "files": "none: what the user may read and write, a flaw in V8 could too",
        "network": "none: JavaScript has no access, a flaw in V8 could have",
    }


def _close_inherited() -> str:
    limit = 4096
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        limit = min(resource.getrlimit(resource.RLIMIT_NOFILE)[0], 1 << 16)
    os.closerange(_FIRST_FREE_DESCRIPTOR, limit)
    return ""


def _forbid_core_dumps() -> str:
    try:
        import resource
    except ImportError:
        return "this system has no core dumps to forbid" if sys.platform == "win32" else "no resource module"
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (OSError, ValueError) as error:
        return f"the limit could not be set ({error})"
    return ""


def step_back() -> str:
    """Lower the priority of this thread and of those it will start (Linux has one per thread); "" or why not."""
    if sys.platform == "win32":
        return "the pool starts it below normal priority"
    try:
        os.nice(NICENESS - os.nice(0))
    except OSError as error:
        return f"nice failed ({error})"
    return "" if not _has_group() or os.access(_GROUP, os.W_OK) else "its group's niceness can't be set"


def step_back_as_group() -> None:
    """Where Linux schedules each session as a group, niceness counts inside it alone: the group has one of its own.

    With 200 busy isolates in four sessions the window waited up to 534 ms for a processor before groups were told.
    """
    if not _has_group():
        return
    try:
        _GROUP.write_text(f"{GROUP_NICENESS}\n")
    except OSError as error:
        logging.getLogger(__name__).warning("its group's niceness could not be set (%s)", error)


def _has_group() -> bool:
    try:
        return _GROUPS_ENABLED.read_text().strip() == "1" and _GROUP.exists()
    except OSError:
        return False  # no such groups in this kernel, or no Linux


def _look_at_environment() -> str:
    others = sorted(name for name in os.environ if name.upper() not in _NEEDED)
    if not others:
        return ""
    shown = ", ".join(others[:5]) + (", ..." if len(others) > 5 else "")
    return f"the pool left {len(others)} variables in it ({shown})"


def _look_at_directory() -> str:
    try:
        first = next(iter(os.scandir()), None)
    except OSError as error:
        return f"it could not be looked at ({error})"
    return "" if first is None else f"it is not empty ({first.name}, ...)"


def _look_at_privileges() -> str:
    if sys.platform != "linux":
        return "no_new_privs is Linux's alone"
    try:
        status = Path("/proc/self/status").read_text()
    except OSError as error:
        return f"the kernel doesn't tell ({error})"
    if "NoNewPrivs:\t1" in status:
        return ""
    return "no_new_privs is not set: the pool found no setpriv to start this process with"
