// Recursion without end, retried without end: the stack limit throws, the script goes on.
function deeper(n) {
  return deeper(n + 1) + 1;
}
for (;;) {
  try {
    deeper(0);
  } catch {
    continue;
  }
}
