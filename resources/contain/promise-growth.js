// Microtasks without end that keep memory.
const kept = [];
function again() {
  kept.push(new Array(100).fill(0));
  Promise.resolve().then(again);
}
again();
