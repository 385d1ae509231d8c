// What Python calls, by one name that only Python knows. Every function takes primitives and answers JSON text.
(function installAgent(parts) {
  "use strict";
  const { has, parseJson, record } = parts.intrinsics;
  const { write } = parts.json;
  const slot = record(); // Python puts the value of a script here: slot.value
  let kept; // the value of console input

  const GONE = "gone"; // the object id is unknown or was released
  const shown = (group, preview) => ({ __proto__: null, group, preview });

  // What Python needs to know after each task: the next timer's deadline (ms since 1970) and the runs that settled.
  function poll() {
    parts.last.hide();
    const answer = record();
    answer.deadline = parts.timers.next();
    answer.settled = parts.runs.takeSettled();
    answer.open = parts.runs.openCount();
    answer.posted = parts.calls.posted();
    return write(answer);
  }

  function take() {
    const value = slot.value;
    slot.value = undefined;
    return value;
  }

  function takeKept() {
    const value = kept;
    kept = undefined;
    return value;
  }

  function described(value, group, preview, byValue) {
    const answer = record();
    const json = byValue ? parts.json.plain(value) : undefined;
    answer.remote = parts.describe.remote(value, shown(json === undefined ? group : "", preview));
    answer.json = json;
    return write(answer);
  }

  // CDP's Runtime.callFunctionOn. `given`: JSON text of the arguments, each {objectId} or {value} or {unserializable}.
  function callOn(id, declaration, given, group, preview, byValue) {
    const entry = id === "" ? undefined : parts.table.entryOf(id);
    if (id !== "" && entry === undefined) return write(GONE);
    try {
      const args = argumentsOf(parseJson(given));
      if (args === undefined) return write(GONE);
      const called = parts.intrinsics.globalEval("(" + declaration + "\n)");
      return described(parts.intrinsics.apply(called, entry?.value, args), group, preview, byValue);
    } catch (error) {
      const answer = record();
      answer.error = parts.runs.details(error, false).exceptionDetails;
      return write(answer);
    }
  }

  function argumentsOf(given) {
    const args = [];
    for (let index = 0; index < given.length; index++) {
      let value;
      if (has(given[index], "objectId")) {
        const entry = parts.table.entryOf(given[index].objectId);
        if (entry === undefined) return undefined;
        value = entry.value;
      } else if (has(given[index], "unserializable")) value = parts.intrinsics.globalEval(given[index].unserializable);
      else if (has(given[index], "value")) value = given[index].value;
      const kind = { __proto__: null, value, writable: true, enumerable: true, configurable: true };
      parts.intrinsics.defineProperty(args, index, kind);
    }
    return args;
  }

  const agent = {
    __proto__: null,
    slot,
    memory: parts.ring.memory,
    poll,
    keep: (value) => void (kept = value),
    begin: (number, waitsForTimers, group, preview, isInput) =>
      void parts.runs.begin(number, waitsForTimers, group, preview, isInput),
    returned: (number, awaits) => void parts.runs.returned(number, take(), awaits),
    returnedPlain: (number, awaits, value) => void parts.runs.returned(number, value, awaits),
    returnedKept: (number, awaits) => void parts.runs.returned(number, takeKept(), awaits),
    abandon: (number) => void parts.runs.abandon(number),
    fire: () => parts.timers.fire(),
    properties: (id, own, accessorsOnly, preview, nonIndexed) =>
      write(parts.properties.of(id, { __proto__: null, own, accessorsOnly, preview, nonIndexed }) ?? GONE),
    callOn,
    release: (id) => void parts.table.release(id),
    releaseGroup: (group) => void parts.table.releaseGroup(group),
    discardConsole: () => void parts.table.discardConsole(),
    calls: (start) => void parts.calls.start(start),
    expose: (name) => void parts.calls.expose(name),
    withdraw: (name) => void parts.calls.withdraw(name),
    web: (start) => {
      parts.timers.installGlobals();
      start(parts.web);
    },
  };
  parts.agent = agent;
})
