// Microtasks without end: the script has returned, its promises never stop.
function again() {
  return Promise.resolve().then(again);
}
again();
