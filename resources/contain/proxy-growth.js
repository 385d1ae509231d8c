// Growth inside a proxy trap, reached through Object.keys.
const kept = [];
const trap = new Proxy(
  {},
  {
    ownKeys() {
      for (;;) kept.push(new Array(1000).fill(0));
    },
  },
);
Object.keys(trap);
