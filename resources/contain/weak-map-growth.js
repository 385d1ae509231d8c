// A WeakMap whose keys stay alive: its table and values grow.
globalThis.keys = [];
const weak = new WeakMap();
for (;;) {
  const key = {};
  keys.push(key);
  weak.set(key, new Array(50).fill(key));
}
