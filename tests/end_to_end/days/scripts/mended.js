// The same handler: it keeps the newest hundred.
const kept = [];
function handler(request) {
  const answer = { path: request.path, body: "x".repeat(2_000) + request.id };
  kept.push(answer);
  if (kept.length > 100) kept.shift();
  return answer;
}
for (let id = 0; id < 2_000; id++) handler({ path: "/items", id });
console.log(`kept ${kept.length} answers`);
