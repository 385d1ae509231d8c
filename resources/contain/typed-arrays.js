// Typed arrays, written to, so that the memory is really there.
const kept = [];
for (;;) kept.push(new Uint8Array(1e6).fill(1));
