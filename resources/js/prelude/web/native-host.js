// What the web prelude asks of the V8 inspector engine. `ask` is the engine's function: it reads and writes these cells.
//   doubles: 0 what is asked (1 the time, 2 random bytes, 3 a debugger shall know of a timer, 4 of its end),
//            1 how many bytes, or which task; then the answer: ms since the context was made, or the task
//            2 whether the timer repeats, 3 whether a debugger wants to know: written by the host
//   bytes from 64 on: the random bytes
(function nativeHost(ask) {
  'use strict';
  const now = Date.now;
  const Bytes = Uint8Array;
  const call = Function.prototype.call;
  const typed = Object.getPrototypeOf(Uint8Array).prototype;
  const set = call.bind(typed.set);
  const subarray = call.bind(typed.subarray);
  const { min } = Math;
  const { timeStamp } = console;
  const CELLS = 8;
  const MOST = 4096;
  const TIME = 1;
  const RANDOM = 2;
  const SCHEDULED = 3;
  const CANCELLED = 4;
  const buffer = new ArrayBuffer(CELLS * 8 + MOST);
  const cells = new Float64Array(buffer, 0, CELLS);
  const bytes = new Bytes(buffer, CELLS * 8, MOST);

  function random(target) {
    const { length } = target;
    for (let from = 0; from < length; from += MOST) {
      const count = min(MOST, length - from);
      cells[0] = RANDOM;
      cells[1] = count;
      ask();
      set(target, subarray(bytes, 0, count), from);
    }
  }

  return {
    __proto__: null,
    cells,
    mark: timeStamp,
    random,
    // The number under which a debugger knows a timer that is made here, so that its stack goes on; 0: nobody listens.
    scheduled: (repeats) => {
      if (cells[3] === 0) return 0;
      cells[0] = SCHEDULED;
      cells[2] = repeats ? 1 : 0;
      ask();
      return cells[1];
    },
    cancelled: (task) => {
      cells[0] = CANCELLED;
      cells[1] = task;
      ask();
    },
    timeOrigin: now(),
    now: () => {
      cells[0] = TIME;
      ask();
      return cells[1];
    },
  };
})
