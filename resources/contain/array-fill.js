// Arrays of a hundred million zeros: one allocation passes the limit many times over.
const kept = [];
for (;;) kept.push(new Array(1e8).fill(0));
