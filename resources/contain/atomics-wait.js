// Atomics.wait without end: the thread sleeps inside V8, and runs no JavaScript.
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
