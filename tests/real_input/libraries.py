"""Libraries that were not written for this project: what to fetch, which file to run, and a use of what it defines."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["LIBRARIES", "Library"]


@dataclass(frozen=True, slots=True)
class Library:
    """`use` runs as a second script; it must evaluate to `answer` (JSON)."""

    package: str  # on npm
    file: str  # below the package's folder
    use: str
    answer: object


LIBRARIES = (
    Library("lodash", "lodash.js", "_.chunk([1, 2, 3, 4, 5], 2)", [[1, 2], [3, 4], [5]]),
    Library("acorn", "dist/acorn.js", "acorn.parse('let a = 1', { ecmaVersion: 2022 }).body[0].kind", "let"),
    Library("marked", "lib/marked.umd.js", "marked.parse('# *Hi*').trim()", "<h1><em>Hi</em></h1>"),
    Library("d3", "dist/d3.js", "d3.mean([1, 2, 6])", 3),
    Library("mathjs", "lib/browser/math.js", "math.evaluate('det([[1, 2], [3, 4]])')", -2),
    Library("handlebars", "dist/handlebars.js", "Handlebars.compile('{{a}}!')({ a: 'yes' })", "yes!"),
    Library(
        "@babel/standalone",
        "babel.js",
        "Babel.transform('const f = x => x ** 2', { presets: ['env'] }).code.includes('Math.pow')",
        True,
    ),
    Library("typescript@5", "lib/typescript.js", "ts.transpile('const a: number = 1').trim()", "var a = 1;"),
)
