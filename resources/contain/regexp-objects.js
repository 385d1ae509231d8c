// Regular expressions, each compiled.
const kept = [];
for (let i = 0; ; i++) {
  const pattern = new RegExp("(a|b" + i + ")*c{1,50}" + i);
  pattern.test("aaab");
  kept.push(pattern);
}
