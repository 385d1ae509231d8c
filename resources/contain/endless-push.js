// An array that grows by one small object at a time.
const kept = [];
for (;;) kept.push({});
