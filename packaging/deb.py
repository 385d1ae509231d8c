"""A .deb of a built folder: the program below /opt, a link on the PATH, desktop file, icons, notices. By dpkg-deb."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from release import DESCRIPTION, NAME, debian_architecture, version

__all__ = ["build_deb", "control", "depends"]

_RECOMMENDS = ("util-linux", "fonts-dejavu-core")  # setpriv, with which hosts give up gaining rights; a font to be seen
_ICON_SIZES = (16, 24, 32, 48, 64, 128, 256, 512)


def depends(packages: Iterable[str]) -> str:
    """`packages`: whose libraries the program is linked with. Of glibc this machine's version is the least."""
    version_of_libc = os.confstr("CS_GNU_LIBC_VERSION") if hasattr(os, "confstr") else ""
    least = f" (>= {version_of_libc.split()[-1]})" if version_of_libc else ""
    return ", ".join(f"{name}{least}" if name == "libc6" else name for name in sorted(packages))


def control(installed_kb: int, packages: Iterable[str]) -> str:
    """The control file. `packages`: see `depends`."""
    return "\n".join(
        [
            f"Package: {NAME}",
            f"Version: {version()}",
            f"Architecture: {debian_architecture()}",
            f"Maintainer: {NAME} maintainers <maintainers@{NAME}.invalid>",
            f"Installed-Size: {installed_kb}",
            f"Depends: {depends(packages)}",
            f"Recommends: {', '.join(_RECOMMENDS)}",
            "Section: devel",
            "Priority: optional",
            f"Description: {DESCRIPTION[0].lower()}{DESCRIPTION[1:]}",
            " It spawns V8 isolates in host processes of their own, runs JavaScript files",
            " on them and draws their heaps while they run. It brings its own Python, Qt",
            " and V8.",
            "",
        ]
    )


def build_deb(
    folder: Path, *, pngs: Mapping[int, Path], notices: Path, packages: Iterable[str], work: Path, target: Path
) -> Path:
    """`folder`: the built program; `packages`: see `depends`; `target`: where the package goes; it is returned."""
    root = work / "deb"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(folder, root / "opt" / NAME, symlinks=True)
    _link(root / "usr" / "bin" / NAME, f"../../opt/{NAME}/{NAME}")
    _copy(Path(__file__).with_name("linux") / f"{NAME}.desktop", root / "usr/share/applications" / f"{NAME}.desktop")
    for size in _ICON_SIZES:
        _copy(pngs[size], root / f"usr/share/icons/hicolor/{size}x{size}/apps/{NAME}.png")
    _copy(Path(__file__).with_name("icons") / f"{NAME}.svg", root / f"usr/share/icons/hicolor/scalable/apps/{NAME}.svg")
    _copy(notices, root / "usr/share/doc" / NAME / "copyright")
    installed = sum(path.lstat().st_size for path in root.rglob("*") if not path.is_dir()) // 1024
    (root / "DEBIAN").mkdir()
    (root / "DEBIAN" / "control").write_text(control(installed, packages), encoding="utf-8")
    for path in root.rglob("*"):
        if path.is_dir():
            path.chmod(0o755)
    package = target / f"{NAME}_{version()}_{debian_architecture()}.deb"
    command = ["dpkg-deb", "--root-owner-group", "-Zxz", "-z6", "--build", str(root), str(package)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(root)
    return package


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    target.chmod(0o644)


def _link(path: Path, to: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(to)
