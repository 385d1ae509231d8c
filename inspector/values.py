"""CDP RemoteObjects as text: one-line previews as DevTools draws them, console calls, and JSON values.

What is returned went through `inspector.text` (plain, bounded, safe to draw) unless asked for raw.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from inspector.text import LINE_LIMIT, TEXT_LIMIT, visible

__all__ = ["Member", "console_text", "json_value", "preview_text", "property_text"]

Remote = Mapping[str, Any]

_FORMAT = re.compile(r"%([sdifoOc%])")
_PLAIN_NAME = re.compile(r"#?[\w$]+\Z|\[\[|Symbol\(")
_LISTS = ("array", "typedarray")
_AS_DESCRIBED = ("date", "regexp", "node", "trustedtype", "arraybuffer", "dataview", "webassemblymemory", "wasmvalue")


class Member(Struct, frozen=True):
    """`kind`: "property", "getter" (`value` is empty until it is read), "internal" (V8's own: [[Prototype]],
    [[Entries]]), "range" (`first` to `last` of a list, whose object is `value`). `value`: a CDP RemoteObject.
    """

    name: str
    kind: str
    value: Remote
    owner_id: str = ""  # of a getter: the object that it is read from
    key: Remote | None = None  # of a getter: the CallArgument that names it
    first: int = 0
    last: int = 0


def preview_text(remote: Remote, limit: int = LINE_LIMIT) -> str:
    """One line, at most `limit` characters and a count of the rest: `(2) [1, 2]`, `{a: 1}`, `Map(1) {'k' => 1}`."""
    return visible(_shown(remote, quoted=True), limit)


def console_text(args: Sequence[Remote], limit: int = TEXT_LIMIT, *, raw: bool = False) -> str:
    """A console call as text, with line feeds and tabs: %s %d %i %f %o %O %c are filled in, the rest is joined.

    `raw`: for a file, a pipe or JSON, as the script wrote it: nothing is escaped or cut.
    """
    text = " ".join(_console_parts(args))
    return text if raw else visible(text, limit, lines=True)


def property_text(item: Remote) -> str:
    """The value of one property of a preview, in a few characters."""
    return _brief(item)


def json_value(remote: Remote) -> tuple[bool, Any]:
    """(True, the value) when the result is JSON as it stands (primitives, or returned by value), else (False, None)."""
    if "value" in remote and "unserializableValue" not in remote and remote.get("type") not in ("undefined", "symbol"):
        return True, remote["value"]
    if remote.get("subtype") == "null":
        return True, None
    return False, None


def _console_parts(args: Sequence[Remote]) -> Iterator[str]:
    rest = list(args)
    if rest and rest[0].get("type") == "string" and len(rest) > 1:
        yield _formatted(str(rest.pop(0).get("value", "")), rest)
    for remote in rest:
        yield _logged(remote)


def _formatted(pattern: str, rest: list[Remote]) -> str:
    """`pattern` with its specifiers filled in; takes what it uses from `rest`."""

    def fill(match: re.Match[str]) -> str:
        kind = match[1]
        if kind == "%":
            return "%"
        return _specified(kind, rest.pop(0)) if rest else match[0]

    return _FORMAT.sub(fill, pattern)


def _specified(kind: str, remote: Remote) -> str:
    if kind == "c":
        return ""  # a style: text here is plain
    if kind in "dif":
        return _number(kind, remote)
    if kind == "s":
        return _logged(remote) if remote.get("type") != "object" else str(remote.get("description") or _logged(remote))
    return _shown(remote, quoted=True)


def _number(kind: str, remote: Remote) -> str:
    if remote.get("type") not in ("number", "bigint", "string"):
        return "NaN"
    text = str(remote.get("unserializableValue") or remote.get("value", ""))
    if remote.get("type") == "bigint":
        return text
    found = re.match(r"\s*([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|-?Infinity)", text)
    if found is None:
        return "NaN"
    if kind == "f" or "Infinity" in found[1]:
        return found[1]
    value = float(found[1])
    return str(int(value)) if abs(value) < 1e21 else found[1]


def _logged(remote: Remote) -> str:
    """An argument of a console call: strings as they are, errors with their stack."""
    if remote.get("subtype") == "error":
        return str(remote.get("description", "Error"))
    return _shown(remote, quoted=False)


def _shown(remote: Remote, *, quoted: bool) -> str:
    kind, subtype = remote.get("type"), remote.get("subtype")
    if kind == "string":
        text = str(remote.get("value", ""))
        return _quote(text) if quoted else text
    if kind == "undefined" or subtype == "null":
        return "undefined" if kind == "undefined" else "null"
    if kind in ("number", "boolean", "bigint", "symbol"):
        return _primitive(remote)
    if kind == "function":
        return _function(str(remote.get("description", "")))
    if subtype == "error":
        return str(remote.get("description", "Error")).split("\n", 1)[0]
    preview = remote.get("preview")
    if preview is None or subtype in _AS_DESCRIBED:
        return str(remote.get("description") or remote.get("className") or "Object")
    return _object(preview, str(remote.get("description") or remote.get("className") or ""))


def _primitive(remote: Remote) -> str:
    unserializable = remote.get("unserializableValue")
    if unserializable is not None:  # -0, NaN, Infinity, 12n
        return str(unserializable)
    if remote.get("type") == "boolean":
        return "true" if remote.get("value") in (True, "true") else "false"
    return str(remote.get("description", remote.get("value", "")))


def _function(source: str) -> str:
    """`class A`, `async ƒ name(a, b)`, `ƒ (x)`: the head alone, as DevTools; a host's own text when V8 sends none."""
    text = source.strip()
    if text.startswith("class"):
        head = re.match(r"class(?:\s+[\w$]+)?(?:\s+extends\s+[\w$.]+)?", text)
        return head[0] if head else "class"
    head = re.match(r"(async\s+)?(?:function\s*)?(\*)?\s*([^\s(=]*)\s*(\([^)]*\))?", text)
    if head is None or not text:
        return "\u0192 ()"
    name = head[3] if head[4] or "=>" not in text else ""
    arguments = head[4] or (f"({head[3]})" if "=>" in text else "()")
    star = "*" if head[2] else ""
    return f"{'async ' if head[1] else ''}\u0192{star} {name}{arguments}"


