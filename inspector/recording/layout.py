"""What a `.isosession` file holds. README.md, "The recording file", tells it to those who read it with other tools.

Tables keep what is few, `chunks` keeps what is many: a row is one batch, its `data` is an array of the records that
`DTYPES` declares for its track, little-endian, without gaps. Times are the machine's monotonic clock in microseconds;
`meta` has `began_us` and `began_wall_us`, which lead to the time of day. Sizes are bytes.
"""

from __future__ import annotations

from inspector.states import IsolateState

__all__ = [
    "APPLICATION_ID",
    "CONSOLE_KINDS",
    "DTYPES",
    "MARK_SOURCES",
    "MESSAGE_KINDS",
    "NO_NODE",
    "SCHEMA_VERSION",
    "STATES",
    "SUFFIX",
    "TABLES",
    "TEXT_TRACKS",
]

SUFFIX = ".isosession"
SCHEMA_VERSION = 1  # PRAGMA user_version; a reader refuses a higher one
APPLICATION_ID = 0x49736F53  # "IsoS": PRAGMA application_id

TABLES: dict[str, str] = {
    "meta": "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
    "hosts": (
        "CREATE TABLE hosts (host_id INTEGER PRIMARY KEY, letter TEXT, pid INTEGER, engine TEXT, v8_version TEXT, "
        "v8_flags TEXT, lacks TEXT, alone INTEGER, started_us INTEGER, ended_us INTEGER, end_state TEXT, "
        "exit_code INTEGER, end_reason TEXT, last_words TEXT)"
    ),
    "isolates": (
        "CREATE TABLE isolates (isolate_id INTEGER PRIMARY KEY, host_id INTEGER, name TEXT, "
        "memory_limit_bytes INTEGER, v8_limit_bytes INTEGER, alone INTEGER, on_limit TEXT, "
        "replaces_isolate_id INTEGER, birth TEXT, created_us INTEGER, ended_us INTEGER, end_state TEXT, "
        "end_reason TEXT, ledger TEXT)"
    ),
    "contexts": (
        "CREATE TABLE contexts (isolate_id INTEGER, context_id INTEGER, name TEXT, is_default INTEGER, "
        "replaces_context_id INTEGER, created_us INTEGER, released_us INTEGER, release_reason TEXT, "
        "PRIMARY KEY (isolate_id, context_id))"
    ),
    "scripts": (
        "CREATE TABLE scripts (isolate_id INTEGER, script_id TEXT, context_id INTEGER, at_us INTEGER, url TEXT, "
        "path TEXT, length INTEGER, hash TEXT, kind TEXT, internal INTEGER, PRIMARY KEY (isolate_id, script_id))"
    ),
    "sources": "CREATE TABLE sources (hash TEXT PRIMARY KEY, source TEXT NOT NULL)",
    "runs": (
        "CREATE TABLE runs (run_id INTEGER PRIMARY KEY, isolate_id INTEGER, context_id INTEGER, label TEXT, "
        "path TEXT, kind TEXT, queued_us INTEGER, started_us INTEGER, settled_us INTEGER, outcome TEXT, "
        "evidence TEXT, script_id TEXT, compile_ms REAL, run_ms REAL, cpu_ms REAL, queued_ms REAL, "
        "used_bytes INTEGER, external_bytes INTEGER, peak_used_bytes INTEGER, peak_from TEXT, preview TEXT, "
        "error TEXT)"
    ),
    "limit_hits": (
        "CREATE TABLE limit_hits (at_us INTEGER, isolate_id INTEGER, outcome TEXT, used_bytes INTEGER, "
        "external_bytes INTEGER, limit_bytes INTEGER, run_id INTEGER)"
    ),
    "problems": (
        "CREATE TABLE problems (at_us INTEGER, severity TEXT, action TEXT, cause TEXT, remedy TEXT, "
        "isolate_id INTEGER, host_id INTEGER)"
    ),
    "drops": "CREATE TABLE drops (at_us INTEGER, what TEXT, count INTEGER, isolate_id INTEGER, host_id INTEGER)",
    "cpu_nodes": (
        "CREATE TABLE cpu_nodes (isolate_id INTEGER, node INTEGER, parent INTEGER, function TEXT, script_id TEXT, "
        "url TEXT, line INTEGER, column INTEGER, PRIMARY KEY (isolate_id, node)) WITHOUT ROWID"
    ),
    "heap_profiles": (
        "CREATE TABLE heap_profiles (isolate_id INTEGER PRIMARY KEY, began_us INTEGER, at_us INTEGER, "
        "profile BLOB NOT NULL)"
    ),
    "chunks": (
        "CREATE TABLE chunks (chunk_id INTEGER PRIMARY KEY, track TEXT NOT NULL, isolate_id INTEGER, "
        "first_us INTEGER NOT NULL, last_us INTEGER NOT NULL, count INTEGER NOT NULL, dtype TEXT NOT NULL, "
        "data BLOB NOT NULL, texts BLOB)"
    ),
}

