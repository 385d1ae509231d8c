"""What `doctor` found, as JSON and as plain text."""

from __future__ import annotations

import json
from typing import Any

from inspector.cli.doctor_facts import EngineFacts, Facts
from inspector.states import Capability
from inspector.text import visible
from inspector.units import format_ms

__all__ = ["as_json", "as_text"]


def as_json(facts: Facts) -> str:
    """One object. Capabilities and walls are {"ok": true|false, "reason": ""|why not}."""
    chosen = next((one for one in facts.engines if one.name == facts.engine), None)
    return json.dumps(
        {
            "versions": facts.versions | {"v8": chosen.v8_version if chosen else None},
            "machine": facts.machine,
            "v8_flags": list(chosen.v8_flags) if chosen else [],
            "engine": {"name": facts.engine or None, "reason": facts.engine_reason},
            "engines": {one.name: _engine(one) for one in facts.engines},
            "walls": _verdicts(chosen.walls) if chosen else {},
            "folders": facts.folders,
            "missing": list(facts.missing),
        },
        indent=2,
    )


def _engine(engine: EngineFacts) -> dict[str, Any]:
    return {
        "works": not engine.failure,
        "failure": engine.failure,
        "v8_version": engine.v8_version or None,
        "v8_flags": list(engine.v8_flags),
        "host_start_ms": engine.start_ms,
        "capabilities": _verdicts(engine.capabilities),
        "walls": _verdicts(engine.walls),
    }


def _verdicts(reasons: dict[str, str]) -> dict[str, dict[str, Any]]:
    return {name: {"ok": not reason, "reason": reason} for name, reason in reasons.items()}


def as_text(facts: Facts) -> str:
    """Lines for a terminal, everything in plain text."""
    chosen = next((one for one in facts.engines if one.name == facts.engine), None)
    lines = [
        *_section("Versions", [f"{name:<20} {number or 'not installed'}" for name, number in facts.versions.items()])
    ]
    lines += [f"  {'V8':<20} {chosen.v8_version if chosen else 'unknown'}", f"  {visible(facts.machine)}"]
    flags = " ".join(chosen.v8_flags) if chosen else ""
    lines += _section(
        "Engine",
        [f"{facts.engine or 'none works'}: {visible(facts.engine_reason, 500)}", f"V8 flags: {flags or 'none'}"],
    )
    for engine in facts.engines:
        lines += _engine_lines(engine)
    if chosen is not None:
        lines += _section(
            "Walls around a host process", [_verdict(*item, "stands", "no") for item in chosen.walls.items()]
        )
    lines += _section("Folders", [f"{name:<6} {visible(path, 500)}" for name, path in facts.folders.items()])
    lines += _section("Missing", [visible(one, 500) for one in facts.missing] or ["nothing"])
    return "\n".join(lines) + "\n"


def _engine_lines(engine: EngineFacts) -> list[str]:
    title = f"What {engine.name} can do"
    if engine.failure:
        return _section(title, [f"nothing: {visible(engine.failure, 500)}"])
    told = [_verdict(one.value, engine.capabilities.get(one.value, "unknown"), "yes", "no") for one in Capability]
    return _section(f"{title} (host process up in {format_ms(engine.start_ms)})", told)


def _verdict(name: str, reason: str, good: str, bad: str) -> str:
    return f"{name:<18} {f'{bad}: {visible(reason, 500)}' if reason else good}"


def _section(title: str, lines: list[str]) -> list[str]:
    return [title, *(f"  {line}" for line in lines)]
