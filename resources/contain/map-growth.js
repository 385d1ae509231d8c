// A Map that grows: each rehash doubles its table.
const kept = new Map();
for (let i = 0; ; i++) kept.set(i, { i });
