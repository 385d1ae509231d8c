// An async generator that yields growing memory to a consumer that keeps it.
async function* produce() {
  for (;;) yield new Array(1000).fill(0);
}
(async () => {
  const kept = [];
  for await (const chunk of produce()) kept.push(chunk);
})();
