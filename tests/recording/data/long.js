// One of the isolates of tests.recording.long: a burst of work some times a second, a growing cache that is emptied.
const cache = new Map();
let served = 0;

function work(count) {
  let sum = 0;
  for (let i = 0; i < count; i++) sum = (sum * 31 + i) % 1000003;
  return sum;
}

function answer(number) {
  cache.set(number, { number, body: "x".repeat(200), parts: Array.from({ length: 50 }, (_, i) => ({ i })) });
  if (cache.size > 2000) cache.clear();
  return work(20_000);
}

function serve() {
  for (let i = 0; i < 3; i++) answer(++served);
  if (served % 30 === 0) console.log("served", served, "cached", cache.size);
  if (served % 300 === 0) performance.mark(`${served} served`);
  setTimeout(serve, 300);
}
serve();
