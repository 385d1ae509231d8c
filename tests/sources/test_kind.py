"""Script or module: the scan is not fooled by strings, comments, regular expressions or templates."""

from __future__ import annotations

import time
from importlib.metadata import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.sources import read_source, source_from_text, without_modules
from inspector.sources.syntax import module_sign
from inspector.states import SourceKind

MODULES = [
    "import x from './x.js'",
    "import './x.js'",
    "import{a}from'./a.js'",
    "import * as a from './a.js'",
    "import/* why */{a} from './a.js'",
    "import a, {b} from './a.js' with { type: 'json' }",
    "console.log(import.meta.url)",
    "export default 1",
    "export{a};var a",
    "export const a = 1",
    "export async function f() {}",
    "export * from './a.js'",
    "// a comment that ends with a full stop.\nexport default 1",
    "/* import */ export default 1",
    "#!/usr/bin/env node\nexport default 1",
    "const t = `${`}`}`; export default t",
    "const t = `${{a: `x${1}`}.a}`\nexport { t }",
    "const r = /[/'\"`]/g\nexport { r }",
    "if (x) /`/.test(y)\nexport { x }",
    "a = b / c; d = e / '`'.length; export { a }",
    "a++ / 2; b = `x`; export { b }",
    "const s = 'it\\'s'; export { s }",
    "const s = 'two \\\n lines'; export { s }",
    "return_ / 2; export {}",
    "x.return / 2 / '`'; export {}",
    "a // don't\n / b; export {}",
    "a /* don't */ / b; export {}",
    "await 1",
    "await fetch_()",
    "await (async () => 1)()",
    "const x = await import('./x.js')",
    "for await (const x of y) {}",
    "if (a) { await b }",
    "`${await x}`",
    "[...await x]",
    "async function f() { await 1 }\nawait f()",
    "// it waits (await), function await\nawait f('var await')",
    "const f = async x => await x\nawait f(1)",
    "const f = async () => ({ a: await 1 }); await f()",
    "async function f() { return `}` + '}' + /}/ }\nawait f()",
]
SCRIPTS = [
    "",
    "1",
    "import('./x.js')",
    "import /* later */ ('./x.js')",
    "var s = 'import x from y'",
    'var s = "export default 1"',
    "// import x from 'y'",
    "// import x from 'y'\n",
    "/*\nimport x from 'y'\n*/",
    "var t = `\nexport default 1\nimport x from 'y'\nawait 1\n`",
    "var t = `${'`'}\nexport default 1`",
    "var r = /import x from 'y'/",
    "var r = /[/]import x/",
    "if (x) /`import {a}`/.test(y)",
    "var o = { import: 1, export: 2, await: 3 }",
    "o.import\n o.export = {}",
    "o.\n  export\n",
    "class A { import() {} export() {} static await() {} #await = 1 }",
    "o?.import",
    "async function f() { await 1 }",
    "async function f() { for await (const x of y) {} }",
    "const f = async () => { await 1 }",
    "const f = async () => await 1",
    "const f = async x => await x",
    "const f = async (a, { b }) => [await a, await b]",
    "const o = { async m() { await 1 }, async *g() { await 1 }, async [k]() { await 1 }, async 'q'() { await 1 } }",
    "class A { async m() { await 1 } static async #p() { await 1 } }",
    "(async function () { await 1 })()",
    "(async () => { const t = `${x}`; await 1 })()",
    "(async () => { try { await 1 } catch {} })().catch(() => {})",
    "var await = 1; await + 1",
    "function await() {} await (1)",
    "(function (await) { return await (1) })(String)",
    "await = 5",
    "async(1); var x = 1",
    "var $import = 1, import_ = 2, reexport = 3",
    "var x = 'unclosed\n",
    "/* never closed import x from 'y'",
    "`never closed ${ import",
]


@pytest.mark.parametrize("text", MODULES)
def test_modules(text: str) -> None:
    assert module_sign(text)


@pytest.mark.parametrize("text", SCRIPTS)
def test_scripts(text: str) -> None:
    assert module_sign(text) == ""


