// Writes two lines, the second longer than the ring, while a reader empties the full ring right after a look at its count.
// Answers how many lines were dropped.
((installRing) => {
  const READ = 1;
  const WRITTEN = 0;
  const DROPPED = 2;
  const CAPACITY = 1 << 18; // units, of ring.js
  const parts = {
    intrinsics: {
      Error, Int32Array, SharedArrayBuffer, Uint16Array, Uint8Array,
      atomicAdd: Atomics.add, atomicStore: Atomics.store, atomicWait: Atomics.wait, min: Math.min,
      charCodeAt: (text, index) => text.charCodeAt(index),
      atomicLoad(words, word) {
        const found = Atomics.load(words, word);
        const written = Atomics.load(words, WRITTEN);
        if (word === READ && written - found === CAPACITY) Atomics.store(words, READ, written);
        return found;
      },
    },
  };
  installRing(parts);
  parts.ring.tell("console", "1");
  parts.ring.tell("console", "x".repeat(600000));
  return Atomics.load(new Int32Array(parts.ring.memory, 0, 16), DROPPED);
})