# track -> fields of one record, as numpy writes them. A new field means a new SCHEMA_VERSION.
DTYPES: dict[str, list[tuple[str, str]]] = {
    "samples": [
        ("isolate_id", "<u4"),
        ("mode", "<u4"),  # index into `wire.MODES`
        ("at_us", "<i8"),
        ("used_bytes", "<i8"),
        ("total_bytes", "<i8"),
        ("physical_bytes", "<i8"),  # committed
        ("external_bytes", "<i8"),
        ("malloced_bytes", "<i8"),
        ("allocated_bytes", "<i8"),  # since the isolate's birth
        ("v8_limit_bytes", "<i8"),
    ],
    "gcs": [
        ("isolate_id", "<u4"),
        ("kind", "<u4"),  # index into `wire.GC_KINDS`
        ("at_us", "<i8"),  # the end of the pause
        ("pause_us", "<i8"),
        ("before_bytes", "<i8"),
        ("after_bytes", "<i8"),
    ],
    "states": [("isolate_id", "<u4"), ("state", "<u4"), ("at_us", "<i8")],  # state: index into STATES
    "console": [
        ("isolate_id", "<u4"),
        ("kind", "<u4"),  # index into CONSOLE_KINDS
        ("at_us", "<i8"),
        ("context_id", "<i8"),
        ("run_id", "<i8"),  # -1: of no run
        ("line", "<i8"),  # 1-based, 0: unknown
        ("text_at", "<i8"),  # of this line's JSON in the chunk's `texts`
        ("text_bytes", "<i8"),
    ],
    "marks": [
        ("isolate_id", "<u4"),  # 0: of the whole recording
        ("source", "<u4"),  # index into MARK_SOURCES
        ("at_us", "<i8"),
        ("text_at", "<i8"),
        ("text_bytes", "<i8"),
    ],
    "messages": [
        ("from_isolate_id", "<u4"),  # 0: the program itself
        ("to_isolate_id", "<u4"),
        ("kind", "<u4"),  # index into MESSAGE_KINDS
        ("spare", "<u4"),
        ("at_us", "<i8"),  # sent
        ("received_us", "<i8"),  # -1: never
        ("size_bytes", "<i8"),
        ("text_at", "<i8"),
        ("text_bytes", "<i8"),
    ],
    "host_figures": [
        ("host_id", "<u4"),
        ("spare", "<u4"),
        ("at_us", "<i8"),
        ("resident_bytes", "<i8"),
        ("cpu_us", "<i8"),
    ],
    "isolate_times": [  # since birth; -1: unknown
        ("isolate_id", "<u4"),
        ("spare", "<u4"),
        ("at_us", "<i8"),
        ("cpu_us", "<i8"),
        ("executing_us", "<i8"),
    ],
    "cpu_samples": [("at_us", "<i8"), ("node", "<u4")],  # node ran from at_us until the next record
    "cpu_lines": [("node", "<u4"), ("line", "<u4"), ("ticks", "<u4")],  # samples of a node per line, 1-based
}

TEXT_TRACKS = ("console", "marks", "messages")  # their chunks have `texts`
NO_NODE = 0xFFFFFFFF  # in cpu_samples: from here on nothing was sampled
STATES = tuple(str(state) for state in IsolateState)
CONSOLE_KINDS = (
    "log", "debug", "info", "error", "warning", "dir", "dirxml", "table", "trace", "startGroup", "startGroupCollapsed",
    "endGroup", "assert", "profile", "profileEnd", "count", "timeEnd", "exception", "cleared", "dropped", "other",
)  # fmt: skip
MARK_SOURCES = ("user", "console.timeStamp", "performance.mark")
MESSAGE_KINDS = ("copy", "transfer", "reference", "refused", "message")
