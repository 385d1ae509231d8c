// Errors, each with its stack.
const kept = [];
for (;;) {
  try {
    null.x;
  } catch (error) {
    kept.push(error);
  }
}