def test_the_reason_names_the_line() -> None:
    assert source_from_text("var a\n\nexport { a }", "x").kind_reason == "export on line 3"
    assert source_from_text("var a\nawait a", "x").kind_reason == "top-level await on line 2"
    assert source_from_text("var a", "x").kind_reason == "no import, export or top-level await"


JAVASCRIPT = [
    *"'\"`{}/*\\\n()[].a =",
    "${",
    "//",
    "/*",
    "*/",
    "=>",
    "import x",
    "export {",
    "await y",
    "async ",
    "return",
]


@settings(deadline=None)
@given(st.lists(st.sampled_from(JAVASCRIPT), max_size=60).map("".join))
def test_any_text_has_a_kind(text: str) -> None:
    module_sign(text)


@settings(deadline=None)
@given(st.text(alphabet=" \n;ab'\"`/{}$()", max_size=40))
def test_what_a_string_holds_is_never_code(text: str) -> None:
    quoted = text.replace("'", " ").replace("\n", " ")
    assert module_sign(f"var a = 'import x {quoted}'; var b") == ""
    assert module_sign(f"// export default {quoted}\nvar b") == ""


def write(folder: Path, name: str, text: str = "var a") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_suffixes_decide_first(tmp_path: Path) -> None:
    assert read_source(write(tmp_path, "a.mjs")).kind is SourceKind.MODULE
    assert read_source(write(tmp_path, "a.cjs", "import('x')")).kind is SourceKind.SCRIPT
    assert read_source(write(tmp_path, "a.cjs", "import 'x'")).kind_reason == "the suffix .cjs"
    assert read_source(write(tmp_path, "A.MJS")).kind is SourceKind.MODULE


def test_the_nearest_package_json_decides_for_js(tmp_path: Path) -> None:
    write(tmp_path, "package.json", '{"type": "module"}')
    source = read_source(write(tmp_path, "src/deep/a.js"))
    assert source.kind is SourceKind.MODULE
    assert source.kind_reason == f'"type": "module" in {tmp_path.resolve() / "package.json"}'
    write(tmp_path, "src/package.json", "{}")
    assert read_source(tmp_path / "src/deep/a.js").kind is SourceKind.SCRIPT
    assert read_source(write(tmp_path, "node_modules/lib/a.js")).kind is SourceKind.SCRIPT


def test_a_library_in_a_package_of_modules_is_a_script_where_there_are_none(tmp_path: Path) -> None:
    write(tmp_path, "package.json", '{"type": "module"}')
    library = without_modules(read_source(write(tmp_path, "a.js", "(function () {})()")))
    assert library.kind is SourceKind.SCRIPT
    assert library.kind_reason.endswith("this engine runs scripts alone")
    module = read_source(write(tmp_path, "b.js", "export {}"))
    assert without_modules(module) is module


@pytest.mark.parametrize("content", ["", "{", "[]", '{"type": 1}', '{"type": "commonjs"}', "\0", "[" * 100_000])
def test_a_broken_package_json_says_nothing(tmp_path: Path, content: str) -> None:
    write(tmp_path, "package.json", content)
    assert read_source(write(tmp_path, "a.js")).kind is SourceKind.SCRIPT


@pytest.mark.parametrize("package", ["xstatic-d3", "xstatic-js-yaml"])
def test_real_libraries_are_scripts(package: str) -> None:
    scripts = [Path(str(file.locate())) for file in files(package) or () if file.name.endswith(".js")]
    assert scripts
    for path in scripts:
        assert read_source(path).kind is SourceKind.SCRIPT


@pytest.mark.parametrize(
    "piece",
    [
        "'",
        '"',
        "`",
        "/",
        "(",
        "{",
        "async (",
        "await ",
        "x => ",
        "`${",
        "/* ",
        "// ",
        "\\",
        "a.\n",
        "=/[",
        "=/(a",
        "a // x\n/ b\n",
        "a/b+",
        "a.import\n",
    ],
)
def test_hostile_text_takes_linear_time(piece: str) -> None:
    begun = time.perf_counter()
    module_sign(piece * 20_000 + " import x")
    module_sign(piece * 20_000 + " await y")
    assert time.perf_counter() - begun < 20
