// Object ids: what the window may ask about later. Each id belongs to a group and is released with it. Objects of the
// console are kept alive by their ids, so at most `MAX_CONSOLE` of them live; then all are let go, and that is told.
(function installTable(parts) {
  "use strict";
  const { Map, list, mapDelete, mapEach, mapGet, mapSet, numberText, record } = parts.intrinsics;
  const MAX_CONSOLE = 100;
  const CONSOLE = "console";
  const held = new Map(); // id -> {value, group}
  let last = 0;
  let consoleCount = 0;

  function idOf(value, group) {
    if (group === CONSOLE && consoleCount >= MAX_CONSOLE) discardConsole();
    const entry = record();
    entry.value = value;
    entry.group = group;
    const id = numberText(++last, 10);
    mapSet(held, id, entry);
    if (group === CONSOLE) consoleCount++;
    return id;
  }

  function discardConsole() {
    releaseGroup(CONSOLE);
    parts.ring.tell("released", "");
  }

  function releaseGroup(group) {
    const gone = list();
    mapEach(held, (entry, id) => {
      if (entry.group === group) gone[gone.length] = id;
    });
    for (let index = 0; index < gone.length; index++) mapDelete(held, gone[index]);
    if (group === CONSOLE) consoleCount = 0;
  }

  function release(id) {
    const entry = mapGet(held, id);
    if (entry === undefined) return;
    if (entry.group === CONSOLE) consoleCount--;
    mapDelete(held, id);
  }

  parts.table = { __proto__: null, idOf, entryOf: (id) => mapGet(held, id), release, releaseGroup, discardConsole };
})
