// A handler, as a server would call it: Repeat calls it at a rate, by several callers, and draws how long they wait. Change
// the rate, or delete the line that forgets, and repeat: the growth per call tells the leak.
const recent = new Map();
let served = 0;

export async function handler({ user, items }) {
  const key = `${user}/${served++}`;
  const priced = Array.from({ length: items }, (_, i) => ({ sku: i, price: ((i * 7919) % 1000) / 100 }));
  recent.set(key, priced);
  if (recent.size > 100) recent.delete(recent.keys().next().value); // forgets the oldest
  await null; // a real one waits for a database here
  return { key, total: priced.reduce((sum, one) => sum + one.price, 0) };
}
