// What the picture of a recording shows: requests that parse, search and render, with marks, timers and a growing cache.
const words = "isolate context script heap stack frame sample pause event mark".split(" ");
const cache = new Map();

function tokenize(text) {
  return text.split(" ").map((word, at) => ({ word, at, hash: hash(word) }));
}

function hash(word) {
  let value = 5381;
  for (let round = 0; round < 6; round++) for (let i = 0; i < word.length; i++) value = (value * 33) ^ word.charCodeAt(i);
  return value >>> 0;
}

function search(tokens, wanted) {
  return tokens.filter((one) => one.hash % 7 === wanted % 7).sort((a, b) => a.hash - b.hash);
}

function render(found) {
  return JSON.stringify(found.map((one) => ({ ...one, html: `<b>${one.word}</b>` })));
}

function request(number) {
  const text = Array.from({ length: 1200 }, (_, i) => words[(i * number) % words.length]).join(" ");
  const page = render(search(tokenize(text), number));
  cache.set(number, page);
  return page.length;
}

let served = 0;
function serve(left) {
  for (let i = 0; i < 6; i++) request(++served + i);
  if (served % 24 === 0) performance.mark(`${served} requests`);
  if (served % 30 === 0) console.log("served", served, "pages in the cache:", cache.size);
  if (left > 0) setTimeout(serve, 6, left - 1);
}
serve(40);
