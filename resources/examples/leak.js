// A leak: a cache that only ever grows. Watch "Growth" and the heap graph; "Collect garbage" gives nothing back.
const cache = new Map();
let served = 0;

function handle(request) {
  const answer = { request, body: "x".repeat(64) + request, headers: new Array(16).fill(request) };
  cache.set(request, answer); // nothing ever deletes it
  return answer;
}

setInterval(() => {
  for (let i = 0; i < 400; i++) handle(served++);
  if (served % 8000 === 0) console.log(`served ${served} requests, the cache holds ${cache.size}`);
}, 50);
console.info("Serving 8,000 requests a second, and keeping every answer.");
