"""Build what is shipped for this system, into dist/: the program's folder, an archive, on Debian a .deb, wheel, sdist.

    python packaging/ship.py [program] [python]      (default: both)

Runs in the environment that `bootstrap.py build` makes; `make build` does. Ends with a table of sizes.
"""

from __future__ import annotations

import gzip
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import bundle
import deb
import notices
from environment import say
from refusal import Refusal
from release import NAME, ROOT, TITLE, archive_name

__all__ = ["main"]

DIST = ROOT / "dist"
WORK = ROOT / "build"
NOTICES = "THIRD-PARTY-NOTICES.txt"
_SPEC = ROOT / "packaging" / f"{NAME}.spec"


def build_program() -> Iterator[Path]:
    """PyInstaller's folder with LICENSE and notices, then what it is handed out as."""
    folder = DIST / NAME
    shutil.rmtree(folder, ignore_errors=True)
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    run("Building the program", [*command, "--distpath", str(DIST), "--workpath", str(WORK), str(_SPEC)])
    work = WORK / NAME
    lighten(folder)
    parts = notices.write_notices(bundle.read_list(work, "sources"), folder / NOTICES)
    shutil.copyfile(ROOT / "LICENSE", folder / "LICENSE")
    say(f"{len(parts)} parts of others are named in {NOTICES}.")
    if sys.platform == "darwin":
        app = DIST / f"{TITLE}.app"
        for name in (NOTICES, "LICENSE"):
            shutil.copyfile(folder / name, app / "Contents" / "Resources" / name)
        sign(app)
        yield app
        yield zipped(app)
        return
    yield folder
    yield zipped(folder) if sys.platform == "win32" else tarred(folder)
    if shutil.which("dpkg-deb"):
        pngs = {size: work / "icons" / f"{NAME}-{size}.png" for size in (16, 24, 32, 48, 64, 128, 256, 512)}
        packages = {notices.debian_owner(path) for path in bundle.read_list(work, "outside")}
        yield deb.build_deb(folder, pngs=pngs, notices=folder / NOTICES, packages=packages, work=work, target=DIST)


def build_python() -> Iterator[Path]:
    """Wheel and sdist, without fetching anything."""
    run("Building wheel and sdist", [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(DIST), str(ROOT)])
    yield from sorted(DIST.glob("*.whl"))
    yield from sorted(DIST.glob(f"{NAME.replace('-', '_')}-*.tar.gz"))


def lighten(folder: Path) -> None:
    """An interpreter that was compiled on this machine may carry 15 MB of what only its debugger reads."""
    strip = shutil.which("strip") if sys.platform.startswith("linux") else None
    for library in folder.glob("_internal/libpython*.so*") if strip else ():
        run("Stripping the interpreter", [str(strip), "--strip-debug", str(library)])


def sign(app: Path) -> None:
    """Ad hoc, once more: files were added to what PyInstaller had signed. The entitlements let V8 compile."""
    entitlements = ROOT / "packaging" / "macos" / "entitlements.plist"
    signing = ["codesign", "--force", "--deep", "--options", "runtime", "--entitlements", str(entitlements)]
    run("Signing", [*signing, "--sign", "-", str(app)])
    run("Checking the signature", ["codesign", "--verify", "--deep", "--strict", str(app)])


def tarred(folder: Path) -> Path:
    """The same bytes for the same content: no owner, no time in the gzip header."""
    path = DIST / f"{archive_name()}.tar.gz"

    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = "root"
        return entry

    with (
        path.open("wb") as raw,
        gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w") as archive,
    ):
        archive.add(folder, archive_name(), filter=plain)
    return path


def zipped(folder: Path) -> Path:
    """macOS's own ditto keeps links and signatures, which Python's zipfile does not."""
    path = DIST / f"{archive_name()}.zip"
    if sys.platform == "darwin":
        run("Packing", ["ditto", "-c", "-k", "--keepParent", str(folder), str(path)])
        return path
    return Path(shutil.make_archive(str(path.with_suffix("")), "zip", folder.parent, folder.name))


def run(action: str, command: Sequence[str]) -> None:
    say(f"{action} ...")
    code = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False).returncode
    if code != 0:
        raise Refusal(action, f"exit code {code}", "See its words above", exit_code=1)


def size_of(path: Path) -> int:
    if path.is_dir():
        return sum(one.lstat().st_size for one in path.rglob("*") if not one.is_dir())
    return path.stat().st_size


def main(wanted: Sequence[str]) -> int:
    """Exit code: 0, 1 when a step failed, 2 for a word that is none."""
    makers = {"program": build_program, "python": build_python}
    if unknown := set(wanted) - set(makers):
        print(f"Building: there is no {', '.join(sorted(unknown))}; there are {', '.join(makers)}.", file=sys.stderr)
        return 2
    DIST.mkdir(exist_ok=True)
    made: list[Path] = []
    try:
        for name in wanted or makers:
            made += makers[name]()
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return refusal.exit_code
    for path in made:
        print(f"{size_of(path) / 1e6:8.1f} MB  {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
