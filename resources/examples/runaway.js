// A runaway: it never returns to its event loop. Its neighbour ticks on; "Stop" ends this run and nothing else.
console.warn("Looping without end. Stop me, collect garbage, or watch the heap: all of it works while I run.");
let rounds = 0;
for (;;) {
  rounds += [1, 2, 3].map((x) => x * x).length;
}
