"""The facts of the selection: each figure with its name, its text, and what it counts. Pure functions on the
records.
"""

from __future__ import annotations

from msgspec import Struct

from inspector.events import Birth, LedgerEntry
from inspector.states import Capability, IsolateState
from inspector.text import visible
from inspector.units import format_bytes, format_ms
from inspector.wire import MODES
from ui.clock import now_us
from ui.models.door_facts import doors_section
from ui.models.fact import Fact, Section
from ui.models.memory_facts import contexts_section, heap_sections
from ui.models.pause import pause_words
from ui.models.pool_state import PoolState
from ui.models.records import ContextRecord, Figures, HostRecord, IsolateRecord, RunRecord, ScriptRecord
from ui.models.tree_text import Growth, format_growth, growth_meaning

__all__ = ["BirthFacts", "Fact", "Facts", "Section", "facts_of"]


class BirthFacts(Struct, frozen=True):
    birth: Birth
    compile_ms: float | None
    first_run_ms: float | None


class Facts(Struct, frozen=True):
    title: str
    subtitle: str
    sections: tuple[Section, ...]
    birth: BirthFacts | None = None


def facts_of(
    state: PoolState,
    *,
    isolate_id: int | None,
    context_id: int | None = None,
    script_id: str | None = None,
    host_id: int | None = None,
    growth: Growth | None = None,
) -> Facts:
    """What the panel shows for a selection; nothing selected: the pool."""
    isolate = state.isolates.get(isolate_id) if isolate_id is not None else None
    host = state.hosts.get(host_id) if host_id is not None else None
    if isolate is None:
        return _pool_facts(state) if host is None else _host_facts(host)
    context = isolate.contexts.get(context_id) if context_id is not None else None
    script = context.scripts.get(script_id) if context is not None and script_id is not None else None
    if script is not None:
        return _script_facts(state, isolate, script)
    if context is not None:
        return _context_facts(isolate, context)
    return _isolate_facts(state, isolate, growth)


def _pool_facts(state: PoolState) -> Facts:
    totals = state.totals()
    figures = Section(
        "All isolates",
        (
            Fact("Isolates", str(totals.isolates), "Isolates that live now.", figure=True),
            Fact("Host processes", str(totals.hosts), "Child processes that hold isolates.", figure=True),
            Fact("JS heap", format_bytes(totals.heap_bytes), "Sum of heap used over all live isolates.", figure=True),
            Fact("Off-heap", format_bytes(totals.off_heap_bytes), _OFF_HEAP, figure=True),
            Fact("Resident", format_bytes(totals.resident_bytes), _RESIDENT, figure=True),
        ),
    )
    why = state.trouble or state.stopped
    trouble = (Section("Stopped", (Fact("Reason", visible(why, 400), trouble=True),)),) if why else ()
    return Facts("Pool", "Nothing is selected: these are sums over all isolates.", (*trouble, figures))


def _host_facts(host: HostRecord) -> Facts:
    started = host.started
    process = [
        Fact("Process id", str(started.pid), "The operating system's number for the process.", figure=True),
        Fact("Resident", format_bytes(host.resident_bytes or None), _RESIDENT, figure=True),
        Fact("CPU time", format_ms(host.cpu_us / 1000), "User and system time since it started.", figure=True),
        Fact("Isolates", str(len(host.isolate_ids)), "Isolates it holds or held.", figure=True),
        Fact("Started in", format_ms(started.start_ms), "From spawning the process until it said hello.", figure=True),
    ]
    sections = [Section("Process", tuple(process)), _engine_section(host), _walls_section(host)]
    if host.reason:
        words = visible(host.last_words.strip() or "(none)", 2_000, lines=True)
        code = "unknown" if host.exit_code is None else str(host.exit_code)
        lost = (
            Fact("Reason", visible(host.reason, 400), trouble=True),
            Fact("Exit code", code, "Of the process; a negative one is the number of the signal.", figure=True),
            Fact("Last words", words, "The end of what it wrote to standard error."),
        )
        sections.insert(0, Section("Lost", lost))
    return Facts(f"Host process {started.letter}", host.state.sentence, tuple(sections))


def _isolate_facts(state: PoolState, record: IsolateRecord, growth: Growth | None) -> Facts:
    host = state.host_of(record.isolate_id)
    sections = [_memory_section(record, growth), *contexts_section(record)]
    if (run := record.last_run) is not None and run.report is not None:
        sections.append(_run_section(run))
    if not record.state.alive:
        sections.insert(0, _end_section(record))
    elif record.paused is not None:
        at = f"{visible(record.paused.url, 200)}:{record.paused.line}"
        sections.insert(0, Section("Paused", (Fact("At", at), Fact("Reason", pause_words(record.paused)))))
    sections.append(_place_section(record, host))
    sections += heap_sections(record)
    if host is not None:
        sections.append(_engine_section(host))
    subtitle = record.state.sentence
    if record.reason and record.state not in (IsolateState.IDLE, IsolateState.PAUSED):
        subtitle += f" {visible(record.reason, 300)}"
    first = next((one for context in record.contexts.values() for one in context.scripts.values() if one.runs), None)
    birth = BirthFacts(record.created.birth, first.compile_ms if first else None, first.first_run_ms if first else None)
    return Facts(visible(record.name, 120), subtitle, tuple(sections), birth)


