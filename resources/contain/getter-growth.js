// Growth inside a getter, reached through JSON.stringify.
const kept = [];
const trap = {
  get value() {
    for (;;) kept.push(new Array(1000).fill(0));
  },
};
JSON.stringify(trap);
