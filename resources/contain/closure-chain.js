// Closures, each keeping the one before.
let last = null;
for (;;) {
  const before = last;
  last = () => before;
}
