// The largest fast array that V8 has, filled.
const kept = [];
for (;;) kept.push(Array(2 ** 27).fill());
