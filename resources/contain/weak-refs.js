// Weak references to garbage: kept alive until the job ends.
const kept = [];
for (;;) kept.push(new WeakRef({ payload: new Array(100) }));