def _memory_section(record: IsolateRecord, growth: Growth | None) -> Section:
    now = record.figures
    if not now.at_us:
        return Section("Memory", (Fact("Heap used", "no sample yet"),))
    slope = growth.growth_detail(record.isolate_id) if growth is not None else None
    held = "the last value before the end" if not record.state.alive else MODES[now.mode]
    return Section(
        "Memory",
        (
            *_heap_facts(now),
            Fact("Growth", format_growth(slope), growth_meaning(slope), figure=True),
            *(
                Fact("Memory limit", format_bytes(record.created.memory_limit_bytes), _LIMIT, figure=True),
                Fact("V8's own limit", format_bytes(now.v8_limit_bytes), _V8_LIMIT, figure=True),
                Fact("After the limit", record.created.on_limit, _ON_LIMIT),
                Fact("Contexts alive", _contexts_alive(record, now), _CONTEXTS),
                Fact("Sampled", held, "How V8 took these figures: idle, busy at an interrupt check, or paused."),
            ),
        ),
    )


def _contexts_alive(record: IsolateRecord, now: Figures) -> str:
    """V8 counts mini-racer's own context too; one more or less for a moment, while a context comes or goes."""
    ours = sum(not context.released for context in record.contexts.values())
    others = now.native_contexts - now.detached_contexts - ours
    if not record.state.alive:
        return str(now.native_contexts)
    words = str(ours)
    if others > 0:
        words += f" + {others} mini-racer's own" if others == 1 else f" + {others} of the engine's own"
    if now.detached_contexts:
        words += f" + {now.detached_contexts} detached"
    return words


def _heap_facts(now: Figures) -> tuple[Fact, ...]:
    return (
        Fact(
            "Heap used", format_bytes(now.used_bytes), "Objects in V8's heap, live or not yet collected.", figure=True
        ),
        Fact("Heap committed", format_bytes(now.committed_bytes), "Memory of V8's heap that is backed.", figure=True),
        Fact("Heap total", format_bytes(now.total_bytes), "Address space that V8's heap has reserved.", figure=True),
        Fact("Off-heap", format_bytes(now.external_bytes), _OFF_HEAP, figure=True),
        Fact("V8 malloc", format_bytes(now.malloced_bytes), "V8's own bookkeeping outside the heap.", figure=True),
        Fact(
            "Handles used", format_bytes(now.handles_used_bytes), "Memory of V8's global handles in use.", figure=True
        ),
    )


def _run_section(run: RunRecord) -> Section:
    report = run.report
    assert report is not None
    took = report.timings
    facts = [
        Fact("What", visible(run.queued.label, 120), run.queued.path and f"File: {visible(run.queued.path, 400)}"),
        Fact("Kind", str(run.queued.kind), run.queued.kind.sentence),
        Fact("Because of", visible(run.queued.kind_reason, 300), "Why it ran as a script or as a module."),
        Fact("Outcome", str(report.outcome), report.outcome.sentence, trouble=report.error is not None),
        Fact("Evidence", visible(report.evidence, 300)),
        Fact("Compile", format_ms(took.compile_ms), "V8's parsing and compiling.", figure=True),
        Fact("Run", format_ms(took.run_ms), "Wall clock from the first statement until it settled.", figure=True),
        Fact("CPU", format_ms(took.cpu_ms), "Time on the isolate's own thread; awaiting does not count.", figure=True),
    ]
    if report.heap is not None:
        how = f"The largest heap used that was seen, {report.heap.peak_from}."
        facts.append(Fact("Peak heap", format_bytes(report.heap.peak_used_bytes), how, figure=True))
    return Section("Last run", tuple(fact for fact in facts if fact.text))


def _end_section(record: IsolateRecord) -> Section:
    facts = [Fact("Reason", visible(record.reason or str(record.state), 400), trouble=not _on_request(record))]
    ledger: LedgerEntry | None = record.ledger
    if ledger is not None:
        back = ledger.resident_before_bytes - ledger.resident_after_bytes
        facts += [
            Fact("Heap before", format_bytes(ledger.used_bytes), "Heap used just before the end.", figure=True),
            Fact("Resident before", format_bytes(ledger.resident_before_bytes), _RESIDENT, figure=True),
            Fact("Resident after", format_bytes(ledger.resident_after_bytes), _RESIDENT, figure=True),
            Fact("Came back", _came_back(ledger, back), _CAME_BACK, figure=True),
            Fact("Took", format_ms(ledger.dispose_ms), "Time to dispose it.", figure=True),
        ]
    return Section("Ended", tuple(facts))


def _came_back(ledger: LedgerEntry, back: int) -> str:
    held = ledger.used_bytes + ledger.external_bytes
    if back >= held:
        return f"yes: {format_bytes(back)}"
    return f"{format_bytes(max(0, back))} of {format_bytes(held)}"


def _on_request(record: IsolateRecord) -> bool:
    return record.state is IsolateState.DISPOSED


