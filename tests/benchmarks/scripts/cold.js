// A small program that completes: some functions, some objects, one line.
const words = Array.from({ length: 2000 }, (_, index) => `word ${index % 97}`);
const counts = new Map();
for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
const sorted = [...counts].sort(([, one], [, other]) => other - one);
console.log(sorted.length, sorted[0]);
