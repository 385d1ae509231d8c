"""The notices of what others wrote, from the files that a build really holds.

Each file is traced to the distribution that brought it (its RECORD), to the interpreter, or to the Debian package that
owns a shared library of the system. Licence texts are those that came with it; the few that a wheel leaves out lie in
`licenses/`. A file that can't be traced is an error, never left out.
"""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from refusal import Refusal
from release import NAME, ROOT, TITLE

__all__ = ["Part", "debian_owner", "trace", "write_notices"]

TEXTS = Path(__file__).with_name("licenses")
# What a wheel holds, and its metadata doesn't tell: texts of ours.
_ALSO: Mapping[str, tuple[str, ...]] = {
    "PySide6_Essentials": ("LGPL-3.0.txt", "GPL-3.0.txt"),
    "shiboken6": ("LGPL-3.0.txt", "GPL-3.0.txt"),
    "mini-racer": ("V8.txt", "ICU.txt"),
}
_WORDS: Mapping[str, str] = {
    "PySide6_Essentials": "Holds Qt. Used under the LGPL 3: its libraries are files of their own, replaceable.",
    "shiboken6": "Used under the LGPL 3: its library is a file of its own, to be replaced by another.",
    "mini-racer": "Its library holds V8 and ICU.",
    "pyinstaller": "The start of the executable is its bootloader, whose exception allows any licence of the program.",
}
_COMMON = Path("/usr/share/common-licenses")
_LICENSE_NAMES = ("licen", "copying", "notice", "authors")


@dataclass(slots=True)
class Part:
    """Something that others wrote. `texts`: title -> licence text."""

    name: str
    version: str
    license: str
    words: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    files: int = 0


def trace(sources: Iterable[Path]) -> list[Part]:
    """The parts that these files came from, by name. Raises Refusal for files of unknown origin."""
    owners = _owners()
    parts: dict[str, Part] = {}
    of_system: list[Path] = []
    for source in sources:
        place = Path(os.path.realpath(source))
        owner = owners.get(place)
        if owner == NAME:
            continue
        if owner is not None:
            _add(parts, owner)
        elif place.is_relative_to(ROOT) and ".venv" not in place.parts[len(ROOT.parts)]:
            continue  # our own
        elif _is_pythons(place):
            parts.setdefault("Python", _python()).files += 1
        else:
            of_system.append(place)
    _add(parts, "pyinstaller")
    for part in _debian_parts(of_system):
        parts[part.name] = part
    return sorted(parts.values(), key=lambda part: part.name.lower())


