// A script of a known shape: two functions that burn 1 to 3 parts of CPU time, ROUNDS times KEPT objects that stay,
// LINES console lines, an error.
const ROUNDS = 5;
const KEPT = 50_000;
const LINES = 10;

function burn(work) {
  let sum = 0;
  for (let i = 0; i < work; i++) sum = (sum * 31 + i) % 1000003;
  return sum;
}

function quarter(work) {
  return burn(work);
}

function threeQuarters(work) {
  return burn(3 * work);
}

const kept = [];
function keep() {
  for (let i = 0; i < KEPT; i++) kept.push({ a: i, b: i + 1 });
}

let result = 0;
for (let round = 0; round < ROUNDS; round++) {
  result += quarter(8_000_000) + threeQuarters(8_000_000);
  keep();
}
for (let line = 0; line < LINES; line++) console.log("line %d", line, { line });
console.error(new Error("told"));
setTimeout(() => console.warn("late"), 5);
result;
