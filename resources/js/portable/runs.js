// Runs: which one makes timers now, and when each has settled: its promise, its timers, its first uncaught error.
(function installRuns(parts) {
  "use strict";
  const it = parts.intrinsics;
  const { Map, isPrototypeOf, list, mapDelete, mapEach, mapGet, mapSet, now, record, then } = it;
  const KEPT_RESULTS = 50; // runs whose result can still be expanded
  const open = new Map(); // number -> run
  const groups = new Map(); // number -> the object group of a result, the oldest first
  let firstGroup = 0;
  let nextGroup = 0;
  let currentNumber = 0; // 0: none

  // `waitsForTimers`: a run has settled when its timers have, an evaluation for CDP doesn't wait for them.
  // `isInput`: typed into the console.
  function begin(number, waitsForTimers, group, preview, isInput) {
    const run = record();
    run.number = number;
    run.waitsForTimers = waitsForTimers;
    run.shown = { __proto__: null, group, preview };
    run.timers = 0;
    run.waits = false; // for its promise
    run.entered = false; // its script has ended, so it may settle
    run.value = undefined;
    run.error = undefined; // {thrown}
    run.isInput = isInput;
    mapSet(open, number, run);
    enter(number);
    if (isInput) parts.last.show();
  }

  function enter(number) {
    currentNumber = number;
    parts.ring.setCurrent(number);
  }

  // The script of `number` ended with `value`. A promise is awaited when `awaits`.
  function returned(number, value, awaits) {
    const run = mapGet(open, number);
    if (run === undefined) return;
    run.entered = true;
    run.value = value;
    if (!awaits || !describable(value) || !isPrototypeOf(it.promisePrototype, value)) return;
    run.waits = true;
    try {
      watch(run, value);
    } catch {
      unwatchable(run, value);
    }
  }

  const watch = (run, promise) =>
    then(promise, (result) => fulfilled(run, result), (reason) => rejected(run, reason));

  // `then` asks the promise for its constructor's species, which the user broke: an own `constructor` stands before it.
  function unwatchable(run, promise) {
    const stand = { __proto__: null, value: undefined, configurable: true };
    try {
      if (!it.defineProperty(promise, it.constructorSymbol, stand)) throw undefined;
      watch(run, promise);
      delete promise[it.constructorSymbol];
    } catch {
      run.waits = false; // not a promise of V8's, or a frozen one: it stands as it is
    }
  }

  const describable = (value) => typeof value === "object" && value !== null && !parts.proxies.is(value);

  function fulfilled(run, result) {
    run.waits = false;
    run.value = result;
  }

  function rejected(run, reason) {
    run.waits = false;
    fail(run, reason, true);
  }

  function fail(run, thrown, inPromise) {
    if (run.error !== undefined) return;
    run.error = record();
    run.error.thrown = thrown;
    run.error.inPromise = inPromise;
  }

  // An error that nobody caught, in a timer or a microtask of run `number`: told as CDP tells it, and it ends the run.
  function failed(number, error) {
    const run = mapGet(open, number);
    if (run !== undefined) {
      fail(run, error, false);
      run.waits = false;
      parts.timers.dropAll(number);
    }
    parts.ring.tell("exception", parts.json.write(details(error, false)));
  }

  // CDP's exceptionThrown params. The place is read from the stack's text by Python.
  const inConsole = { __proto__: null, group: "console", preview: true };
  function details(thrown, inPromise, shown = inConsole) {
    const params = record();
    params.timestamp = now();
    params.exceptionDetails = record();
    params.exceptionDetails.text = inPromise ? "Uncaught (in promise)" : "Uncaught";
    params.exceptionDetails.exception = parts.describe.remote(thrown, shown);
    return params;
  }

  // Runs that have settled since the last call: [{number, value} or {number, error}], as CDP records.
  function takeSettled() {
    const done = list();
    mapEach(open, (run) => {
      if (run.entered && !run.waits && (run.timers === 0 || !run.waitsForTimers)) done[done.length] = run;
    });
    const told = list();
    for (let index = 0; index < done.length; index++) {
      mapDelete(open, done[index].number);
      told[index] = outcome(done[index]);
    }
    return told;
  }

  function outcome(run) {
    const told = record();
    told.number = run.number;
    if (run.error !== undefined) {
      told.error = details(run.error.thrown, run.error.inPromise, run.shown).exceptionDetails;
      return told;
    }
    if (run.isInput) parts.last.keep(run.value);
    told.value = parts.describe.remote(run.value, run.shown);
    if (!it.has(told.value, "unserializableValue")) told.json = parts.json.plain(run.value); // -0, NaN: JSON has none
    if (run.waitsForTimers && it.has(told.value, "objectId")) keepGroup(run.shown.group);
    return told;
  }

  function keepGroup(group) {
    mapSet(groups, nextGroup++, group);
    if (nextGroup - firstGroup <= KEPT_RESULTS) return;
    parts.table.releaseGroup(mapGet(groups, firstGroup));
    mapDelete(groups, firstGroup++);
  }

  function abandon(number) {
    parts.timers.dropAll(number);
    mapDelete(open, number);
  }

  function change(number, by) {
    const run = mapGet(open, number);
    if (run !== undefined) run.timers += by;
  }

  parts.runs = {
    __proto__: null,
    begin, returned, failed, takeSettled, abandon, details,
    enter,
    current: () => currentNumber,
    timerMade: (number) => change(number, 1),
    timerGone: (number) => change(number, -1),
    openCount: () => {
      let total = 0;
      mapEach(open, () => total++);
      return total;
    },
  };
})