def write_notices(sources: Iterable[Path], path: Path) -> list[Part]:
    """Write the file; the parts it names."""
    parts = trace(sources)
    lines = [
        f"{TITLE} is free software under the MIT license (LICENSE). The build holds software of others, with thanks:",
        "",
        *(f"  {part.name} {part.version}: {part.license}" for part in parts),
    ]
    shown: dict[str, str] = {}
    for part in parts:
        lines += ["", "=" * 100, f"{part.name} {part.version}", f"License: {part.license}", *filter(None, [part.words])]
        for title, text in part.texts.items():
            lines += ["", f"--- {title}", ""]
            lines.append(f"(as under {shown[text]})" if text in shown else text.strip())
            shown.setdefault(text, f"{part.name}, {title}")
    for name, text in _named_by(shown):
        lines += ["", "=" * 100, f"{name}, which parts above name", "", text.strip()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return parts


def _named_by(texts: Iterable[str]) -> list[tuple[str, str]]:
    """The licences that Debian's copyright files leave to the system, by name."""
    names = {name for text in texts for name in re.findall(r"/usr/share/common-licenses/([\w.-]*\w)", text)}
    places = {(_COMMON / name).resolve() for name in names}
    return [(place.name, place.read_text(encoding="utf-8")) for place in sorted(places) if place.is_file()]


def _owners() -> dict[Path, str]:
    """Every installed file -> the name of its distribution."""
    found: dict[Path, str] = {}
    for distribution in importlib.metadata.distributions():
        name = distribution.metadata["Name"]
        for file in distribution.files or ():
            found[Path(os.path.realpath(str(distribution.locate_file(file))))] = name
    return found


def _add(parts: dict[str, Part], name: str) -> None:
    if name not in parts:
        distribution = importlib.metadata.distribution(name)
        parts[name] = Part(name, distribution.version, _license_of(distribution), _WORDS.get(name, ""))
        for file in distribution.files or ():
            place = Path(str(distribution.locate_file(file)))
            if ".dist-info" in str(file) and any(word in file.name.lower() for word in _LICENSE_NAMES):
                title = str(file).split(".dist-info/", 1)[1].removeprefix("licenses/")
                parts[name].texts[title] = place.read_text(encoding="utf-8", errors="replace")
        parts[name].texts |= {text: (TEXTS / text).read_text(encoding="utf-8") for text in _ALSO.get(name, ())}
        if not parts[name].texts:
            raise Refusal(
                "Writing the notices", f"{name} brings no licence text", "Add it to packaging/licenses", exit_code=1
            )
    parts[name].files += 1


def _license_of(distribution: importlib.metadata.Distribution) -> str:
    told = distribution.metadata
    classifiers = [one.rsplit(" :: ", 1)[1] for one in told.get_all("Classifier") or () if one.startswith("License ::")]
    first = (told["License-Expression"] or told["License"] or ", ".join(classifiers) or "see its text").splitlines()[0]
    return str(first)


def _is_pythons(place: Path) -> bool:
    prefixes = {Path(os.path.realpath(one)) for one in (sys.base_prefix, sys.base_exec_prefix)}
    library = place.name.lower().startswith(("libpython", "python"))
    inside = any(place.is_relative_to(one) for one in prefixes)
    system_wide = prefixes == {Path("/usr")} and f"python{sys.version_info[0]}" not in str(place)
    return library or (inside and not system_wide)


def _python() -> Part:
    folders = [Path(os.__file__).parent, Path(sys.base_prefix)]
    found = next((one / "LICENSE.txt" for one in folders if (one / "LICENSE.txt").exists()), None)
    if found is None:
        raise Refusal("Writing the notices", "Python's LICENSE.txt is missing", "Use another Python", exit_code=1)
    version = ".".join(map(str, sys.version_info[:3]))
    text = found.read_text(encoding="utf-8", errors="replace")
    return Part("Python", version, "PSF-2.0", "The interpreter and its standard library.", {"LICENSE": text})


def _debian_parts(places: Sequence[Path]) -> list[Part]:
    """The system's packages that own these files. Raises Refusal where no package owns one."""
    if not places:
        return []
    if shutil.which("dpkg-query") is None:
        names = ", ".join(sorted({place.name for place in places}))
        remedy = "Tell packaging/notices.py whose they are"
        raise Refusal("Writing the notices", f"nobody is known to own {names}", remedy, exit_code=1)
    parts: dict[str, Part] = {}
    for place in places:
        package = debian_owner(place)
        if package not in parts:
            copyright_file = Path("/usr/share/doc") / package / "copyright"
            text = copyright_file.read_text(encoding="utf-8", errors="replace")
            parts[package] = Part(
                package, _debian_version(package), "see its text", "A library of the system.", {"copyright": text}
            )
        parts[package].files += 1
    return list(parts.values())


def debian_owner(place: Path) -> str:
    """The package that holds this file. Merged /usr: a package may name /lib where the file is found below /usr/lib."""
    place = Path(os.path.realpath(place))
    for path in (str(place), str(place).removeprefix("/usr")):
        done = subprocess.run(["dpkg-query", "--search", path], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return done.stdout.splitlines()[0].rsplit(": ", 1)[0].split(",")[0].split(":")[0]
    remedy = "Tell packaging/notices.py whose it is"
    raise Refusal("Writing the notices", f"no package owns {place}", remedy, exit_code=1)


def _debian_version(package: str) -> str:
    command = ["dpkg-query", "--show", "--showformat=${Version}\n", package]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()[0]