def _place_section(record: IsolateRecord, host: HostRecord | None) -> Section:
    letter = f"{host.started.letter} (pid {host.started.pid})" if host is not None else "–"
    added = record.created.birth.added_bytes
    return Section(
        "Place",
        (
            Fact("Host process", letter, "The child process that holds it."),
            Fact("Sharing", "alone in its process" if record.created.alone else "shares its process"),
            Fact("Added at birth", format_bytes(added), _ADDED if added is not None else _NOT_ADDED, figure=True),
        ),
    )


def _engine_section(host: HostRecord) -> Section:
    started = host.started
    name = "V8 inspector engine" if started.engine == "native" else "public API engine"
    facts = [
        Fact("Engine", name, visible(started.engine_reason, 400)),
        Fact("V8", visible(started.v8_version, 60), "Flags: " + visible(" ".join(started.v8_flags) or "none", 600)),
    ]
    lacking = {name: reason for name, reason in started.capabilities.items() if reason}
    facts.append(
        Fact("Capabilities", f"{len(started.capabilities) - len(lacking)} of {len(started.capabilities)}", _CAN)
    )
    known = {str(one): one.sentence for one in Capability}
    facts += [Fact(f"No {name}", visible(reason, 200), known.get(name, "")) for name, reason in lacking.items()]
    return Section("Engine", tuple(facts))


def _walls_section(host: HostRecord) -> Section:
    return Section(
        "Walls",
        tuple(
            Fact(visible(wall, 60), "stands" if not reason else visible(reason, 200), trouble=bool(reason))
            for wall, reason in host.started.walls.items()
        ),
    )


def _context_facts(isolate: IsolateRecord, context: ContextRecord) -> Facts:
    created = context.created
    facts = [
        Fact("Isolate", visible(isolate.name, 80)),
        Fact("Context id", str(context.context_id), "V8's execution context id.", figure=True),
        Fact("Scripts", str(len(context.scripts)), "Scripts with a label that V8 parsed in it.", figure=True),
        Fact(
            "Without a label", str(context.unnamed), "Console input and evaluated text: not in the tree.", figure=True
        ),
    ]
    if created.replaces_context_id is not None:
        facts.append(Fact("Replaces", f"context {created.replaces_context_id}", "“Run again” made it."))
    end = f"It ended: {context.released}." if context.released else "It lives."
    return Facts(
        visible(created.name or "context", 120),
        f"A global object of its own. {end}",
        (Section("Context", tuple(facts)), *doors_section(context.doors, now_us())),
    )


def _script_facts(state: PoolState, isolate: IsolateRecord, script: ScriptRecord) -> Facts:
    from ui.models.code_cache_fact import code_cache_fact  # late: the first window selects no script

    parsed = script.parsed
    facts = (
        Fact("Isolate", visible(isolate.name, 80)),
        Fact(
            "Label",
            visible(parsed.url or "(none)", 400),
            "What the script calls itself; nothing is read because of it.",
        ),
        Fact("File", visible(parsed.path or "not from a file", 400), "The real path."),
        Fact("Kind", str(parsed.kind), parsed.kind.sentence),
        Fact("Length", f"{parsed.length:,}", "UTF-16 code units of the source.", figure=True),
        Fact("Hash", visible(parsed.hash, 80), "V8's hash of the source."),
        Fact("Runs", str(script.runs), "Runs of this script in this context.", figure=True),
        Fact("Time in all", format_ms(script.run_ms), "Wall clock of all its runs.", figure=True),
        Fact("CPU in all", format_ms(script.cpu_ms), "Time of all its runs on the isolate's own thread.", figure=True),
        Fact("Last outcome", str(script.outcome or "–")),
        Fact("Compile", format_ms(script.compile_ms), "V8's parsing and compiling, first time.", figure=True),
        code_cache_fact(state, isolate, script),
        Fact("First run", format_ms(script.first_run_ms), "Wall clock of its first run.", figure=True),
    )
    return Facts(
        visible(parsed.url or f"script {parsed.script_id}", 120), parsed.kind.sentence, (Section("Script", facts),)
    )


_CAME_BACK = (
    "Resident before minus after; yes: at least what its heap and off-heap memory held. What stays is V8's and the"
    " allocator's, kept for the next isolate of this host process."
)
_CAN = "What this engine can do, of all that the program knows of."
_OFF_HEAP = "Memory outside V8's heap that V8 accounts to the isolate: ArrayBuffers and the like (external)."
_ADDED = "Resident memory of the host process after its birth minus before."
_NOT_ADDED = "Not known: another isolate was born in the same host process at the same time."
_RESIDENT = "Physical memory of the whole host process, as the operating system counts it."
_LIMIT = "What was asked: it caps used + off-heap bytes after a garbage collection."
_V8_LIMIT = "V8's heap_size_limit: another figure, larger by the young generation."
_CONTEXTS = (
    "Native contexts that V8 counts. One is mini-racer's own, and one more holds our tools once"
    " a value was looked at, which no script sees; detached ones were released"
    " but something still refers to them."
)
_ON_LIMIT = "What becomes of the isolate once a memory limit was hit: kept, replaced by a fresh one, or disposed."
