// A neighbour: it does a little work ten times a second and says when a tick came late.
let expected = Date.now() + 100;
let ticks = 0;
setInterval(() => {
  const late = Date.now() - expected;
  expected = Date.now() + 100;
  ticks += 1;
  if (late > 50) console.warn(`tick ${ticks} came ${late} ms late`);
  if (ticks % 50 === 0) console.log(`${ticks} ticks, none of them disturbed by the other isolate`);
}, 100);
console.info("Ticking every 100 ms.");
