// The way out while a script runs: lines of text in memory that Python reads without V8's help.
//
// A SharedArrayBuffer: 16 words of 32 bits, then UTF-16 code units, written as a ring. A line is a tag, a space, JSON
// text and "\n" (JSON has no raw line end). Words: 0 units written, 1 units read, 2 lines dropped, 3 dropping (set by
// Python: nobody reads fast enough, don't even describe), 4 the run whose code executes, 5 random bytes left, 6 more are
// asked for. Counters run modulo 2^32; the capacity is a power of two. Behind the ring lie the random bytes, the
// system's, which Python writes while nobody takes any.
// When the ring is full the writer waits for the reader, at most WAIT_MS, then drops the line and counts it.
(function installRing(parts) {
  "use strict";
  const { Error, Int32Array, SharedArrayBuffer, Uint16Array, Uint8Array, atomicAdd, atomicLoad, atomicStore, atomicWait, charCodeAt, min } =
    parts.intrinsics;
  const HEADER_BYTES = 64;
  const CAPACITY = 1 << 18; // code units: 512 KiB, of which the system gives what is touched
  const WAIT_MS = 5000;
  const SLICE_MS = 2;
  const WRITTEN = 0;
  const READ = 1;
  const DROPPED = 2;
  const DROPPING = 3;
  const CURRENT = 4;
  const RANDOM_LEFT = 5;
  const RANDOM_ASKED = 6;
  const RANDOM_BYTES = 65536; // as many as one getRandomValues may want
  const memory = new SharedArrayBuffer(HEADER_BYTES + CAPACITY * 2 + RANDOM_BYTES);
  const words = new Int32Array(memory, 0, 16);
  const units = new Uint16Array(memory, HEADER_BYTES, CAPACITY);
  const entropy = new Uint8Array(memory, HEADER_BYTES + CAPACITY * 2, RANDOM_BYTES);
  const TORN_END = "\0\n"; // JSON has no raw NUL: the reader drops a line that ends so
  const WHOLE = 0;
  const UNDER_WAY = 1; // found by the next line: a stop has ended the script in the middle of the last
  const TORN = 2; // given up, and counted
  let last = WHOLE; // of the last line; a cut one must be ended before the next

  function write(text) {
    let from = 0;
    while (from < text.length) {
      const written = atomicLoad(words, WRITTEN);
      const read = atomicLoad(words, READ);
      const free = CAPACITY - ((written - read) | 0);
      if (free === 0) {
        if (!waitForReader(read)) return false;
        continue;
      }
      const count = min(free, text.length - from);
      for (let index = 0; index < count; index++) {
        units[(written + index) & (CAPACITY - 1)] = charCodeAt(text, from + index);
      }
      atomicStore(words, WRITTEN, (written + count) | 0);
      from += count;
    }
    return true;
  }

  // Python can store, but not notify: the word is looked at again every SLICE_MS. `read` is what the ring was found full
  // with: loaded anew here it could be what the reader stored meanwhile, its last word for an empty ring.
  function waitForReader(read) {
    for (let waited = 0; waited < WAIT_MS; waited += SLICE_MS) {
      if (atomicWait(words, READ, read, SLICE_MS) !== "timed-out" || atomicLoad(words, READ) !== read) return true;
    }
    return false;
  }

  function tell(tag, json) {
    if (last !== WHOLE) {
      if (last === UNDER_WAY) drop();
      last = TORN;
      if (!write(TORN_END)) return drop();
    }
    last = UNDER_WAY;
    last = write(tag + " " + json + "\n") ? WHOLE : TORN;
    if (last === TORN) drop();
  }

  function drop() {
    atomicAdd(words, DROPPED, 1);
  }

  // Whether a console line would be dropped anyway; counts it then.
  function isDropping() {
    if (atomicLoad(words, DROPPING) === 0) return false;
    drop();
    return true;
  }

  // Fills a Uint8Array of at most RANDOM_BYTES. Each byte is given once.
  function random(target, length) {
    if (atomicLoad(words, RANDOM_LEFT) < length) refill();
    const from = atomicLoad(words, RANDOM_LEFT) - length;
    for (let index = 0; index < length; index++) {
      target[index] = entropy[from + index];
      entropy[from + index] = 0;
    }
    atomicStore(words, RANDOM_LEFT, from);
  }

  function refill() {
    atomicStore(words, RANDOM_ASKED, 1);
    for (let waited = 0; atomicLoad(words, RANDOM_ASKED) === 1; waited += SLICE_MS) {
      if (waited >= WAIT_MS) throw new Error("the host gave no random bytes");
      atomicWait(words, RANDOM_ASKED, 1, SLICE_MS);
    }
  }

  const setCurrent = (run) => void atomicStore(words, CURRENT, run);

  parts.ring = { __proto__: null, memory, tell, isDropping, setCurrent, random };
})
