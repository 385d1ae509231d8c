// The spread of a huge string: an array of its characters.
const text = "ab".repeat(1e8);
const kept = [];
for (;;) kept.push([...text]);
