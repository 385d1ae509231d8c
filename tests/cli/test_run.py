"""`run` over real host processes, with both engines: order, exit codes, JSON, limits, bad files."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inspector.states import Capability
from tests.fixtures.engines import FORCED, lacks, skip_without

Cli = Callable[..., Any]
Write = Callable[[str, str], Path]

FIELDS = {"file", "outcome", "value", "preview", "error", "console", "timings", "heap"}
TIMINGS = {"host_start_ms", "isolate_ms", "context_ms", "compile_ms", "run_ms", "cpu_ms"}
HEAP = {"used_bytes", "peak_used_bytes", "limit_bytes", "v8_limit_bytes", "external_bytes", "peak_from"}
ERROR = {"name", "message", "file", "line", "column", "stack"}


def test_an_empty_file_completes(shell: Cli, write: Write, engine: str) -> None:
    write("a.js", "")
    ended = shell("run", "--engine", engine, "a.js")
    assert (ended.code, ended.out, ended.err) == (0, "", "")


def test_the_console_comes_out_raw_in_a_pipe(shell: Cli, write: Write, engine: str) -> None:
    write("a.js", "console.log('hello %s', 'you', {a: 1}); console.error('oh'); console.log('\\x1b[1mé')")
    ended = shell("run", "--engine", engine, "a.js")
    assert ended.code == 0
    assert ended.out.splitlines() == ["hello you {a: 1}", "\x1b[1mé"]
    assert ended.err.splitlines() == ["oh"]


def test_groups_counts_and_tables(cli: Cli, write: Write, engine: str) -> None:
    write("a.js", "console.group('g'); console.log('in'); console.groupEnd(); console.count(); console.dir(7)")
    ended = cli("run", "--engine", engine, "a.js")
    assert ended.out.splitlines() == ["g", "in", "default: 1", "7"]


def test_json_has_every_field(cli: Cli, write: Write, engine: str) -> None:
    write("a.js", "console.log('x', 1); ({ a: [1, 'b', null] })")
    ended = cli("run", "--engine", engine, "--json", "--memory-limit", "64MiB", "a.js")
    (told,) = ended.objects
    assert told.keys() >= FIELDS
    assert told["timings"].keys() == TIMINGS
    assert told["heap"].keys() == HEAP
    assert told["file"] == "a.js"
    assert told["outcome"] == "completed"
    assert told["value"] == {"a": [1, "b", None]}
    assert told["preview"] == "{a: Array(3)}"
    assert told["error"] is None
    assert told["console"] == [{"level": "log", "text": "x 1"}]
    assert told["heap"]["limit_bytes"] == 64 << 20
    assert told["heap"]["v8_limit_bytes"] >= 64 << 20
    assert 0 < told["heap"]["used_bytes"] <= told["heap"]["peak_used_bytes"]
    assert told["heap"]["peak_from"] in ("sampled", "gc")
    assert all(told["timings"][name] > 0 for name in ("host_start_ms", "isolate_ms"))
    assert told["timings"]["context_ms"] >= 0  # 0: the portable engine's isolate is born with its context


RESULTS = {
    "1 + 1": (2, "2"),
    "'text'": ("text", "'text'"),
    "undefined": (None, "undefined"),
    "null": (None, "null"),
    "NaN": (None, "NaN"),
    "-0": (None, "-0"),
    "10n": (None, "10n"),
    "(function f() {})": (None, "ƒ f()"),
    "new Promise(done => setTimeout(() => done('later'), 20))": ("later", "'later'"),
    "var a = {}; a.a = a; a": (None, "{a: {…}}"),
}


def test_results(cli: Cli, write: Write) -> None:
    for number, text in enumerate(RESULTS):
        write(f"{number}.js", text)
    objects = cli("run", "--json", *(f"{number}.js" for number in range(len(RESULTS)))).objects
    assert [told["outcome"] for told in objects] == ["completed"] * len(RESULTS)
    wanted = RESULTS | {"10n": (None, "(a value that the public API can't convert)")} if FORCED else RESULTS
    assert [(told["value"], told["preview"]) for told in objects] == list(wanted.values())


def test_files_share_one_context_in_the_order_given(cli: Cli, write: Write, engine: str) -> None:
    write("b.js", "var list = ['b']; const hidden = 1")
    write("a.js", "list.push('a'); list.join() + hidden")
    ended = cli("run", "--engine", engine, "--json", "b.js", "a.js")
    assert [told["file"] for told in ended.objects] == ["b.js", "a.js"]
    assert ended.objects[1]["value"] == "b,a1"
    assert ended.objects[1]["timings"]["host_start_ms"] is None


def test_a_throw_stops_the_rest(cli: Cli, write: Write, engine: str) -> None:
    write("a.js", "\n  throw new TypeError('boom')")
    write("b.js", "console.log('ran')")
    ended = cli("run", "--engine", engine, "a.js", "b.js")
    assert ended.code == 1
    assert ended.out == ""
    assert "a.js:2:" in ended.err
    assert "TypeError: boom" in ended.err
    assert "1 file was not run" in ended.err


def test_keep_going_runs_the_rest_and_keeps_the_first_code(cli: Cli, write: Write, engine: str) -> None:
    write("a.js", "throw 1")
    write("b.js", "1")
    ended = cli("run", "--engine", engine, "--json", "--keep-going", "gone.js", "a.js", "b.js")
    assert ended.code == 2
    assert [told["outcome"] for told in ended.objects] == [None, "threw", "completed"]
    assert ended.objects[0]["error"]["name"] == "SourceError"


def test_errors_have_their_place(cli: Cli, write: Write) -> None:
    write("a.js", "function f() {\n  null.x\n}\nf()")
    (told,) = cli("run", "--json", "a.js").objects
    error = told["error"]
    assert error.keys() >= ERROR
    assert (error["name"], error["file"], error["line"], error["column"]) == ("TypeError", "a.js", 2, 8)
    assert "f (" in error["stack"]


def test_a_syntax_error_shows_file_line_column_and_the_line(cli: Cli, write: Write, engine: str) -> None:
    write("a.js", "var a = 1\nlet x = );\n")
    ended = cli("run", "--engine", engine, "a.js")
    assert ended.code == 1
    assert "a.js:2:9: SyntaxError" in ended.err
    assert "    let x = );\n            ^\n" in ended.err


@skip_without(Capability.INSPECTOR)
def test_an_unhandled_rejection_is_a_throw(cli: Cli, write: Write) -> None:
    write("a.js", "Promise.reject(new RangeError('nobody'))")
    write("b.js", "Promise.resolve().then(() => { throw new Error('later') }); 5")
    ended = cli("run", "--json", "--keep-going", "a.js", "b.js")
    assert ended.code == 1
    assert [told["outcome"] for told in ended.objects] == ["threw", "threw"]
    assert [told["error"]["message"] for told in ended.objects] == ["nobody", "later"]


@skip_without(Capability.INSPECTOR)
def test_a_rejection_with_a_primitive_is_told_once(cli: Cli, write: Write) -> None:
    write("a.js", "Promise.reject('no reason'); 1")
    ended = cli("run", "a.js")
    assert ended.code == 1
    assert ended.err.count("no reason") == 1


def test_a_cpu_limit_that_nobody_can_watch_is_refused(cli: Cli, write: Write) -> None:
    write("a.js", "for (;;);")
    ended = cli("run", "--engine", "portable", "--cpu-limit", "300ms", "a.js")
    assert (ended.code, ended.out) == (2, "")
    assert "CPU time" in ended.err


def test_a_very_long_text_is_cut_and_says_so(cli: Cli, write: Write) -> None:
    write("a.js", "'x'.repeat(2 ** 29 - 24)")
    (told,) = cli("run", "--json", "--memory-limit", "2GiB", "--timeout", "80s", "a.js").objects
    assert (told["outcome"], told["value"]) == ("completed", None)
    assert "536870888 characters" in told["preview"]


def test_timers_belong_to_their_file(cli: Cli, write: Write) -> None:
    write("a.js", "setTimeout(() => console.log('late'), 30); setTimeout(() => { throw new Error('t') }, 10)")
    write("b.js", "setTimeout(() => console.log('late'), 30)")
    ended = cli("run", "--json", "--keep-going", "a.js", "b.js")
    assert [told["outcome"] for told in ended.objects] == ["threw", "completed"]
    assert ended.objects[1]["console"] == [{"level": "log", "text": "late"}]


@skip_without(Capability.MODULES)
def test_modules(cli: Cli, write: Write) -> None:
    write(
        "main.mjs",
        "import { a } from './lib/a.js'; import d from './d.json' with { type: 'json' }; console.log(a, d.x)",
    )
    write("lib/a.js", "export const a = await Promise.resolve('ok')")
    write("d.json", '{"x": 5}')
    ended = cli("run", "main.mjs")
    assert (ended.code, ended.out) == (0, "ok 5\n")


MISSING = {
    "import 'lodash'": "lodash",
    "import './gone.js'": "./gone.js",
    "import '../outside.js'": "../outside.js",
    "import 'https://example.org/x.js'": "https://example.org/x.js",
    "await import('./gone.js')": "./gone.js",
}


@skip_without(Capability.MODULES)
def test_modules_that_are_not_there(cli: Cli, write: Write) -> None:
    for number, text in enumerate(MISSING):
        write(f"{number}.mjs", text)
    ended = cli("run", "--json", "--keep-going", *(f"{number}.mjs" for number in range(len(MISSING))))
    assert ended.code == 1
    for told, name in zip(ended.objects, MISSING.values(), strict=True):
        assert told["outcome"] == "threw"
        assert name in told["error"]["message"]
        assert told["file"] in told["error"]["message"]


def test_preludes_of_ones_own_run_first(cli: Cli, write: Write) -> None:
    write("first.js", "globalThis.greet = (name) => `hello ${name}`")
    write("bad.js", "\nthrow new TypeError('on purpose')")
    write("a.js", "console.log(greet('you'), typeof setTimeout)")
    ended = cli("run", "--prelude", "bare", "--prelude", "first.js", "a.js")
    assert (ended.code, ended.out) == (0, "hello you undefined\n")
    ended = cli("run", "--prelude", "bad.js", "a.js")
    assert ended.code == 2 and "bad.js" in ended.err and "on purpose" in ended.err and ended.out == ""


def test_commonjs_is_told_to_bundle(cli: Cli, write: Write, engine: str) -> None:
    write("a.js", "const fs = require('fs')")
    assert "CommonJS: bundle it first" in cli("run", "--engine", engine, "a.js").err


def test_a_timeout(cli: Cli, write: Write, engine: str) -> None:
    write("a.js", "for (;;);")
    ended = cli("run", "--engine", engine, "--json", "--timeout", "300ms", "a.js")
    assert ended.code == 3
    assert ended.objects[0]["outcome"] == "timed-out"


def test_a_timeout_covers_a_promise_that_never_settles(cli: Cli, write: Write) -> None:
    files = {"a.js": "new Promise(() => {})"}
    if not lacks(Capability.MODULES):
        files["b.mjs"] = "await new Promise(() => {})"
    for name, text in files.items():
        write(name, text)
    ended = cli("run", "--json", "--keep-going", "--timeout", "300ms", *files)
    assert ended.code == 3
    assert [told["outcome"] for told in ended.objects] == ["timed-out"] * len(files)


@skip_without(Capability.CPU_LIMIT)
def test_a_cpu_limit_does_not_count_waiting(cli: Cli, write: Write) -> None:
    write("a.js", "new Promise(done => setTimeout(done, 600))")
    write("b.js", "for (;;);")
    ended = cli("run", "--json", "--cpu-limit", "300ms", "a.js", "b.js")
    assert ended.code == 3
    assert [told["outcome"] for told in ended.objects] == ["completed", "cpu-limit"]


@skip_without(Capability.EXTERNAL_LIMIT)
def test_memory_limits(cli: Cli, write: Write) -> None:
    write("a.js", "{ const a = []; for (;;) a.push(new Array(1000).fill(0)) }")
    write("b.js", "{ const a = []; for (;;) a.push(new ArrayBuffer(1 << 20)) }")
    write("c.js", "'still usable'")
    ended = cli("run", "--json", "--keep-going", "--memory-limit", "32MiB", "a.js", "b.js", "c.js")
    assert ended.code == 3
    assert [told["outcome"] for told in ended.objects] == ["heap-limit", "external-limit", "completed"]


@pytest.mark.parametrize("limit", ["1MiB", "900GiB"])
def test_limits_that_no_host_can_give(cli: Cli, write: Write, limit: str) -> None:
    write("a.js", "")
    ended = cli("run", "--memory-limit", limit, "a.js")
    assert ended.code == 2
    assert "--memory-limit" in ended.err


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.js", b"\xff\xfe\x00", "UTF-16"),
        ("a.js", b"var a = '\xe9'", "offset 9"),
        ("a.js", b"\x7fELF\x00", "binary"),
        ("a.ts", b"", "TypeScript"),
        ("a.json", b"{}", "JSON"),
    ],
)
def test_files_that_are_no_javascript(cli: Cli, tmp_path: Path, name: str, content: bytes, told: str) -> None:
    (tmp_path / name).write_bytes(content)
    ended = cli("run", name)
    assert (ended.code, ended.out) == (2, "")
    assert told in ended.err


def test_folders_pipes_and_missing_files(cli: Cli, tmp_path: Path) -> None:
    assert "it is a folder without index.mjs" in cli("run", ".").err
    assert "no such file" in cli("run", "gone.js").err
    if sys.platform != "win32":
        os.mkfifo(tmp_path / "pipe.js")
        assert "it is a named pipe" in cli("run", "pipe.js").err
        assert "it is a device" in cli("run", "/dev/zero").err


@skip_without(Capability.MODULES)
def test_imports_from_other_folders_when_allowed(cli: Cli, write: Write, tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    write("app/index.mjs", "\nimport { v } from '../common.mjs'; console.log('v', v)")
    write("common.mjs", "export const v = 7")
    refused = cli("run", "app/index.mjs")
    assert refused.code == 1 and "index.mjs:2:" in refused.err and "it leaves the folder" in refused.err
    allowed = cli("run", "app", "--allow-imports", ".")
    assert (allowed.code, allowed.out) == (0, "v 7\n")
    assert cli("run", "app", "--allow-imports", "gone").code == 2


def test_json_is_safe_on_any_terminal(shell: Cli, write: Write) -> None:
    write("a.js", "console.log('\\x1b[31m\\u202e\\ud800'); '\\ud800'")
    ended = shell("run", "--json", "a.js")
    assert ended.out.isascii()
    assert json.loads(ended.out)["console"][0]["text"].startswith("\x1b[31m\u202e")


def test_a_flood_of_console_lines_is_bounded_and_counted(cli: Cli, write: Write) -> None:
    write("a.js", "for (let i = 0; i < 15000; i++) console.log(i)")
    (told,) = cli("run", "--json", "a.js").objects
    assert len(told["console"]) <= 10_000
    assert len(told["console"]) + told["console_dropped"] == 15_000


def test_a_source_map_url_is_a_label(cli: Cli, write: Write) -> None:
    write(
        "a.js",
        "throw new Error('x')\n//# sourceURL=https://example.org/other.js\n//# sourceMappingURL=file:///dev/zero",
    )
    ended = cli("run", "a.js")
    assert ended.code == 1
