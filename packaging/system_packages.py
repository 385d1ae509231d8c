"""System packages that pip can't bring: Qt's shared libraries and, on Debian and Ubuntu, Python's venv module.

What is missing is found by asking the dynamic loader's cache. With root and apt it is installed; without, the exact
command is in the refusal. The lists are what the PySide6-Essentials 6.11 wheel for Linux needs (`readelf -d`) beyond
what it brings itself.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from refusal import Refusal

__all__ = ["ensure", "install_command", "libraries_needed", "missing_libraries", "venv_package"]

# Shared library -> the Debian and Ubuntu package that has it. Every Qt application, also an offscreen one:
QT = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
}
X11 = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
WAYLAND = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}
LDCONFIG = ("/sbin/ldconfig", "/usr/sbin/ldconfig")


def libraries_needed(environ: Mapping[str, str], *, window: bool, ships: bool = False) -> dict[str, str]:
    """Library -> package: Qt's own; for a window also those of the display server that is there.

    `ships`: a build is made, which takes what it finds here along, or depends on it: a library that is not here would
    be missing there.
    """
    needed = dict(QT)
    if ships:
        return needed | X11 | WAYLAND
    if window and environ.get("DISPLAY"):
        needed.update(X11)
    elif window and environ.get("WAYLAND_DISPLAY"):
        needed.update(WAYLAND)
    return needed


def missing_libraries(needed: Iterable[str], loader_cache: str, machine: str) -> list[str]:
    """Those that `ldconfig -p` doesn't list for this processor."""
    word = "x86-64" if machine == "x86_64" else ""
    lines = (line.split() for line in loader_cache.splitlines() if "=>" in line and word in line)
    known = {words[0] for words in lines}
    return [library for library in needed if library not in known]


def venv_package(version: tuple[int, int], executable: str, default: str) -> str:
    """Debian splits venv off Python. `default`: what `/usr/bin/python3` is, whose package has a plain name."""
    return "python3-venv" if executable == default else f"python{version[0]}.{version[1]}-venv"


def install_command(packages: Iterable[str], *, root: bool) -> str:
    """The line for a shell."""
    sudo = "" if root else "sudo "
    return f"{sudo}apt-get update && {sudo}apt-get install -y --no-install-recommends {' '.join(packages)}"


def ensure(*, qt: bool, window: bool, venv: bool, ships: bool = False) -> None:
    """Install what is missing, or raise Refusal. `venv`: an environment is about to be made."""
    missing = find_missing(qt=qt, window=window, venv=venv, ships=ships)
    if not missing:
        return
    packages = sorted(set(missing.values()))
    names = ", ".join(sorted(missing))
    apt = shutil.which("apt-get")
    if apt is None:
        remedy = "Install them with this system's package manager"
        raise Refusal("Looking for what Qt and Python need", f"the system lacks {names}", remedy, exit_code=2)
    root = os.geteuid() == 0
    if not root:
        remedy = f"Install them: {install_command(packages, root=root)}"
        raise Refusal("Looking for what Qt and Python need", f"the system lacks {names}", remedy, exit_code=2)
    print(f"The system lacks {names}; installing with apt: {' '.join(packages)}", file=sys.stderr, flush=True)
    apt_install(apt, packages)
    missing = find_missing(qt=qt, window=window, venv=venv, ships=ships)
    if missing:
        cause = f"{', '.join(sorted(missing))} are still missing"
        raise Refusal(
            "Installing system packages", cause, f"Look at: {install_command(packages, root=True)}", exit_code=1
        )


def find_missing(*, qt: bool, window: bool, venv: bool, ships: bool = False) -> dict[str, str]:
    """What is missing -> its package. Libraries are looked for on Linux only, and only where the loader has a cache."""
    missing = {}
    if venv and any(importlib.util.find_spec(name) is None for name in ("venv", "ensurepip")):
        python, default = (os.path.realpath(path) for path in (sys.executable, "/usr/bin/python3"))
        missing["Python's venv module"] = venv_package(sys.version_info[:2], python, default)
    if qt and sys.platform.startswith("linux"):
        needed = libraries_needed(os.environ, window=window, ships=ships)
        cache = loader_cache()
        if cache is not None:
            missing.update({name: needed[name] for name in missing_libraries(needed, cache, platform.machine())})
    return missing


def loader_cache() -> str | None:
    """`ldconfig -p`, or None where there is no such cache (musl, Nix): there the first import of Qt tells."""
    program = next((path for path in LDCONFIG if Path(path).exists()), None)
    if program is None:
        return None
    answer = subprocess.run([program, "-p"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    text = answer.stdout.decode(errors="replace")
    return text if "=>" in text else None


def apt_install(apt: str, packages: Iterable[str]) -> None:
    """As root, without questions. A failing update alone is no end: the lists may be good enough."""
    environ = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    subprocess.run([apt, "-q", "update"], env=environ, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)
    install = [apt, "-q", "install", "-y", "--no-install-recommends", *packages]
    code = subprocess.run(install, env=environ, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False).returncode
    if code != 0:
        cause = f"apt-get ended with exit code {code}; its words are above"
        raise Refusal("Installing system packages", cause, f"Try: {install_command(packages, root=True)}", exit_code=1)
