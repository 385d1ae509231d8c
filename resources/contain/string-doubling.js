// Strings that double, then are flattened by a regular expression.
const kept = [];
for (;;) {
  let text = "ab";
  while (text.length < 2 ** 28) text += text;
  text += kept.length;
  /x$/.test(text);
  kept.push(text);
}