def _object(preview: Remote, description: str) -> str:
    subtype = preview.get("subtype")
    entries = preview.get("entries")
    if entries is not None:
        body = [_entry(entry) for entry in entries]
    else:
        body = list(_properties(preview.get("properties", ()), subtype))
    if preview.get("overflow"):
        body.append("\u2026")
    if subtype in _LISTS:
        size = re.search(r"\(([0-9]+)\)\Z", description)
        plain = description.startswith("Array(")
        head = f"({size[1]}) " if plain and size and size[1] != "0" else "" if plain else f"{description} "
        return f"{head}[{', '.join(body)}]"
    head = "" if description in ("Object", "") else f"{description} "
    return f"{head}{{{', '.join(body)}}}"


def _properties(items: Sequence[Remote], subtype: str | None) -> Iterator[str]:
    """`a: 1`; in lists the elements alone, holes counted; V8's internal slots as DevTools draws them."""
    following = 0  # the index that comes next in a list
    state = ""
    for item in items:
        name, value = str(item.get("name", "")), _brief(item)
        if subtype in _LISTS and name.isdigit():
            if int(name) > following:
                yield "empty" if int(name) == following + 1 else f"empty \u00d7 {int(name) - following}"
            following = int(name) + 1
            yield value
        elif subtype == "typedarray":
            continue  # buffer, byteLength, ...: the elements are enough
        elif name in ("[[PromiseState]]", "[[GeneratorState]]"):
            state = f"<{item.get('value', '')}>"
            if name != "[[PromiseState]]" or item.get("value") == "pending":
                yield state
        elif name == "[[PromiseResult]]":
            if state != "<pending>":
                yield f"{state}: {value}"
        elif name == "[[PrimitiveValue]]":
            yield value
        else:
            yield f"{name if _PLAIN_NAME.match(name) else _quote(name)}: {value}"


def _entry(entry: Remote) -> str:
    value = _nested(entry.get("value", {}))
    key = entry.get("key")
    return value if key is None else f"{_nested(key)} => {value}"


def _brief(item: Remote) -> str:
    """A property's value, given as text by V8, already shortened."""
    kind, subtype = item.get("type"), item.get("subtype")
    nested = item.get("valuePreview")
    if nested is not None:
        return _nested(nested)
    value = str(item.get("value", ""))
    if kind == "string":
        return _quote(value)
    if kind == "function":
        return "\u0192"
    if kind == "accessor":
        return "(...)"
    if kind == "object" and value in ("Object", "") and subtype != "null":
        return "{\u2026}"
    return value.split("\n", 1)[0] if subtype == "error" else value


def _nested(preview: Remote) -> str:
    kind, subtype = preview.get("type"), preview.get("subtype")
    description = str(preview.get("description", ""))
    if kind == "string":
        return _quote(description)
    if kind != "object" or subtype == "null" or subtype in _AS_DESCRIBED or subtype == "error":
        return description.split("\n", 1)[0] if kind != "function" else "\u0192"
    if not preview.get("properties") and not preview.get("entries"):
        return "{\u2026}" if preview.get("overflow") and description == "Object" else _object(preview, description)
    return _object(preview, description)


def _quote(text: str) -> str:
    """As DevTools: in single quotes, or in the kind of quote that the text has none of."""
    for mark in ("'", '"', "`"):
        if mark not in text:
            return f"{mark}{text}{mark}"
    return "'" + text.replace("'", "\\'") + "'"
