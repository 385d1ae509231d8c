"""References in another isolate's hands, and the doors of a context: what goes through, is refused, and closes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from inspector.engine.preludes import WEB_GLOBALS
from inspector.errors import GoneError, UsageError
from inspector.pool import Context, Isolate, Pool
from inspector.sources import read_source
from inspector.states import Capability
from inspector.value_events import ReferenceReleased, ValueMoved
from tests.fixtures.engines import needs
from tests.pool.recorder import Recorder
from tests.pool.test_values import main

OBJECT = """globalThis.kept = {
  n: 1, inner: {list: [1, 2]}, nothing: undefined, add(x) { return this.n + x }, async later(x) { return x },
  take(other) { return other === kept.inner }, bad() { throw new RangeError('no') }, get slow() { for (;;); },
}; kept"""
USE = """(async () => {
  const told = [ref.typeof, await ref.get('n'), await ref.get('nothing')];
  told.push(await ref.set('n', 40), await ref.delete('gone'));
  const inner = await ref.get('inner'), add = await ref.get('add'), later = await ref.get('later');
  told.push(inner.typeof, await inner.copy(), await add.apply(ref, [2]), await later.apply(undefined, ['soon']));
  told.push(await (await ref.get('take')).apply(ref, [inner]), await (await ref.get('bad')).apply().catch(String));
  told.push(await ref.copy().catch(String));
  inner.release();
  told.push(await inner.get('list').catch(String), await ref.get('n'));
  try { new ref.constructor() } catch (error) { told.push(String(error)) }
  return told;
})()"""


async def test_another_isolate_uses_a_value_where_it_lives(pool: Pool, isolate: Isolate, events: Recorder) -> None:
    holder = await pool.create_isolate(host="own")
    value = await isolate.values.reference(OBJECT)
    given = await value.give_to(main(holder), name="ref")
    told = await main(holder).evaluate(USE)
    assert told[:1] == ["object"] and told[1] == 1 and told[3:6] == [True, True, "object"]
    assert told[6:10] == [{"list": [1, 2]}, 42, "soon", True]
    assert "RangeError: no" in told[10] and "could not be cloned" in told[11] and "released" in told[12]
    assert told[13] == 40 and "Illegal constructor" in told[14]
    reach = await value.reach()
    assert (reach.objects, reach.functions, reach.whole) == (3, 4, True)  # and `slow` was not read
    assert not (await value.reach(most=2)).whole
    (door,) = [one for one in main(isolate).doors.list() if one.kind == "reference held"]
    assert door.detail.startswith("leads to 2 or more objects")
    assert value.holders == (given,) and given.owner is isolate and given.holder is main(holder)
    assert given.traffic.calls > 10 and given.traffic.refused and given.traffic.bytes_in and given.traffic.bytes_out

    # A getter that never returns ends with the run that asked; the value is used on.
    with pytest.raises(Exception, match=r"0\.5 s|500 ms|timed|time"):
        await main(holder).evaluate("ref.get('slow')", timeout=0.5)
    assert await main(holder).evaluate("ref.get('n')") == 40
    value.release()  # the holder keeps it alive
    assert await main(holder).evaluate("ref.get('n')") == 40
    given.release()
    await events.heard(ReferenceReleased, lambda event: event.reference == value.number)
    assert await main(holder).evaluate("typeof ref") == "undefined"
    assert given.number not in isolate.values.given.lent

    modes = [(one.mode, one.outcome) for one in events.of(ValueMoved) if one.to_isolate_id == holder.isolate_id]
    assert modes[0] == ("reference", "arrived") and ("copy", "arrived") in modes
    with pytest.raises(UsageError, match="itself"):
        await (await isolate.values.reference("({})")).give_to(main(isolate), name="own")

    # Owner and holder end: what is left says so, and nothing is kept.
    again = await (await isolate.values.reference("kept")).give_to(main(holder), name="again")
    await main(holder).evaluate("globalThis.mine = again; 0")
    await isolate.dispose()
    assert again.is_released and "released" in await main(holder).evaluate("mine.get('n').catch(String)")
    assert pool.total_external_bytes == 0 and not holder.values.given.held


async def test_doors_tell_what_went_through_and_close(
    pool: Pool, isolate: Isolate, write: Callable[[str, str], Path]
) -> None:
    here, other = main(isolate), await pool.create_isolate()
    double = await here.expose("double", lambda n: n * 2)
    await here.open_channel(main(other))
    value = await here.evaluate("globalThis.box = {n: 1}; box", result="reference")
    await value.give_to(main(other), name="box")
    copy = pool.external_copy([1, 2, 3])
    (await copy.into(here, name="given")).release()
    await here.evaluate("console.log('hello'); port.postMessage(1); double(2)")
    await main(other).evaluate("box.get('n')")
    doors = {door.kind: door for door in here.doors.list()}
    assert doors["function"].calls == 1 == double.calls and doors["function"].bytes_out and doors["function"].last_us
    assert doors["port"].bytes_out and doors["values"].bytes_in == copy.size and doors["console"].bytes_out == 5
    assert doors["reference given"].calls == 1 and doors["reference given"].name.endswith(other.name)
    assert doors["reference held"].name == value.text
    assert {door.kind for door in main(other).doors.list()} >= {"port", "reference taken"}

    for key in [door.key for door in here.doors.list()]:
        await here.doors.close(key)
    left = here.doors.list()
    assert all(door.closed for door in left) and {door.kind for door in left} == {"values", "imports", "console"}
    with pytest.raises(GoneError, match="the door was closed"):
        await copy.into(here, name="again")
    assert await here.evaluate("console.log('unheard'); typeof double + typeof again") == "undefinedundefined"
    assert await main(other).evaluate("typeof box + port.closed") == "undefinedtrue"
    refused = {door.kind: dict(door.refused) for door in here.doors.list()}
    assert refused["console"] == {"the door was closed": 1} and sum(refused["values"].values()) == 1
    here.doors.open("values")
    (await copy.into(here, name="again")).release()
    with pytest.raises(GoneError, match="no door"):
        await here.doors.close("function double")
    copy.release()


@needs(Capability.MODULES)
async def test_the_module_folder_is_a_door(isolate: Isolate, write: Callable[[str, str], Path]) -> None:
    here = main(isolate)
    write("part.mjs", "export const part = 7;")
    entry = write(
        "main.mjs", "import { part } from './part.mjs'; globalThis.part = part; import('../out.mjs').catch(() => {})"
    )
    await isolate.run(read_source(entry))
    (imports,) = [door for door in here.doors.list() if door.kind == "imports"]
    assert imports.calls == 1 and imports.bytes_in == len("export const part = 7;") and len(imports.refused) == 1
    await here.doors.close("imports")
    late = write("late.mjs", "import './part2.mjs';")
    write("part2.mjs", "0")
    report = await isolate.run(read_source(late))
    assert report.error is not None and "door" in report.error.message


# Every function that is reachable from the global object and has no source of JavaScript's own: [path, bound or host].
WALK = """(() => {
  const seen = new Set(), found = [];
  const queue = [[globalThis, '']];
  while (queue.length) {
    const [owner, path] = queue.shift();
    const native = typeof owner === 'function' && Function.prototype.toString.call(owner).includes('[native code]');
    if (native) found.push(path);
    for (const key of Reflect.ownKeys(owner)) {
      const {value, get, set} = Object.getOwnPropertyDescriptor(owner, key);
      const name = path ? path + '.' + String(key) : String(key);
      for (const [part, label] of [[value, name], [get, name + '(get)'], [set, name + '(set)']]) {
        if ((typeof part === 'object' && part !== null) || typeof part === 'function') {
          if (!seen.has(part)) { seen.add(part); queue.push([part, label]) }
        }
      }
    }
    const up = Object.getPrototypeOf(owner);
    if (up !== null && !seen.has(up)) { seen.add(up); queue.push([up, path + '.__proto__']) }
  }
  return JSON.stringify(found);
})()"""


async def test_no_function_of_the_host_is_reachable_that_is_no_door(pool: Pool, isolate: Isolate) -> None:
    bare = await pool.create_isolate(prelude="bare")
    other = await pool.create_isolate()
    plain = set(json.loads(await main(bare).evaluate(WALK)))  # V8's own, and what the engine puts everywhere
    here: Context = main(isolate)
    await here.expose("secret", lambda: 1)
    await here.open_channel(main(other), name="wire")
    await (await other.values.reference("({})")).give_to(here, name="far")
    reachable = set(json.loads(await here.evaluate(WALK))) - plain
    doors = {door.name.split(",")[0].split(" ")[0] for door in here.doors.list() if door.name}
    web = {name for names in WEB_GLOBALS.values() for name in names}
    unknown = {path for path in reachable if path.partition(".")[0] not in doors | web}
    assert not unknown
    assert "secret" in reachable  # so the walk sees them
