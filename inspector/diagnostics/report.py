"""The text of "Copy diagnostics": versions, engine, walls, figures. No source, value, url or console line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from inspector.diagnostics.versions import machine, versions
from inspector.events import HostStarted
from inspector.system.paths import state_folder
from inspector.text import visible

__all__ = ["diagnostics_text"]


def diagnostics_text(hosts: Iterable[HostStarted] = (), figures: Mapping[str, str] | None = None) -> str:
    """Lines for a report. `hosts`: as they said hello; `figures`: whatever counts the caller adds ("isolates": "3")."""
    lines = [f"{name} {number or 'not installed'}" for name, number in versions().items()]
    lines.append(machine())
    lines.append(f"logs: {_without_home(str(state_folder()))}")
    lines += [f"{name}: {visible(value)}" for name, value in (figures or {}).items()]
    for host in hosts:
        lines += _host_lines(host)
    return "\n".join(lines) + "\n"


def _host_lines(host: HostStarted) -> list[str]:
    flags = " ".join(host.v8_flags) or "none"
    lines = [
        f"host process {host.letter}: {host.engine} ({visible(host.engine_reason)}), V8 {visible(host.v8_version)}",
        f"  V8 flags: {visible(flags)}; started in {host.start_ms:.0f} ms; {'alone' if host.alone else 'shared'}",
    ]
    lines += [f"  can't {name}: {visible(reason)}" for name, reason in host.capabilities.items() if reason]
    lines += [f"  no wall {name}: {visible(reason)}" for name, reason in host.walls.items() if reason]
    return lines


def _without_home(path: str) -> str:
    """A path without the user's name."""
    try:
        return str("~" / Path(path).relative_to(Path.home()))
    except (ValueError, RuntimeError):  # it lies elsewhere; there is no home
        return path
