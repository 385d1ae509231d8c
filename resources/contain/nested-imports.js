// import() that calls itself without end.
function again(n) {
  return import("./missing-" + n + ".mjs").then(
    () => again(n + 1),
    () => again(n + 1),
  );
}
again(0);
