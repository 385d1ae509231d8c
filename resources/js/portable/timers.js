// setTimeout and its kin. A timer belongs to the run in which it was made; Python asks for the next deadline after each
// task and fires due timers one task each, so that the microtasks of one are done before the next.
(function installTimers(parts) {
  "use strict";
  const it = parts.intrinsics;
  const { Map, TypeError, apply, list, mapDelete, mapEach, mapGet, mapHas, mapSet, now, record } = it;
  const LONGEST_MS = 2147483647;
  const live = new Map(); // id -> timer
  const heap = list(); // the earliest deadline first; holds cancelled timers until they come up or are swept
  let count = 0; // of the heap
  let lastId = 0;

  const before = (one, other) => one.deadline < other.deadline || (one.deadline === other.deadline && one.order < other.order);

  function push(timer) {
    let index = count++;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(timer, heap[parent])) break;
      heap[index] = heap[parent];
      index = parent;
    }
    heap[index] = timer;
  }

  function pop() {
    const top = heap[0];
    const moved = heap[--count];
    heap[count] = undefined;
    if (count > 0) sink(moved);
    return top;
  }

  function sink(timer) {
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= count) break;
      if (child + 1 < count && before(heap[child + 1], heap[child])) child++;
      if (!before(heap[child], timer)) break;
      heap[index] = heap[child];
      index = child;
    }
    heap[index] = timer;
  }

  // The earliest timer that still lives; cancelled ones are thrown away on the way.
  function first() {
    while (count > 0 && mapGet(live, heap[0].id) !== heap[0]) pop();
    return count > 0 ? heap[0] : undefined;
  }

  let order = 0;
  function start(timer) {
    timer.deadline = now() + timer.delay;
    timer.order = order++;
    mapSet(live, timer.id, timer);
    push(timer);
  }

  function make(callback, delay, args, repeats, name, run = parts.runs.current()) {
    if (typeof callback !== "function") {
      throw new TypeError("Failed to execute '" + name + "': the callback is not a function");
    }
    const wanted = +delay;
    const timer = record();
    timer.id = ++lastId;
    timer.callback = callback;
    timer.args = args;
    timer.delay = wanted >= 1 && wanted <= LONGEST_MS ? it.floor(wanted) : 1;
    timer.repeats = repeats;
    timer.run = run;
    parts.runs.timerMade(timer.run);
    start(timer);
    return timer.id;
  }

  function cancel(id) {
    const timer = mapGet(live, id);
    if (timer === undefined) return;
    mapDelete(live, id);
    parts.runs.timerGone(timer.run);
  }

  // Fires one due timer. True when it did; its error goes to the run that made it.
  function fire() {
    const timer = first();
    if (timer === undefined || timer.deadline > now()) return false;
    pop();
    if (!timer.repeats) mapDelete(live, timer.id);
    parts.runs.enter(timer.run);
    try {
      apply(timer.callback, undefined, timer.args);
    } catch (error) {
      parts.runs.failed(timer.run, error);
    }
    if (!timer.repeats) parts.runs.timerGone(timer.run);
    else if (mapHas(live, timer.id)) start(timer);
    return true;
  }

  function dropAll(run) {
    const gone = list();
    mapEach(live, (timer, id) => {
      if (timer.run === run) gone[gone.length] = id;
    });
    for (let index = 0; index < gone.length; index++) cancel(gone[index]);
  }

  function rest(args, from) {
    const kept = [];
    for (let index = from; index < args.length; index++) {
      it.defineProperty(kept, index - from, { __proto__: null, value: args[index], writable: true, enumerable: true, configurable: true });
    }
    return kept;
  }

  function installGlobals() {
    const { define, native } = it;
    const clear = (id) => cancel(typeof id === "number" ? id : +id);
    define(globalThis, "setTimeout", native((...a) => make(a[0], a[1], rest(a, 2), false, "setTimeout"), "setTimeout", 1));
    define(globalThis, "setInterval", native((...a) => make(a[0], a[1], rest(a, 2), true, "setInterval"), "setInterval", 1));
    define(globalThis, "clearTimeout", native(clear, "clearTimeout", 0));
    define(globalThis, "clearInterval", native(clear, "clearInterval", 0));
    define(globalThis, "queueMicrotask", native(queue, "queueMicrotask", 1));
  }

  const settled = it.Promise.resolve();
  it.defineProperty(settled, it.constructorSymbol, { __proto__: null, value: undefined });

  function queue(callback) {
    if (typeof callback !== "function") {
      throw new TypeError("Failed to execute 'queueMicrotask': the callback is not a function");
    }
    const run = parts.runs.current();
    it.then(settled, () => {
      try {
        callback();
      } catch (error) {
        parts.runs.failed(run, error);
      }
    });
  }

  // A timer that no run waits for.
  const later = (callback, delay) => make(callback, delay, list(), false, "later", 0);

  parts.timers = { __proto__: null, fire, dropAll, later, next: () => first()?.deadline, installGlobals };
})
