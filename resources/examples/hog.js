// A CPU hog: more and more of each 100 ms goes into sieving primes, until nothing is left; then it starts over. Its heap stays
// small: look at "CPU" in the facts, record it (Ctrl+E) for a flame chart, or set a CPU limit in Repeat.
function sieve(limit) {
  const crossed = new Uint8Array(limit + 1);
  for (let i = 2; i * i <= limit; i++) if (!crossed[i]) for (let j = i * i; j <= limit; j += i) crossed[j] = 1;
  return limit - 1 - crossed.subarray(2).reduce((sum, one) => sum + one, 0);
}

let share = 10;
let found = 0;

function work() {
  const until = Date.now() + share;
  while (Date.now() < until) found += sieve(20_000);
  share = share >= 100 ? 10 : share + 1;
  if (share % 30 === 10) console.log(`${share} ms of each 100 ms are work, ${found} primes so far`);
}

setInterval(work, 100);
console.info("Working harder and harder: the processor pays, the heap does not.");
