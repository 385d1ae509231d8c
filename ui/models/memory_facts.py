"""The memory of an isolate beyond its samples, as facts: every heap figure and space, and what each context holds."""

from __future__ import annotations

from inspector.records import ContextMemory, HeapStatistics
from inspector.text import visible
from inspector.units import format_bytes, format_ms
from ui.models.fact import Fact, Section
from ui.models.records import IsolateRecord

__all__ = ["contexts_section", "heap_sections"]


def heap_sections(record: IsolateRecord) -> list[Section]:
    """What was asked for once a second while the isolate is selected; [] before the first answer."""
    found = record.statistics
    if found is None:
        return []
    sections = [Section("More of the heap", _more(found))]
    if found.spaces:
        sections.append(Section("Heap spaces: used of committed", _spaces(found)))
    return sections


def contexts_section(record: IsolateRecord) -> list[Section]:
    """What Measure Contexts found; [] before it was asked for."""
    found = record.context_memory
    if found is None:
        return []
    facts = [
        Fact(_name(record, context_id), format_bytes(size), _CONTEXT, figure=True)
        for context_id, size in found.contexts.items()
    ]
    facts += [
        Fact("Shared", format_bytes(found.shared_bytes), "Objects that belong to no one context.", figure=True),
        Fact("mini-racer's own", format_bytes(found.engine_bytes), "Its context, which no script sees.", figure=True),
        *_wasm(found),
        Fact("Measured in", format_ms(found.ms), "A full collection, and the wait for a running script.", figure=True),
    ]
    return [Section("Memory by context", tuple(facts))]


def _more(found: HeapStatistics) -> tuple[Fact, ...]:
    handles = _of(found.handles_used_bytes, found.handles_total_bytes)
    contexts = f"{found.native_contexts}, {found.detached_contexts} detached"
    return (
        Fact("Executable", format_bytes(found.executable_bytes), "Pages of the heap that hold code.", figure=True),
        Fact("Available", format_bytes(found.available_bytes), "What V8's own limit leaves.", figure=True),
        Fact("Peak V8 malloc", format_bytes(found.peak_malloced_bytes), "The most of V8 malloc.", figure=True),
        Fact("Global handles", handles, "Memory of V8's global handles: used of all.", figure=True),
        Fact("Native contexts", contexts, "As V8 counts them, mini-racer's own among them.", figure=True),
    )


def _spaces(found: HeapStatistics) -> tuple[Fact, ...]:
    facts = [
        Fact(
            space.name.removesuffix("_space").replace("_", " "),
            _of(space.used_bytes, space.physical_bytes),
            f"V8's {space.name}: {format_bytes(space.available_bytes)} free of {format_bytes(space.size_bytes)}.",
            figure=True,
        )
        for space in found.spaces
        if space.size_bytes
    ]
    used = sum(space.used_bytes for space in found.spaces)
    physical = sum(space.physical_bytes for space in found.spaces)
    total = _of(used, physical)
    return (*facts, Fact("All spaces", total, "They add up to heap used and heap committed.", figure=True))


def _of(part: int, whole: int) -> str:
    """ "96.9 of 256 KiB"; each with its own unit where they differ."""
    first, last = format_bytes(part), format_bytes(whole)
    number, unit = first.rsplit(" ", 1)
    return f"{number if last.endswith(f' {unit}') else first} of {last}"


def _wasm(found: ContextMemory) -> list[Fact]:
    size = found.wasm_code_bytes + found.wasm_metadata_bytes
    return [Fact("WebAssembly", format_bytes(size), "Code and metadata.", figure=True)] if size else []


def _name(record: IsolateRecord, context_id: int) -> str:
    context = record.contexts.get(context_id)
    return visible(context.created.name, 40) if context is not None else f"context {context_id}"


_CONTEXT = "Bytes that this context keeps alive, by V8's MeasureMemory: one full collection."
