console.log('front end sees this', { hello: 'DevTools' });
globalThis.ticks = 0;

function tick() {
  globalThis.ticks += 1;
  return ticks;
}

setInterval(tick, 100);
