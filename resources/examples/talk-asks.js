// First of two isolates that talk: it asks the other one five times a second, through a port that the window opened. What
// it sends is copied: two heaps share nothing. The messages have their own table (View > Messages).
const sent = new Map();
let asked = 0;

port.onmessage = ({ data }) => {
  const took = performance.now() - sent.get(data.id);
  sent.delete(data.id);
  if (data.id % 10 === 1) console.log(`answer ${data.id}: ${data.words} words, there and back in ${took.toFixed(1)} ms`);
};

setInterval(() => {
  const id = ++asked;
  sent.set(id, performance.now());
  port.postMessage({ id, text: "the quick brown fox ".repeat(1 + (id % 50)), tags: new Set(["fox", id]) });
}, 200);
console.info("Asking the other isolate.");
