"""What the panel did, as code: by this project's Python API, and by isolated-vm."""

from __future__ import annotations

import json

from msgspec import Struct

__all__ = ["Delivery", "isolated_vm", "python"]


class Delivery(Struct, frozen=True):
    """`kind`: expression, json, file. `targets`: names of isolates and contexts. `call`: `name` is a function."""

    kind: str
    text: str
    source: str
    targets: tuple[tuple[str, str], ...]
    name: str
    call: bool
    mode: str  # copy, transfer, reference


def python(one: Delivery) -> str:
    """With `source` and the targets as `Isolate`s, in a coroutine."""
    lines = []
    if one.kind == "expression":
        option = "transfer=True" if one.mode == "transfer" else ""
        lines.append(f"reference = await source.values.reference({one.text!r})  # source: {one.source}")
        if one.mode != "reference":
            lines.append(f"copy = await reference.copy({option})")
    elif one.kind == "json":
        lines.append(f"copy = pool.external_copy(json.loads({one.text!r}))")
    else:
        made = f"bytearray(Path({one.text!r}).read_bytes())"
        made = f"json.loads(Path({one.text!r}).read_text())" if one.text.endswith(".json") else made
        lines.append(f"copy = pool.external_copy({made})")
    for isolate, context in one.targets:
        lines.append(f"target = next(one for one in pool.isolates.values() if one.name == {isolate!r})")
        lines.append(f"context = next(one for one in target.contexts.values() if one.name == {context!r})")
        if one.mode == "reference":
            lines.append(f"await reference.give_to(context, name={one.name!r})")
        elif one.call:
            lines.append(f"function = await target.values.reference({one.name!r}, context.context_id)")
            lines.append("await function.apply([copy])")
        else:
            lines.append(f"await copy.into(context, name={one.name!r})")
    lines.append("reference.release()  # those that were given stay" if one.mode == "reference" else "copy.release()")
    return "\n".join(lines) + "\n"


def isolated_vm(one: Delivery) -> str:
    """The same with isolated-vm in Node: `source` and the targets are its `Context`s."""
    option = ", { transferOut: true }" if one.mode == "transfer" else ""
    if one.mode == "reference":
        made = f"const reference = await source.eval({json.dumps(one.text)}, {{ reference: true }});"
    elif one.kind == "expression":
        made = f"const copy = await source.eval({json.dumps(one.text)}, {{ externalCopy: true }});"
    elif one.kind == "json":
        made = f"const copy = new ivm.ExternalCopy(JSON.parse({json.dumps(one.text)}){option});"
    else:
        read = f"new Uint8Array(fs.readFileSync({json.dumps(one.text)})).buffer"
        made = f"const copy = new ivm.ExternalCopy({read}{option});"
    lines = [made]
    for isolate, context in one.targets:
        lines.append(f"// {isolate}, {context}")
        if one.mode == "reference":
            lines.append(f"await target.global.set({json.dumps(one.name)}, reference);")
        elif one.call:
            lines.append(f"const called = await target.eval({json.dumps(one.name)}, {{ reference: true }});")
            lines.append("await called.apply(undefined, [copy.copyInto()]);")
        else:
            lines.append(f"await target.global.set({json.dumps(one.name)}, copy.copyInto());")
    return "\n".join(lines if one.mode == "reference" else [*lines, "copy.release();"]) + "\n"
