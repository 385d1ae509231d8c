// A BigInt squared again and again.
let big = 1n << 1000000n;
const kept = [];
for (;;) {
  big *= big;
  kept.push(big);
}
