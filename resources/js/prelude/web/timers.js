// setTimeout, setInterval, clearTimeout, clearInterval and queueMicrotask, in the isolate's own heap.
//
// What scripts may replace (Date.now, Reflect.apply, Object.defineProperty) is taken first, and nothing here reads a
// prototype that they can reach: lists are objects without one. The host shares `cells` (doubles) and nothing else:
//   cells[0]      when the next timer is due, in ms of Date.now; Infinity: none is pending
//   cells[1]      the slot of the run that executes; written by the host before it enters JavaScript
//   cells[2]      the slot of the run that the next timer belongs to
//   cells[3]      the argument of `fire` (due until, ms) and of `drop` (a slot; negative: all)
//   cells[4]      the debuggers' number of the next timer (native-host.js); 0: it has none
//   cells[5 + s]  how many timers of slot s are pending; slot 0: those that no run waits for
// `web.kept` is what the host keeps: [fire, drop, cells, the cells of native-host.js].
(function installTimers(web) {
  'use strict';
  const now = Date.now;
  const apply = Reflect.apply;
  const TypeErrorHere = TypeError;
  const { scheduled, cancelled } = web.host;

  const NEXT = 0;
  const CURRENT = 1;
  const OWNER = 2;
  const ARGUMENT = 3;
  const TASK = 4;
  const PENDING = 5;
  const SLOTS = 256;
  const LONGEST_MS = 2147483647;

  const cells = new Float64Array(PENDING + SLOTS);
  cells[NEXT] = Infinity;

  const heap = { __proto__: null }; // a binary heap by (deadline, id): heap[0] is due first
  const byId = { __proto__: null };
  let size = 0;
  let lastId = 0;

  function publish() {
    cells[NEXT] = size === 0 ? Infinity : heap[0].deadline;
    cells[OWNER] = size === 0 ? 0 : heap[0].slot;
    cells[TASK] = size === 0 ? 0 : heap[0].task;
  }

  function before(one, other) {
    return one.deadline < other.deadline || (one.deadline === other.deadline && one.id < other.id);
  }

  function place(timer, index) {
    heap[index] = timer;
    timer.index = index;
  }

  function rise(timer, index) {
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(timer, heap[parent])) break;
      place(heap[parent], index);
      index = parent;
    }
    place(timer, index);
  }

  function sink(timer, index) {
    for (;;) {
      let child = 2 * index + 1;
      if (child >= size) break;
      if (child + 1 < size && before(heap[child + 1], heap[child])) child += 1;
      if (!before(heap[child], timer)) break;
      place(heap[child], index);
      index = child;
    }
    place(timer, index);
  }

  function add(timer) {
    byId[timer.id] = timer;
    cells[PENDING + timer.slot] += 1;
    size += 1;
    rise(timer, size - 1);
    publish();
  }

  function remove(timer) {
    delete byId[timer.id];
    cells[PENDING + timer.slot] -= 1;
    size -= 1;
    const last = heap[size];
    delete heap[size];
    if (last !== timer) {
      rise(last, timer.index);
      sink(last, last.index);
    }
    publish();
  }

  function make(name, callback, delay, args, repeats, slot) {
    if (typeof callback !== 'function') throw new TypeErrorHere(`${name}: the first argument must be a function`);
    let wait = +delay;
    if (!(wait >= 1)) wait = 1;
    if (wait > LONGEST_MS) wait = LONGEST_MS;
    lastId += 1;
    const timer = {
      __proto__: null,
      id: lastId,
      deadline: now() + wait,
      interval: repeats ? wait : 0,
      slot,
      callback,
      args,
      index: 0,
      task: 0,
    };
    timer.task = scheduled(repeats);
    add(timer);
    return lastId;
  }

  function clear(id) {
    const timer = byId[+id];
    if (timer === undefined) return;
    remove(timer);
    if (timer.task !== 0) cancelled(timer.task);
  }

  // Calls the first timer that is due; an exception leaves after the timer was settled.
  function fire() {
    if (size === 0 || heap[0].deadline > cells[ARGUMENT]) return;
    const timer = heap[0];
    if (timer.interval > 0) {
      timer.deadline = now() + timer.interval;
      sink(timer, 0);
      publish();
    } else {
      remove(timer);
    }
    cells[CURRENT] = timer.slot;
    apply(timer.callback, undefined, timer.args);
  }

  // Forgets the timers of one slot, or all.
  function drop() {
    const slot = cells[ARGUMENT];
    const all = size;
    size = 0;
    for (let index = 0; index < all; index += 1) {
      const timer = heap[index];
      if (slot < 0 || timer.slot === slot) {
        delete byId[timer.id];
        cells[PENDING + timer.slot] -= 1;
        if (timer.task !== 0) cancelled(timer.task);
      } else {
        place(timer, size);
        size += 1;
      }
    }
    for (let index = size; index < all; index += 1) delete heap[index];
    for (let index = (size >> 1) - 1; index >= 0; index -= 1) sink(heap[index], index);
    publish();
  }

  function rethrow(error) {
    lastId += 1;
    const callback = () => { throw error; };
    add({
      __proto__: null, id: lastId, deadline: 0, interval: 0, slot: cells[CURRENT], callback, args: undefinedArgs, index: 0,
      task: 0,
    });
  }
  const undefinedArgs = [];

  async function later(callback) {
    await undefined;
    try {
      callback();
    } catch (error) {
      rethrow(error);
    }
  }

  const repeat = (repeats, name) => (callback, delay, ...args) =>
    make(name, callback, delay, args, repeats, cells[CURRENT]);
  web.exposeFunction('setTimeout', 1, repeat(false, 'setTimeout'));
  web.exposeFunction('setInterval', 1, repeat(true, 'setInterval'));
  web.exposeFunction('clearTimeout', 0, (id) => clear(id));
  web.exposeFunction('clearInterval', 0, (id) => clear(id));
  web.exposeFunction('queueMicrotask', 1, (callback) => {
    if (typeof callback !== 'function') throw new TypeErrorHere('queueMicrotask: the argument must be a function');
    later(callback);
  });

  // For the other parts: an error that nobody caught, and a timer that no run waits for.
  web.report = rethrow;
  web.later = (callback, delay) => make('later', callback, delay, undefinedArgs, false, 0);
  web.kept = [fire, drop, cells, web.host.cells];
})
