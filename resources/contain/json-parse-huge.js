// JSON.parse of a text of many million objects.
const text = "[" + "{\"a\":[1,2,3]},".repeat(4e6) + "0]";
const kept = [];
for (;;) kept.push(JSON.parse(text));
